import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** One upstream call that a job made. */
export interface JobCall {
  id: string;
  at: Date;
  service: string;
  method: string;
  endpoint: string;
  status: number | null;
  errorCode: string | null;
  durationMs: number;
  cached: boolean;
  attempt: number;
}

/** Upstream calls that the job made, newest first; 100 at most. */
export async function listJobCalls(
  db: Kysely<Database>,
  jobId: string,
): Promise<{ calls: JobCall[]; hasMore: boolean }> {
  const calls = await db
    .selectFrom("upstream_calls")
    .select([
      "id",
      "at",
      "service",
      "method",
      "endpoint",
      "status",
      "error_code as errorCode",
      "duration_ms as durationMs",
      "cached",
      "attempt",
    ])
    .where("queue_job_id", "=", jobId)
    .orderBy("at", "desc")
    .limit(MOST_CALLS + 1)
    .execute();
  return { calls: calls.slice(0, MOST_CALLS), hasMore: calls.length > MOST_CALLS };
}

const MOST_CALLS = 100;

/** One run in the strip of a task. */
export interface TaskRun {
  id: string;
  jobId: string;
  outcome: string;
  durationMs: number;
  at: Date;
}

const MOST_RUNS = 50;
/** A task that is postponed all the time would otherwise fill the strip with nothing. */
const MOST_LOOKED_AT = 500;

/** The last 50 runs of a task, newest first, those that were only postponed aside. */
export async function listTaskRuns(db: Kysely<Database>, task: string): Promise<TaskRun[]> {
  const { rows } = await sql<TaskRun>`
    select id, job_id as "jobId", outcome, finished_at as at,
      greatest(0, extract(epoch from finished_at - started_at) * 1000)::float8 as "durationMs"
    from (
      select id, job_id, outcome, started_at, finished_at from job_runs where task = ${task}
      order by finished_at desc, id desc limit ${MOST_LOOKED_AT}
    ) as newest
    where outcome <> 'postponed'
    order by finished_at desc, id desc limit ${MOST_RUNS}`.execute(db);
  return rows;
}
