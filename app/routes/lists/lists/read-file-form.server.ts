import { AppError } from "#app/errors.ts";
import { readBody } from "#app/middleware/read-body.server.ts";
import { MAX_SAVED_BYTES } from "#app/upstreams/imdb/saved-page.ts";

/** What stands around a file in a form. */
const FORM_BYTES = 64 * 1024;

/** Whether a request brings a file. */
export const bringsFile = (request: Request): boolean =>
  request.headers.get("content-type")?.startsWith("multipart/form-data") ?? false;

/**
 * Reads the one file of a form.
 *
 * @throws AppError 413 `PAGE_TOO_LARGE`, 400 `FORM_UNREADABLE`, 422 `FILE_MISSING`
 */
export async function readFileForm(request: Request): Promise<{ name: string; bytes: Uint8Array }> {
  const body = await readBody(
    request,
    MAX_SAVED_BYTES + FORM_BYTES,
    () =>
      new AppError(
        "PAGE_TOO_LARGE",
        413,
        "The file holds more than 10 MiB, so it was not read. Save the page as HTML alone.",
      ),
  );
  const form = await new Response(body, {
    headers: { "content-type": request.headers.get("content-type") ?? "" },
  })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError(
        "FORM_UNREADABLE",
        400,
        "The form could not be read. Reload the page and send it again.",
        undefined,
        {
          cause,
        },
      );
    });
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0)
    throw new AppError(
      "FILE_MISSING",
      422,
      "No file was chosen, or it is empty. Choose the saved page and send it again.",
      {
        field: "file",
      },
    );
  return { name: file.name, bytes: await file.bytes() };
}
