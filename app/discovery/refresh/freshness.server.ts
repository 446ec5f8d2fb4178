import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type FreshnessCell, LONGEST_WAIT, OLDEST } from "#app/discovery/refresh/simulate.ts";
import type { RefreshRules } from "#app/works/refresh-rules.ts";
import { AGE_TIERS, type AgeTier } from "#app/works/staleness.ts";

/** The UTC day that it is in the database. `now()`, since PostgreSQL looks nothing up in an index by `clock_timestamp()`. */
const today = sql`(now() at time zone 'utc')::date`;

/**
 * Works that the table of ages is about, by release day and day of the last refresh: what the simulator counts. One pass over
 * an index.
 *
 * @param oldest ages above this count as one: above the highest age that the simulated rules name, by LONGEST_WAIT at least
 */
export async function freshnessCells(
  db: Kysely<Database>,
  oldest: number = OLDEST,
): Promise<FreshnessCell[]> {
  const { rows } = await sql<FreshnessCell>`
    select least(${today} - release_date, ${oldest}::int) as "releasedDaysAgo",
      least(${today} - (last_refreshed_at at time zone 'utc')::date, ${LONGEST_WAIT}::int) as "refreshedDaysAgo",
      count(*)::int as works
    from works where tmdb_id is not null and last_refreshed_at is not null
    group by 1, 2`.execute(db);
  return rows;
}

/** How much of the catalogue is fresh, by age of the release. */
export interface Coverage {
  tier: AgeTier;
  works: number;
  due: number;
}

/** The tier of a work in SQL: for counting and filtering; when a work is due is never decided here. */
function tierClause(rules: RefreshRules) {
  const age = sql`${today} - release_date`;
  return sql<AgeTier>`case when release_date is null then 'undated'
    when ${age} < -${rules.newDays}::int then 'upcoming' when ${age} <= ${rules.newDays}::int then 'new'
    when ${age} <= ${rules.recentDays}::int then 'recent' when ${age} <= ${rules.settledDays}::int then 'settled'
    else 'older' end`;
}

/** Coverage by tier, in the order of AGE_TIERS; tiers without works have zeros. One pass over an index. */
export async function coverage(db: Kysely<Database>, rules: RefreshRules): Promise<Coverage[]> {
  const { rows } = await sql<Coverage>`
    select ${tierClause(rules)} as tier, count(*)::int as works,
      (count(*) filter (where due_at <= now()))::int as due
    from works where tmdb_id is not null group by 1`.execute(db);
  const byTier = new Map(rows.map((row) => [row.tier, row]));
  return AGE_TIERS.map((tier) => byTier.get(tier) ?? { tier, works: 0, due: 0 });
}

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
