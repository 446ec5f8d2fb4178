import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Failed jobs that are looked at to tell which group each belongs to. */
const MOST_FAILED_JOBS = 5_000;
/** A badge says "999+": counting further tells nobody more. */
const MOST_COUNTED = 1_000;

const isFailed = sql`jobs.locked_at is null and jobs.attempts >= jobs.max_attempts`;

/** What a job failed of last. */
const lastFingerprint = sql`(select runs.fingerprint from job_runs as runs where runs.job_id = jobs.id order by runs.id desc limit 1)`;

/** A CTE `waiting_jobs (fingerprint, jobs)`: failed jobs that wait for a person, by group. */
export const waitingJobsByGroup: RawBuilder<unknown> = sql`failed as materialized (
    select jobs.id from graphile_worker._private_jobs as jobs where ${isFailed} limit ${sql.lit(MOST_FAILED_JOBS)}
  ), waiting_jobs as materialized (
    select ${lastFingerprint} as fingerprint, count(*)::int as jobs from failed as jobs group by 1
  )`;

/** How many failed jobs wait for a person, without those whose group is ignored. Counts to 1,000 and no further. */
export async function countFailedJobs(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`
    with ignored as materialized (
      select fingerprint from failure_groups where ignored_until > now()
    ), failed as materialized (
      select jobs.id from graphile_worker._private_jobs as jobs where ${isFailed}
      limit case when exists (select from ignored) then ${sql.lit(MOST_FAILED_JOBS)} else ${sql.lit(MOST_COUNTED)} end
    ), counted as (
      select from failed as jobs
      where case when exists (select from ignored)
        then coalesce(${lastFingerprint} not in (select fingerprint from ignored), true) else true end
      limit ${sql.lit(MOST_COUNTED)}
    )
    select count(*)::int as jobs from counted`.execute(db);
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
    where ${isFailed} and ${lastFingerprint} = ${fingerprint} order by jobs.id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
