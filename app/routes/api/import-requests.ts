import { z } from "zod";
import { AppError } from "#app/errors.ts";
import { sourceIds } from "#app/imports/sources/adapter.ts";
import { jobStatuses, rowStatuses } from "#app/imports/status.ts";

/** What the machine API takes about imports. */

const YES = ["true", "1", "on", "yes"];
const NO = ["false", "0", "off", "no"];

const flag = (fallback: boolean) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => value === "" || YES.includes(value) || NO.includes(value), "is not true or false")
    .transform((value) => (value === "" ? fallback : YES.includes(value)))
    .pipe(z.boolean())
    .prefault(String(fallback))
    .meta({ default: fallback });

const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `is not a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(
      z
        .int(`is not a whole number from ${min} to ${max}`)
        .min(min, `is less than ${min}`)
        .max(max, `is more than ${max}`),
    )
    .prefault(String(fallback))
    .meta({ default: fallback });

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `is none of ${values.join(", ")}` });

export const uploadFields = z.strictObject({
  source: oneOf([...sourceIds, "auto"])
    .prefault("auto")
    .meta({ default: "auto", description: "Where the file comes from; auto finds out by its header" }),
  dryRun: flag(false).describe("Do everything except writing, and say row by row what the real run would do"),
  skipDuplicates: flag(true).describe("Leave out rows that stand in the file or in the catalogue already"),
});

export const jobListQuery = z.object({
  status: oneOf(jobStatuses).optional().describe("Imports of this status alone"),
  limit: whole(1, 100, 20).describe("Imports on a page"),
  cursor: z.string().max(200, "is too long").optional().describe("nextCursor of the page before"),
});

export const rowsQuery = z.object({
  status: oneOf(rowStatuses).optional().describe("Rows of this status alone"),
  limit: whole(1, 500, 50).describe("Rows on a page"),
  offset: whole(0, 2_000_000_000, 0).describe("Rows to leave out at the beginning"),
});

/** @throws AppError 400 `UNKNOWN_SOURCE`, listing those that there are */
export function refuseUnknownSource(source: string | undefined): void {
  const known = [...sourceIds, "auto"];
  if (source === undefined || source === "" || known.includes(source)) return;
  throw new AppError(
    "UNKNOWN_SOURCE",
    400,
    `There is no source "${source.slice(0, 40)}". Use one of ${known.join(", ")}, or leave it out.`,
    { sources: known },
  );
}

/**
 * The `Idempotency-Key` of a request, or null without one.
 *
 * @throws AppError 400 `INVALID_IDEMPOTENCY_KEY`
 */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError(
    "INVALID_IDEMPOTENCY_KEY",
    400,
    "The Idempotency-Key needs 1 to 255 visible ASCII characters without spaces, for example a UUID.",
  );
}
