import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import {
  type Coverage,
  coverageOf,
  type FreshnessCell,
  LONGEST_WAIT,
  OLDEST,
} from "#app/discovery/refresh/simulate.ts";
import type { RefreshRules } from "#app/works/refresh-rules.ts";
import type { AgeTier } from "#app/works/staleness.ts";

/** The UTC day that it is in the database. `now()`, since PostgreSQL looks nothing up in an index by `clock_timestamp()`. */
const today = sql`(now() at time zone 'utc')::date`;

/**
 * Works that TMDB knows, by release day and day of the last refresh: what the simulator and the coverage by age count.
 *
 * Reads all works once (1,000,000: some seconds on a busy machine), so share it between viewers and keep it for minutes.
 *
 * @param oldest ages above this count as one: above the highest age that rules name, by LONGEST_WAIT at least
 */
export async function freshnessCells(
  db: Kysely<Database>,
  oldest: number = OLDEST,
): Promise<FreshnessCell[]> {
  const { rows } = await sql<FreshnessCell>`
    -- PostgreSQL's least() passes over what is null.
    select case when release_date is not null then least(${today} - release_date, ${oldest}::int) end as "releasedDaysAgo",
      case when last_refreshed_at is not null
        then least(${today} - (last_refreshed_at at time zone 'utc')::date, ${LONGEST_WAIT}::int) end as "refreshedDaysAgo",
      count(*)::int as works, (count(*) filter (where due_at <= now()))::int as due
    from works where tmdb_id is not null
    group by 1, 2`.execute(db);
  return rows;
}

/** How much of the catalogue is fresh, by age of the release. Costs what `freshnessCells` costs. */
export async function coverage(db: Kysely<Database>, rules: RefreshRules): Promise<Coverage[]> {
  return coverageOf(await freshnessCells(db, rules.settledDays + LONGEST_WAIT), rules);
}

export type { Coverage };

/** Release dates of a tier as a range of days; null for what has none or is open to the past. */
export function tierRange(tier: AgeTier, rules: RefreshRules) {
  const between = (from: number, to: number) =>
    sql<boolean>`release_date between ${today} - ${from}::int and ${today} - ${to}::int`;
  switch (tier) {
    case "upcoming":
      return sql<boolean>`release_date > ${today} + ${rules.newDays}::int`;
    case "new":
      return between(rules.newDays, -rules.newDays);
    case "recent":
      return between(rules.recentDays, rules.newDays + 1);
    case "settled":
      return between(rules.settledDays, rules.recentDays + 1);
    case "older":
      return sql<boolean>`release_date < ${today} - ${rules.settledDays}::int`;
    case "undated":
      return sql<boolean>`release_date is null`;
  }
}
