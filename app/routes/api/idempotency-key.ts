import { AppError } from "#app/errors.ts";

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
