import { AppError } from "#app/errors.ts";

/** The part of pino's logger that is needed here. */
export interface FailureLog {
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * Logs an error that a loader, an action or a render threw. Messages of most errors quote their input (a title, a
 * name, an address), so only those of the engine's own mistakes are kept; the stack's frames tell the place.
 *
 * @param request only its method and path are logged, never the query, which may hold what somebody searched for
 */
export function logRequestFailure(error: unknown, request: Request, log: FailureLog): void {
  // The browser went away: nobody waits for an answer, and nothing is wrong.
  if (request.signal.aborted) return;
  const where = { method: request.method, path: new URL(request.url).pathname };
  if (error instanceof AppError) {
    if (error.status >= 500)
      log.warn({ ...where, code: error.code, status: error.status }, "request refused");
    return;
  }
  log.error({ ...where, ...failureFields(error) }, "request failed");
}

/** Messages of these name properties and functions of our own code, not data. */
const SPEAKS_OF_CODE = new Set(["TypeError", "ReferenceError", "RangeError"]);

/**
 * What of an unexpected error may stand in a log: its class, its code, its frames, and its message where that speaks of code alone.
 */
export function failureFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const message = SPEAKS_OF_CODE.has(error.name) ? { reason: error.message } : {};
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { error: error.name, ...code, ...message, at: frames.slice(0, 12).map((line) => line.trim()) };
}
