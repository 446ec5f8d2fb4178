import type { RefreshRules } from "#app/works/refresh-rules.ts";
import { AGE_TIERS, type AgeTier, staleDay, tierOn } from "#app/works/staleness.ts";

/** Works of one release day, refreshed last on one day; both as days before today (a release to come is negative). */
export interface FreshnessCell {
  /** null: no release date. */
  releasedDaysAgo: number | null;
  /** null: never. */
  refreshedDaysAgo: number | null;
  works: number;
  /** Of these, the ones that are due, for whatever reason. */
  due: number;
}

/** Ages and waits above the longest that rules can name make no difference. */
export const OLDEST = 4_100;
export const LONGEST_WAIT = 366;

export interface Need {
  /** Works that are due by then: one call each. */
  calls: number;
  /** Of these, the ones that are due today already. */
  overdue: number;
  byTier: Record<AgeTier, number>;
}

/**
 * How many works these rules make due, by age alone, until the end of a day. Exact: the same function decides that writes the
 * due dates.
 *
 * @param inDays 0: today, 1: tomorrow
 */
export function needs(rules: RefreshRules, cells: readonly FreshnessCell[], inDays: number): Need {
  const byTier = Object.fromEntries(AGE_TIERS.map((tier) => [tier, 0])) as Record<AgeTier, number>;
  let overdue = 0;
  // Any day will do for today: only differences count.
  const today = 20_000;
  for (const { releasedDaysAgo, refreshedDaysAgo, works } of cells) {
    const releaseDay = releasedDaysAgo === null ? null : today - releasedDaysAgo;
    const due = refreshedDaysAgo === null ? today : staleDay(releaseDay, today - refreshedDaysAgo, rules);
    if (due > today + inDays) continue;
    byTier[tierOn(releaseDay, today + inDays, rules)] += works;
    if (due <= today) overdue += works;
  }
  return { calls: Object.values(byTier).reduce((sum, count) => sum + count, 0), overdue, byTier };
}

/** How much of the catalogue is fresh, by age of the release. */
export interface Coverage {
  tier: AgeTier;
  works: number;
  due: number;
}

/** Coverage by tier, in the order of AGE_TIERS; tiers without works have zeros. */
export function coverageOf(cells: readonly FreshnessCell[], rules: RefreshRules): Coverage[] {
  const byTier = new Map(AGE_TIERS.map((tier) => [tier, { tier, works: 0, due: 0 }]));
  for (const cell of cells) {
    const sum = byTier.get(tierOn(cell.releasedDaysAgo === null ? null : -cell.releasedDaysAgo, 0, rules));
    if (!sum) continue;
    sum.works += cell.works;
    sum.due += cell.due;
  }
  return [...byTier.values()];
}
