import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { endRun, finishRuns } from "#app/discovery/runs/runs.server.ts";

/** A title of TMDB's, as members of runs name it. */
export interface Film {
  mediaType: "movie" | "tv";
  tmdbId: number;
}

export type MemberOutcome =
  | { status: "ingested"; workId: string }
  | { status: "skipped" | "failed"; reason: string; message: string };

/**
 * Gives a film its outcome in the run that waits for it; the run's counters move in the same statement, and the run ends with
 * its last member. A film that failed, and was tried again by hand, is put right in the last run that had it.
 *
 * @returns how many members were settled
 */
export async function settleMembers(
  trx: Kysely<Database>,
  film: Film,
  outcome: MemberOutcome,
): Promise<number> {
  const { mediaType, tmdbId } = film;
  const workId = outcome.status === "ingested" ? outcome.workId : null;
  const said = outcome.status === "ingested" ? null : outcome;
  const { rows } = await sql<{ runId: string }>`
    with mine as (
      select run_id, position, status from ingestion_members
      where media_type = ${mediaType} and tmdb_id = ${tmdbId} and status = 'pending'
      union all
      (select run_id, position, status from ingestion_members
       where media_type = ${mediaType} and tmdb_id = ${tmdbId} and status = 'failed' and ${outcome.status} = 'ingested'
         and not exists (select from ingestion_members as open
           where open.media_type = ${mediaType} and open.tmdb_id = ${tmdbId} and open.status = 'pending')
       order by planned_at desc limit 1)
    ), settled as (
      update ingestion_members as member set status = ${outcome.status}, reason = ${said?.reason ?? null},
        message = ${said?.message ?? null}, work_id = coalesce(${workId}::bigint, member.work_id),
        settled_at = clock_timestamp()
      from mine
      -- Whoever came first has settled it.
      where member.run_id = mine.run_id and member.position = mine.position and member.status = mine.status
      returning member.run_id, mine.status as was, member.status as is_now
    )
    update scheduled_ingestion_log as log set
      movies_ingested = movies_ingested + moved.ingested,
      movies_skipped = movies_skipped + moved.skipped,
      movies_failed = movies_failed + moved.failed,
      updated_at = clock_timestamp()
    from (
      select run_id, count(*) filter (where is_now = 'ingested') as ingested, count(*) filter (where is_now = 'skipped') as skipped,
        count(*) filter (where is_now = 'failed') - count(*) filter (where was = 'failed') as failed
      from settled group by run_id
    ) as moved
    where log.id = moved.run_id
    returning log.id as "runId"`.execute(trx);
  const runIds = rows.map((row) => row.runId);
  await finishRuns(trx, runIds);
  return runIds.length;
}

/** A film waits for TMDB, and nobody knows how long: the run that waits with it is ended as it stands, with the reason. */
export async function noteWaiting(db: Kysely<Database>, film: Film, message: string): Promise<void> {
  const runs = sql`select run_id from ingestion_members
    where media_type = ${film.mediaType} and tmdb_id = ${film.tmdbId} and status = 'pending'`;
  await endRun(db, runs, {
    code: "UPSTREAM_PAUSED",
    message: `${message} What is left goes on by itself afterwards.`,
  });
}
