import { isMoment, momentOf, spanMs } from "#app/queue/job-filter.ts";

const FURTHEST_MS = 366 * 86_400_000;

/**
 * Reads when a job is to run: a span from now (`30m`, `2h`, `1d`) or a moment in UTC (`2026-11-21T03:00`, `2026-11-21`).
 *
 * @returns null for anything else, and for more than a year ahead
 */
export function readRescheduleTime(
  text: string,
  now: number,
): { moment: string } | { delayMs: number } | null {
  const when = text.trim().replace(/^in /, "").replace(/\s/g, "");
  const delayMs = spanMs(when);
  if (delayMs > 0) return delayMs <= FURTHEST_MS ? { delayMs } : null;
  if (!isMoment(when)) return null;
  const moment = momentOf(when, "from");
  return Date.parse(moment) <= now + FURTHEST_MS ? { moment } : null;
}
