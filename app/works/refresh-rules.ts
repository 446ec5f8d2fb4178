import { z } from "zod";

const everyDays = z.coerce.number().int().min(1).max(365);
const ageInDays = z.coerce.number().int().min(1).max(3_650);

/**
 * How often works are refreshed, by the age of their release in days, and how much of TMDB's limit that may take.
 *
 * A work is `new` up to `newDays` after its release and as long before it, then `recent`, then `settled`, then `older`. One
 * whose release is further away is `upcoming`; without a release date it is `undated` and refreshed like an old one.
 */
export const refreshRules = z
  .object({
    newDays: ageInDays,
    newEvery: everyDays,
    recentDays: ageInDays,
    recentEvery: everyDays,
    settledDays: ageInDays,
    settledEvery: everyDays,
    olderEvery: everyDays,
    upcomingEvery: everyDays,
    /** Of the calls that TMDB's limit allows in a day, so many per cent are for the daily refresh. */
    dailyShare: z.coerce.number().min(0).max(100),
  })
  .refine((rules) => rules.newDays < rules.recentDays && rules.recentDays < rules.settledDays, {
    error: "Each age must be above the one before it.",
    path: ["settledDays"],
  });

export type RefreshRules = z.infer<typeof refreshRules>;

/**
 * Seed 002 §3. The seed has no rule for films that are not released: far ahead they change as seldom as recent ones. A tenth
 * of 40 requests in 10 s is 34,560 works a day, which keeps a million old ones fresh to the month.
 */
export const SEED_RULES: RefreshRules = {
  newDays: 30,
  newEvery: 2,
  recentDays: 180,
  recentEvery: 7,
  settledDays: 365,
  settledEvery: 14,
  olderEvery: 30,
  upcomingEvery: 7,
  dailyShare: 10,
};

/** What is stored, or the seed's rules where nothing is or an older version left something else. */
export function readRules(stored: unknown): RefreshRules {
  const parsed = refreshRules.safeParse(stored);
  return parsed.success ? parsed.data : SEED_RULES;
}
