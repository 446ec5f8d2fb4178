import type { z } from "zod";
import { AppError } from "#app/errors.ts";
import { readBody } from "#app/middleware/read-body.server.ts";

/** A record is a few KB; nobody sends more by accident. */
const LARGEST_RECORD = 64 * 1024;

/**
 * Reads a record that was sent as JSON.
 *
 * @returns the record as the schema reads it, and the body as it came, for the Idempotency-Key
 * @throws AppError 413 `RECORD_TOO_LARGE`, 400 `MALFORMED_JSON`, 422 `INVALID_RECORD` whose `details.problems` name each field
 */
export async function readJson<Schema extends z.ZodObject>(
  schema: Schema,
  request: Request,
): Promise<{ record: z.output<Schema>; body: object }> {
  const bytes = await readBody(
    request,
    LARGEST_RECORD,
    () => new AppError("RECORD_TOO_LARGE", 413, "The record holds more than 64 KiB, so it was not read."),
  );
  const body = parse(bytes);
  const result = schema.safeParse(body);
  if (result.success) return { record: result.data, body };
  const problems = result.error.issues.map((issue) => ({
    field: issue.path.join("."),
    message: issue.message,
  }));
  const named = problems.slice(0, 3).map(({ field, message }) => `${field} ${message}`);
  throw new AppError(
    "INVALID_RECORD",
    422,
    `The record cannot be used: ${named.join("; ")}. Correct it and send it again.`,
    { problems },
  );
}

function parse(bytes: Uint8Array): object {
  try {
    const body: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Said below, as for what is JSON and no record.
  }
  throw new AppError(
    "MALFORMED_JSON",
    400,
    'The body is not a JSON object. Send a record as {"title": …} in UTF-8.',
  );
}
