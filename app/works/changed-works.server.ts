import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/**
 * When these works changed last, for the pages that show them: one look-up by key each, so that no index on the time of the
 * change has to be kept through an import. By `work:12`, as live topics name them.
 *
 * @param workIds of pages that are open
 */
export async function readChangedWorks(
  db: Kysely<Database>,
  workIds: string[],
): Promise<{ topic: `work:${string}`; version: string; ageMs: number }[]> {
  if (workIds.length === 0) return [];
  const { rows } = await sql<{ topic: `work:${string}`; version: string; ageMs: number }>`
    select 'work:' || work_id as topic,
      concat_ws(' ', works.updated_at, totals_checked_at, last_viewed_on, quote_fetches.updated_at) as version,
      (extract(epoch from clock_timestamp()
        - greatest(works.updated_at, totals_checked_at, quote_fetches.updated_at)) * 1000)::float8 as "ageMs"
    from works left join quote_fetches using (work_id) where work_id = any(${sql.val(workIds)}::bigint[])`.execute(
    db,
  );
  return rows;
}
