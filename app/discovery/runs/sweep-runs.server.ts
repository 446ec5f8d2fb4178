import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { endRun } from "#app/discovery/runs/runs.server.ts";
import { type Film, settleMembers } from "#app/discovery/runs/settle-members.server.ts";

/** A run that nothing has moved for so long is looked at. */
const STALLED_SECONDS = 60;
/** Members per sweep; the others come in the next ones. */
const MOST = 500;

/**
 * Ends what nobody will end any more: runs whose job was discarded before it had planned, and members whose job was. Runs every
 * 15 s on every worker; one of them does it.
 */
export async function sweepRuns(db: Kysely<Database>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('sweep ingestion runs')) as mine`.execute(trx);
    if (!rows[0]?.mine) return;
    await endAbandonedRuns(trx);
    for (const film of await abandonedMembers(trx))
      await settleMembers(trx, film, {
        status: "failed",
        reason: "JOB_GONE",
        message: "Its job was discarded before it ran. It comes back with the next run.",
      });
  });
}

async function endAbandonedRuns(trx: Kysely<Database>): Promise<void> {
  const abandoned = sql`
    select id from scheduled_ingestion_log as open
    where finished_at is null and planned_at is null and job_id is not null
      and updated_at < clock_timestamp() - ${STALLED_SECONDS} * interval '1 second'
      and not exists (
        select from graphile_worker.jobs as queued
        where queued.id = open.job_id and (queued.attempts < queued.max_attempts or queued.locked_at is not null))`;
  await endRun(trx, abandoned, {
    code: "JOB_GONE",
    message: "The run's job was discarded, or failed for good, before it had planned anything.",
  });
}

async function abandonedMembers(trx: Kysely<Database>): Promise<Film[]> {
  const { rows } = await sql<Film>`
    select member.media_type as "mediaType", member.tmdb_id as "tmdbId"
    from (
      select media_type, tmdb_id, work_id from ingestion_members
      join scheduled_ingestion_log as open on open.id = run_id
      where open.movies_not_attempted > 0 and ingestion_members.status = 'pending'
        and open.updated_at < clock_timestamp() - ${STALLED_SECONDS} * interval '1 second'
      order by run_id, position limit ${MOST}
    ) as member
    where not exists (
      select from graphile_worker.jobs as queued
      where queued.key = case when member.work_id is null then 'ingest_movie:' || member.tmdb_id
          else 'refresh_work:' || member.work_id end
        and (queued.attempts < queued.max_attempts or queued.locked_at is not null))`.execute(trx);
  return rows;
}
