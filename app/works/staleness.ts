import type { RefreshRules } from "#app/works/refresh-rules.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";

/** By the age of the release; see `refreshRules`. */
export const AGE_TIERS = ["upcoming", "new", "recent", "settled", "older", "undated"] as const;
export type AgeTier = (typeof AGE_TIERS)[number];

/**
 * Why a work is due when it is.
 *
 * - `details_missing`: only its title is known so far
 * - `schema_behind`: stored by an older version that kept less
 * - `changed`: TMDB's change feed named it after its last refresh
 * - `age`: its tier's turn
 * - `failed`: the last refresh failed, and waits longer each time
 * - `lost`, `no_tmdb_id`: never by itself; TMDB has given its id up, or it has none
 */
export const DUE_REASONS = [
  "details_missing",
  "schema_behind",
  "changed",
  "age",
  "failed",
  "lost",
  "no_tmdb_id",
] as const;
export type DueReason = (typeof DUE_REASONS)[number];

export type RefreshResult = "stored" | "missing" | "merged" | "failed";

/** What decides when a work is due. */
export interface DueFacts {
  tmdbId: number | null;
  /** `YYYY-MM-DD` */
  releaseDate: string | null;
  createdAt: Date;
  lastRefreshedAt: Date | null;
  /** Of the details stored; null without any. */
  schemaVersion: number | null;
  /** End of the last window of the change feed that named it. */
  changedAt: Date | null;
  attemptedAt: Date | null;
  lastResult: RefreshResult | null;
  /** Failed refreshes in a row. */
  failures: number;
}

export interface Due {
  /** null: never by itself. */
  dueAt: Date | null;
  reason: DueReason;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MAX_BACKOFF_MS = 7 * DAY_MS;

/** Number of the UTC day that a moment lies in, counted from 1970. */
export const dayNumber = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** The same for a day without a time, `YYYY-MM-DD`. */
export const dayNumberOf = (day: string): number => Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/**
 * The tier of a work on a day.
 *
 * @param releaseDay number of the day, null when unknown
 */
export function tierOn(releaseDay: number | null, day: number, rules: RefreshRules): AgeTier {
  if (releaseDay === null) return "undated";
  const age = day - releaseDay;
  if (age < -rules.newDays) return "upcoming";
  if (age <= rules.newDays) return "new";
  if (age <= rules.recentDays) return "recent";
  return age <= rules.settledDays ? "settled" : "older";
}

/** Days between two refreshes of a work of this tier. */
export function everyDays(tier: AgeTier, rules: RefreshRules): number {
  switch (tier) {
    case "upcoming":
      return rules.upcomingEvery;
    case "new":
      return rules.newEvery;
    case "recent":
      return rules.recentEvery;
    case "settled":
      return rules.settledEvery;
    case "older":
    case "undated":
      return rules.olderEvery;
  }
}

/**
 * The first day on which a work that was refreshed on `refreshedDay` is stale by the table: so many days after it as the tier
 * of that very day asks for. Due once, it stays due, also when it grows into a tier that is asked less often.
 */
export function staleDay(releaseDay: number | null, refreshedDay: number, rules: RefreshRules): number {
  for (let day = refreshedDay + 1; ; day += 1)
    if (day - refreshedDay >= everyDays(tierOn(releaseDay, day, rules), rules)) return day;
}

/** 1 h after the first failure in a row, doubled with each, 7 days at most. */
export function backoffMs(failures: number): number {
  return Math.min(HOUR_MS * 2 ** Math.max(0, failures - 1), MAX_BACKOFF_MS);
}

/**
 * When a work is due for refresh, and why (T-04). Pure: stored with every write of the work, and nowhere computed otherwise.
 *
 * Days are UTC days and begin at midnight, so that a run at 03:00 finds what it refreshed at 03:05 two days ago.
 */
export function dueOf(facts: DueFacts, rules: RefreshRules): Due {
  if (facts.tmdbId === null) return { dueAt: null, reason: "no_tmdb_id" };
  if (facts.lastResult === "missing" || facts.lastResult === "merged") return { dueAt: null, reason: "lost" };
  if (facts.failures > 0 && facts.attemptedAt)
    return {
      dueAt: new Date(facts.attemptedAt.getTime() + backoffMs(facts.failures)),
      reason: "failed",
    };
  const { lastRefreshedAt, schemaVersion, changedAt } = facts;
  if (lastRefreshedAt === null || schemaVersion === null)
    return { dueAt: facts.createdAt, reason: "details_missing" };
  // Due since then: whatever was refreshed longest ago comes first.
  if (schemaVersion < SCHEMA_VERSION) return { dueAt: lastRefreshedAt, reason: "schema_behind" };
  const releaseDay = facts.releaseDate === null ? null : dayNumberOf(facts.releaseDate);
  const byAge = new Date(staleDay(releaseDay, dayNumber(lastRefreshedAt), rules) * DAY_MS);
  if (changedAt !== null && changedAt > lastRefreshedAt)
    return { dueAt: changedAt < byAge ? changedAt : byAge, reason: "changed" };
  return { dueAt: byAge, reason: "age" };
}
