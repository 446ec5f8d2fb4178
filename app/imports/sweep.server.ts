import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { takeBackLostClaims } from "#app/imports/rows.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";

/** A running import that nothing has moved for so long is looked at. */
const STALLED_SECONDS = 60;

/**
 * Takes back what dead workers had in hand and sends those imports round again, and finds imports that stand still with rows
 * to do and nothing in the queue to do them. Runs every 15 s on every worker; safe at once on several.
 */
export async function sweepImports(db: Kysely<Database>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const jobId of await takeBackLostClaims(trx)) {
      await addEvent(
        trx,
        jobId,
        "claims_taken_back",
        "A worker was lost; its rows go to another.",
        {},
        "warn",
      );
      await enqueue(trx, "process_import", { importJobId: jobId });
    }
  });
  for (const jobId of await findStalledJobs(db)) await enqueue(db, "process_import", { importJobId: jobId });
}

/**
 * Jobs that are to run, stand still, and have no queue job waiting or running for them. What a worker holds that nobody has
 * heard of runs nowhere: its lock outlives it by hours.
 */
async function findStalledJobs(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select jobs.id from import_jobs as jobs
    where jobs.status in ('queued', 'processing')
      and jobs.updated_at < clock_timestamp() - ${STALLED_SECONDS} * interval '1 second'
      and not exists (
        select from graphile_worker.jobs as queued
        -- Not by "<" and ">": what lies between two keys depends on the database's language.
        where (queued.key = 'process_import:' || jobs.id or starts_with(queued.key, 'process_import_rows:' || jobs.id || ':'))
          and case when queued.locked_at is null then queued.attempts < queued.max_attempts
            -- A runner that has just started is entered with the next heartbeat.
            else queued.locked_at > clock_timestamp() - ${STALLED_SECONDS} * interval '1 second' or queued.locked_by in (
              select unnest(pool_ids) from workers where stopped_at is null and declared_dead_at is null) end)
    order by jobs.updated_at
    limit 20`.execute(db);
  return rows.map((row) => row.id);
}
