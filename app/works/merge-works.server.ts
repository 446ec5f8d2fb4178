import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { moveQuotes } from "#app/works/move-quotes.server.ts";
import { moveRatings } from "#app/works/ratings.server.ts";

/**
 * Moves everything that hangs on one work to another and removes it: a series that was kept under its own name turned out to
 * be one that stands already. What both have stays once.
 */
export async function mergeWorks(trx: Kysely<Database>, fromId: string, intoId: string): Promise<void> {
  await sql`select from works where work_id in (${fromId}::bigint, ${intoId}::bigint) order by work_id for update`.execute(
    trx,
  );
  await sql`
    delete from viewings as twin using viewings as kept
    where twin.work_id = ${fromId}::bigint and kept.work_id = ${intoId}::bigint
      and twin.season_number is not distinct from kept.season_number and twin.episode_key is not distinct from kept.episode_key
      and twin.viewed_on is not distinct from kept.viewed_on and twin.occurrence = kept.occurrence`.execute(
    trx,
  );
  await sql`update viewings set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint`.execute(trx);
  await sql`
    update wishes set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint
      and not exists (select from wishes where work_id = ${intoId}::bigint)`.execute(trx);
  await sql`
    update own_ratings as moved set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint
      and not exists (
        select from own_ratings as kept where kept.work_id = ${intoId}::bigint
          and kept.season_number is not distinct from moved.season_number
          and kept.episode_number is not distinct from moved.episode_number)`.execute(trx);
  await sql`
    update import_rows set work_id = ${intoId}::bigint,
      target_record_id = case when target_record_id = ${fromId} then ${intoId} else target_record_id end
    where work_id = ${fromId}::bigint`.execute(trx);
  await sql`update work_changes set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint`.execute(
    trx,
  );
  await sql`update backfill_rows set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint`.execute(
    trx,
  );
  for (const table of ["list_entries", "festival_nominations", "festival_nomination_titles"])
    await sql`update ${sql.table(table)} set work_id = ${intoId}::bigint where work_id = ${fromId}::bigint`.execute(
      trx,
    );
  await moveRatings(trx, fromId, intoId);
  await moveQuotes(trx, fromId, intoId);
  await sql`
    update works set last_viewed_on = (select max(viewed_on) from viewings where work_id = ${intoId}::bigint)
    where work_id = ${intoId}::bigint`.execute(trx);
  await sql`delete from works where work_id = ${fromId}::bigint`.execute(trx);
}
