import type { z } from "zod";
import { AppError } from "#app/errors.ts";

/**
 * Parses what a caller sent, a query string or form fields.
 *
 * @param where as it is called in the sentence: "query" or "form"
 * @throws AppError 400 `INVALID_INPUT`; `details.problems` names each field
 */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: Record<string, string> | URLSearchParams,
  where: "query" | "form",
): z.output<Schema> {
  const values = input instanceof URLSearchParams ? fromQuery(input) : input;
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ field: key.slice(0, 100), message: "is not a field of this request" }))
      : [{ field: issue.path.join("."), message: issue.message }],
  );
  throw new AppError(
    "INVALID_INPUT",
    400,
    `The ${where} cannot be used: ${problems
      .slice(0, 3)
      .map(({ field, message }) => `${field} ${message}`)
      .join("; ")}. Correct it and send the request again.`,
    { problems },
  );
}

/** An empty value means the same as none: forms and scripts send both. */
function fromQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([, value]) => value !== ""));
}
