import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Failed jobs that are looked at to tell which group each belongs to: those that failed last. */
export const MOST_GROUPED_JOBS = 5_000;
/** Failed attempts of one group that are looked at for its jobs, the newest. */
const MOST_RUNS_OF_GROUP = 5_000;
/** A badge says "999+": counting further tells nobody more. */
const MOST_COUNTED = 1_000;

const isFailed = sql`jobs.locked_at is null and jobs.attempts >= jobs.max_attempts`;

/** What a job failed of last. */
const lastFingerprint = sql`(select runs.fingerprint from job_runs as runs where runs.job_id = jobs.id order by runs.id desc limit 1)`;

const failedLast = (limit: number) => sql`select jobs.id from graphile_worker._private_jobs as jobs
  where ${isFailed} order by jobs.updated_at desc limit ${sql.lit(limit)}`;

/**
 * CTEs `waiting_jobs (fingerprint, jobs)`, failed jobs that wait for a person by group, and `counted (has_more)`: whether there are more of
 * them than were looked at. Of all groups, `MOST_GROUPED_JOBS` jobs are; of one group, the jobs of its newest 5,000 failed attempts.
 */
export function waitingJobsByGroup(fingerprint?: string): RawBuilder<unknown> {
  if (fingerprint === undefined)
    return sql`failed as materialized (${failedLast(MOST_GROUPED_JOBS + 1)}), waiting_jobs as materialized (
        select ${lastFingerprint} as fingerprint, count(*)::int as jobs
        from (select id from failed limit ${sql.lit(MOST_GROUPED_JOBS)}) as jobs group by 1
      ), counted as (select count(*) > ${sql.lit(MOST_GROUPED_JOBS)} as has_more from failed)`;
  return sql`attempts as materialized (
      select job_id from job_runs where fingerprint = ${fingerprint}
      order by finished_at desc, id desc limit ${sql.lit(MOST_RUNS_OF_GROUP + 1)}
    ), waiting_jobs as materialized (
      select ${fingerprint}::text as fingerprint, count(*)::int as jobs from graphile_worker._private_jobs as jobs
      where jobs.id in (select job_id from attempts limit ${sql.lit(MOST_RUNS_OF_GROUP)})
        and ${isFailed} and ${lastFingerprint} = ${fingerprint}
    ), counted as (select count(*) > ${sql.lit(MOST_RUNS_OF_GROUP)} as has_more from attempts)`;
}

/**
 * How many failed jobs wait for a person, without those whose group is ignored: among 5,000, those that failed last, while any
 * group is. Counts to 1,000 and no further.
 */
export async function countFailedJobs(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`
    with ignored as materialized (
      select fingerprint from failure_groups where ignored_until > now()
    ), failed as materialized (${failedLast(MOST_GROUPED_JOBS)}), watched as (
      select from failed as jobs
      where coalesce(${lastFingerprint} not in (select fingerprint from ignored), true) limit ${sql.lit(MOST_COUNTED)}
    ), all_failed as (
      select from graphile_worker._private_jobs as jobs where ${isFailed} limit ${sql.lit(MOST_COUNTED)}
    )
    select case when exists (select from ignored) then (select count(*) from watched) else (select count(*) from all_failed) end::int as jobs`.execute(
    db,
  );
  return rows[0]?.jobs ?? 0;
}

/** A failed job that waits in a group, by its id. */
export async function failedJobIds(
  db: Kysely<Database>,
  fingerprint: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select jobs.id from graphile_worker._private_jobs as jobs
    where ${isFailed} and jobs.id in (select job_id from job_runs where fingerprint = ${fingerprint})
      and ${lastFingerprint} = ${fingerprint} order by jobs.id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
