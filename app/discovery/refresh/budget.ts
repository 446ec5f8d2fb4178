const DAY_MS = 86_400_000;

/**
 * Calls that the daily refresh may make in a day.
 *
 * @param rate TMDB_RATE_LIMIT · @param sharePercent of what the limit allows in a day
 */
export function dailyCalls(rate: { requests: number; perMs: number }, sharePercent: number): number {
  return Math.floor(((DAY_MS / rate.perMs) * rate.requests * sharePercent) / 100);
}
