import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { DrillDesk } from "#tests/drills/drill-desk.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";

const TODAY = sql`(clock_timestamp() at time zone 'utc')::date`;

/** Works of the sandbox's synthetic films, refreshed 31 days ago: all due. */
export async function addDueWorks(db: Db, count: number): Promise<void> {
  await sql`
    with film as (
      insert into works (media_type, tmdb_id, title, title_key, release_date, last_refreshed_at, last_refresh_result,
        ingestion_status)
      select 'movie', 10000000 + n, 'Stale film ' || n, 'stale film ' || n, '1999-03-31', clock_timestamp() - interval '31 days',
        'stored', 'complete'
      from generate_series(0, ${count - 1}::int) as n returning work_id
    )
    insert into works_meta (work_id, schema_version) select work_id, 4 from film`.execute(db);
  // The feed has been read up to today: a drill is about the films.
  await sql`
    insert into sync_state (sync_type, last_sync_cursor) values ('daily_refresh', ${TODAY}::text)
    on conflict (sync_type) do update set last_sync_cursor = excluded.last_sync_cursor`.execute(db);
}

/** Waits until so many members of the last run have their outcome. */
export function settled(db: Db, members: number, timeoutMs: number) {
  return pollUntil(
    `${members} members have their outcome`,
    async () => {
      const run = await lastRun(db);
      return run !== undefined && run.movies_ingested + run.movies_failed >= members && run;
    },
    timeoutMs,
    20,
  );
}

export function ended(db: Db, timeoutMs: number) {
  return pollUntil(
    "the run has ended",
    async () => {
      const run = await lastRun(db);
      return run !== undefined && run.finished_at !== null && run.planned_at !== null && run;
    },
    timeoutMs,
  );
}

function lastRun(db: Db) {
  return db
    .selectFrom("scheduled_ingestion_log")
    .selectAll()
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** Lets the time pass for which others believe that the dead worker has a film, or an answer, in hand (40 s). */
export async function expireClaims(db: Db): Promise<void> {
  await sql`update ingest_claims set lease_until = clock_timestamp()`.execute(db);
  await sql`update upstream_cache set fetching_until = clock_timestamp() where fetching_until is not null`.execute(
    db,
  );
}

/** What the catalogue holds at the end of a run, without what differs between two runs of the same. */
export async function catalogueOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws('|', tmdb_id, title, year, ingestion_status, last_refresh_result, refresh_failures, due_reason, due_at,
      (select concat_ws(',', schema_version, runtime_minutes, cardinality(genres)) from works_meta
       where works_meta.work_id = works.work_id)) as line
    from works order by tmdb_id`.execute(db);
  return rows.map((row) => row.line);
}

/** Empties what a drill has filled, so that the same one can be run again undisturbed. */
export async function startOver(desk: DrillDesk): Promise<void> {
  await sql`truncate works, scheduled_ingestion_log, ingestion_members, sync_state, upstream_cache, ingest_claims, job_runs cascade`.execute(
    desk.db,
  );
  desk.sandbox.control.clearRequests();
}

/** Nothing may be left in the queue of what a run has planned. */
export async function jobsLeft(db: Db): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left from graphile_worker.jobs
    where task_identifier in ('discover_movies', 'refresh_stale_works', 'ingest_movie', 'refresh_work')`.execute(
    db,
  );
  return rows[0]?.left ?? 0;
}
