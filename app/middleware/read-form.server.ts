import { AppError } from "#app/errors.ts";
import { readBody } from "#app/middleware/read-body.server.ts";

/** Forms of fields, without files. Some of them are open to anybody, so none may fill the memory. */
const LARGEST_FORM = 64 * 1024;

/**
 * Reads a form of fields.
 *
 * @returns the form, and a request that holds the same body again for libraries that want to read it themselves
 * @throws AppError 413 `FORM_TOO_LARGE`, 400 `FORM_UNREADABLE`
 */
export async function readForm(request: Request): Promise<{ form: FormData; replay: Request }> {
  const body = await readBody(
    request,
    LARGEST_FORM,
    () => new AppError("FORM_TOO_LARGE", 413, "The form holds more than 64 KiB, so it was not read."),
  );
  const replay = new Request(request.url, { method: request.method, headers: request.headers, body });
  try {
    return { form: await replay.clone().formData(), replay };
  } catch (cause) {
    throw new AppError(
      "FORM_UNREADABLE",
      400,
      "The form could not be read. Reload the page and send it again.",
      undefined,
      { cause },
    );
  }
}

/** A text field of a form; empty when it is missing or a file. */
export function fieldOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
