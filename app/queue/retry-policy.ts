/** How often a job may fail before it is left to an operator (seed 000 §4). */
export const MAX_ATTEMPTS = 10;

/**
 * Shortest wait before a job comes again. graphile-worker still sends its own "fail" for an attempt that was put back, and
 * that must find the job unlocked: it is sent within a tick, so a quarter of a second is plenty.
 */
const MIN_DELAY_MS = 250;

/** Longest wait that an upstream's Retry-After may ask for. */
const MAX_DELAY_MS = 24 * 3_600_000;

/**
 * Wait before the next attempt: `RETRY_BASE_MS`, doubled each time (seed 000 §4: 4 s, 8 s, 16 s …).
 *
 * @param attempt the attempt that just failed, from 1
 * @param baseMs RETRY_BASE_MS
 * @param retryAfterMs what the upstream asked for, if it did: never come back earlier than that
 */
export function retryDelayMs(attempt: number, baseMs: number, retryAfterMs = 0): number {
  const backoff = baseMs * 2 ** (Math.max(1, attempt) - 1);
  return clampDelayMs(Math.max(backoff, retryAfterMs));
}

/** A wait within sane bounds, whatever an upstream claims. */
export function clampDelayMs(delayMs: number): number {
  if (!Number.isFinite(delayMs)) return MAX_DELAY_MS;
  return Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, Math.round(delayMs)));
}
