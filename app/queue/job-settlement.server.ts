import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { isTaskName } from "#app/queue/catalog.ts";
import { entryOf } from "#app/queue/enqueue.server.ts";
import { failureCause } from "#app/queue/fingerprint.ts";

/** One attempt of one job as `job_runs` keeps it. */
export interface AttemptRecord {
  jobId: string;
  task: string;
  payload: unknown;
  jobKey: string | null;
  attempt: number;
  maxAttempts: number;
  workerId: string;
  enqueuedAt: Date;
  runAt: Date;
  durationMs: number;
  outcome: "completed" | "retrying" | "postponed" | "failed";
  statistics?: Record<string, unknown> | undefined;
  errorClass?: string | undefined;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
  errorStack?: string | undefined;
  importJobId?: string | undefined;
  workId?: string | undefined;
}

const runColumns =
  sql.raw(`job_id, task, payload, job_key, attempt, max_attempts, worker_id, enqueued_at, run_at, started_at,
  finished_at, outcome, statistics, error_class, error_code, error_message, error_stack, import_job_id, work_id, fingerprint`);

/** Keeps an attempt that completed. Times are the database's: workers' clocks differ. */
export async function recordAttempt(db: Kysely<Database>, attempt: AttemptRecord): Promise<void> {
  await sql`insert into job_runs (${runColumns}) ${attemptValues(attempt)}`.execute(db);
}

/**
 * Puts a job back after an attempt that did not complete, keeps the attempt and counts a failure with others of its cause, in
 * one statement.
 *
 * graphile-worker's own curve (e^n seconds, 25 times) is not ours, and its failure handling cannot be configured. But its
 * "fail" statement only touches a job that its pool still holds, so unlocking the job here first makes that statement find
 * nothing. This file and `app/queue/console/` are all that knows graphile-worker's private tables; `tests/queue/private-tables.test.ts`
 * fails when an upgrade changes them.
 *
 * @param poolId what stands in `locked_by`; if the job was taken from us meanwhile, nothing changes
 * @param next `delayMs`: comes again after that; `null`: has failed for good and waits for an operator
 * @param counted false: the attempt does not use up one of the job's attempts
 */
export async function putBack(
  db: Kysely<Database>,
  poolId: string,
  attempt: AttemptRecord,
  next: { delayMs: number; counted: boolean } | null,
): Promise<void> {
  await sql`
    with put_back as (
      update graphile_worker._private_jobs set
        locked_at = null,
        locked_by = null,
        last_error = ${attempt.errorMessage ?? null},
        run_at = case when ${next === null} then run_at
          else clock_timestamp() + ${next?.delayMs ?? 0}::float8 * interval '1 millisecond' end,
        attempts = case when ${next === null} then max_attempts
          when ${next?.counted === false} then greatest(attempts - 1, 0) else attempts end,
        updated_at = clock_timestamp()
      where id = ${attempt.jobId}::bigint and locked_by = ${poolId}
      returning id
    ), recorded as (
      insert into job_runs (${runColumns}) ${attemptValues(attempt)} returning *
    ), ${countedFailures}
    select`.execute(db);
}

/**
 * Puts a job back as if nobody had fetched it, with the flags that say what it is paused by. It was not tried, so nothing is
 * recorded.
 */
export async function holdBack(
  db: Kysely<Database>,
  held: { jobId: string; poolId: string; flags: readonly string[] },
): Promise<void> {
  await sql`
    update graphile_worker._private_jobs set
      locked_at = null,
      locked_by = null,
      attempts = greatest(attempts - 1, 0),
      -- As in putBack: not before graphile-worker's own "fail" has passed.
      run_at = greatest(run_at, clock_timestamp() + interval '250 milliseconds'),
      flags = coalesce(flags, '{}') || (select jsonb_object_agg(flag, true) from unnest(${[...held.flags]}::text[]) as flag)
    where id = ${held.jobId}::bigint and locked_by = ${held.poolId}`.execute(db);
}

/**
 * Counts the runs of the CTE `recorded` that have a fingerprint with their groups. Groups before hours and both in one order,
 * so that two statements that count the same never wait for each other.
 */
const countedFailures = sql`counted_groups as (
    insert into failure_groups (fingerprint, task, error_code, error_class, sample_message, sample_job_id, failures)
    select fingerprint, min(task), min(error_code), min(error_class), left(min(error_message), 1000), max(job_id), count(*)
    from recorded where fingerprint is not null group by fingerprint order by fingerprint
    on conflict (fingerprint) do update set failures = failure_groups.failures + excluded.failures,
      error_class = excluded.error_class, sample_message = excluded.sample_message, sample_job_id = excluded.sample_job_id,
      last_seen_at = greatest(failure_groups.last_seen_at, excluded.last_seen_at)
    returning fingerprint
  ), counted_hours as (
    insert into failure_hours (fingerprint, hour, failures)
    select fingerprint, date_trunc('hour', clock_timestamp()), count(*)
    from counted_groups join recorded using (fingerprint) group by fingerprint order by fingerprint
    on conflict (fingerprint, hour) do update set failures = failure_hours.failures + excluded.failures
  )`;

/** Short enough for a URL, long enough that two causes never share one. */
const fingerprintOf = (cause: RawBuilder<unknown>) => sql`left(md5(${cause}), 16)`;

function attemptValues(attempt: AttemptRecord) {
  const isFailure = attempt.outcome === "retrying" || attempt.outcome === "failed";
  const fingerprint = isFailure ? fingerprintOf(sql`${failureCause(attempt)}::text`) : sql`null`;
  return sql`select ${attempt.jobId}::bigint, ${attempt.task}, ${JSON.stringify(attempt.payload ?? {})}::jsonb, ${attempt.jobKey},
    ${attempt.attempt}::int, ${attempt.maxAttempts}::int, ${attempt.workerId}, ${attempt.enqueuedAt}::timestamptz,
    ${attempt.runAt}::timestamptz, clock_timestamp() - ${attempt.durationMs}::float8 * interval '1 millisecond', clock_timestamp(),
    ${attempt.outcome}, ${attempt.statistics ? JSON.stringify(attempt.statistics) : null}::jsonb, ${attempt.errorClass ?? null},
    ${attempt.errorCode ?? null}, ${attempt.errorMessage ?? null}, ${attempt.errorStack ?? null},
    ${attempt.importJobId ?? null}::uuid, ${attempt.workId ?? null}::bigint, ${fingerprint}`;
}

const LOST = {
  errorClass: "WorkerLost",
  errorCode: "WORKER_LOST",
  errorMessage: "The worker stopped without a word while it ran this job. Another worker takes it over.",
};

/**
 * Frees what dead workers held: their jobs become available again at once (instead of after graphile-worker's 4 h), and each
 * lost attempt is kept as one.
 *
 * @returns how many jobs were freed
 */
export async function releaseLostJobs(
  db: Kysely<Database>,
  workerId: string,
  poolIds: string[],
): Promise<number> {
  if (poolIds.length === 0) return 0;
  const { rows } = await sql<{ lost: string }>`
    with recorded as (
      insert into job_runs (job_id, task, payload, job_key, attempt, max_attempts, worker_id, enqueued_at, run_at, started_at,
        finished_at, outcome, error_class, error_code, error_message, fingerprint, import_job_id)
      select jobs.id, tasks.identifier, jobs.payload::jsonb, jobs.key, jobs.attempts, jobs.max_attempts, ${workerId}, jobs.created_at,
        jobs.run_at, jobs.locked_at, clock_timestamp(), 'lost', ${LOST.errorClass}, ${LOST.errorCode}, ${LOST.errorMessage},
        ${fingerprintOf(sql`tasks.identifier || ${failureCause({ task: "", ...LOST })}::text`)},
        case when jobs.payload->>'importJobId' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (jobs.payload->>'importJobId')::uuid end
      from graphile_worker._private_jobs as jobs
      join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
      where jobs.locked_by = any(${poolIds})
      returning *
    ), ${countedFailures}
    select count(*) as lost from recorded`.execute(db);
  const superseded = await findSuperseded(db, poolIds);
  await sql`select graphile_worker.force_unlock_workers(${poolIds})`.execute(db);
  if (superseded.length > 0)
    await sql`select graphile_worker.complete_jobs(${superseded}::bigint[])`.execute(db);
  return Number(rows[0]?.lost ?? 0);
}

/**
 * Jobs that were added again under their key while they ran: graphile-worker takes the key and all attempts away from the
 * running one. Lost with its worker it would stand in the queue as failed for ever, although another does its work.
 */
async function findSuperseded(db: Kysely<Database>, poolIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string; task: string; payload: unknown }>`
    select jobs.id, tasks.identifier as task, jobs.payload
    from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where jobs.locked_by = any(${poolIds}) and jobs.key is null and jobs.attempts >= jobs.max_attempts`.execute(
    db,
  );
  return rows.filter(({ task, payload }) => hasKey(task, payload)).map(({ id }) => id);
}

/** Whether a job of this task and payload has a key when it is added by us. */
function hasKey(task: string, payload: unknown): boolean {
  if (!isTaskName(task)) return false;
  const entry = entryOf(task);
  const parsed = entry.payload.safeParse(payload);
  return parsed.success && entry.key(parsed.data) !== null;
}
