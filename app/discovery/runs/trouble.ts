import { Permanent, RetryLater } from "#app/errors.ts";

/** Above this a wait is no matter of the budget's next slots: something is paused, and its end is not known. */
const LONG_MS = 30_000;

/** Whether a job waits for something of which nobody knows when it ends: a refused key, a service that is off. */
export function isLongWait(error: unknown): error is RetryLater {
  return error instanceof RetryLater && (error.name === "UpstreamPaused" || error.delayMs > LONG_MS);
}

/** Whether no attempt follows the one that failed with this. */
export function isFinal(
  error: unknown,
  attempt: { isLastAttempt: boolean; signal?: AbortSignal | undefined },
): boolean {
  if (error instanceof RetryLater || attempt.signal?.aborted) return false;
  return attempt.isLastAttempt || error instanceof Permanent;
}
