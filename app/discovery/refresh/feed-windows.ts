/** Days of the change feed that are read in one go, both included, as `YYYY-MM-DD`. */
export interface FeedWindow {
  from: string;
  to: string;
  /** The day is not over: it is read again tomorrow, whole. */
  isPartial: boolean;
}

export interface FeedPlan {
  /** Days that TMDB does not give out any more. */
  gap: { from: string; to: string } | null;
  windows: FeedWindow[];
}

const DAY_MS = 86_400_000;

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

const laterOf = (...days: string[]): string => days.toSorted().at(-1) ?? "";

/**
 * What is to be read of the feed: the days since the cursor that are over, in windows of at most so many days, then today so
 * far. What lies further back than one window is a gap.
 *
 * @param cursor the first day that was not read to its end; null: nothing was ever read
 * @param oldestRefresh day of the oldest details in the catalogue: nothing is missed before it
 * @param today UTC
 * @param windowDays TMDB's limit: 14
 */
export function feedPlan(
  cursor: string | null,
  oldestRefresh: string,
  today: string,
  windowDays: number,
): FeedPlan {
  const reachable = addDays(today, -windowDays);
  const wanted = cursor ?? laterOf(oldestRefresh, reachable);
  const from = laterOf(wanted, reachable);
  const windows: FeedWindow[] = [];
  for (let start = from; start < today; start = addDays(start, windowDays)) {
    const last = addDays(start, windowDays - 1);
    windows.push({ from: start, to: last < today ? last : addDays(today, -1), isPartial: false });
  }
  windows.push({ from: today, to: today, isPartial: true });
  const gap = wanted < reachable ? { from: wanted, to: addDays(reachable, -1) } : null;
  return { gap, windows };
}

/** A window with more pages than TMDB gives out is read in two halves; a single day cannot be halved. */
export function halve(window: FeedWindow): [FeedWindow, FeedWindow] | null {
  const days = Math.round((Date.parse(window.to) - Date.parse(window.from)) / DAY_MS) + 1;
  if (days < 2) return null;
  const middle = addDays(window.from, Math.floor(days / 2) - 1);
  return [
    { ...window, to: middle },
    { ...window, from: addDays(middle, 1) },
  ];
}
