import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { stateOfJob, waitingJobs } from "#app/queue/console/job-sql.server.ts";
import type { JobFate, WaitingState } from "#app/queue/job-state.ts";
import { dueAt } from "#app/queue/parked.server.ts";

/** What is known of one job, whether it waits, runs, or is long gone. */
export interface JobDetail {
  id: string;
  task: string;
  payload: unknown;
  fate: JobFate;
  /** Attempts that count: those that were only postponed do not. */
  attempts: number;
  maxAttempts: number;
  priority: number | null;
  key: string | null;
  flags: string[];
  createdAt: Date;
  runAt: Date;
  /** Since when a worker has it; null when none has. */
  lockedAt: Date | null;
  workerId: string | null;
  importJobId: string | null;
  workId: string | null;
  /** Newest first. */
  attemptsMade: JobAttempt[];
  /** There are more attempts than are shown. */
  hasMoreAttempts: boolean;
}

export interface JobAttempt {
  id: string;
  attempt: number;
  maxAttempts: number;
  outcome: "completed" | "retrying" | "postponed" | "failed" | "lost" | "discarded";
  enqueuedAt: Date;
  runAt: Date;
  startedAt: Date;
  finishedAt: Date;
  workerId: string | null;
  statistics: Record<string, unknown> | null;
  errorClass: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  errorStack: string | null;
  fingerprint: string | null;
}

const MOST_ATTEMPTS = 100;
const JOB_ID = /^[1-9]\d{0,17}$/;

/** @throws AppError JOB_NOT_FOUND (404), also for what is no id at all */
export async function findJob(db: Kysely<Database>, jobId: string): Promise<JobDetail> {
  if (!JOB_ID.test(jobId)) throw notFound();
  // In this order: a job that completes in between is then found twice, never not at all.
  const waiting = await findWaitingJob(db, jobId);
  const runs = await listAttempts(db, jobId);
  const [newest] = runs;
  const attemptsMade = runs.slice(0, MOST_ATTEMPTS).map(({ job: _job, ...attempt }) => attempt);
  const hasMoreAttempts = runs.length > MOST_ATTEMPTS;
  if (newest && (waiting === null || newest.outcome === "completed" || newest.outcome === "discarded"))
    return {
      id: jobId,
      ...newest.job,
      fate: newest.outcome === "completed" || newest.outcome === "discarded" ? newest.outcome : "removed",
      attempts: newest.attempt,
      maxAttempts: newest.maxAttempts,
      priority: null,
      flags: [],
      createdAt: newest.enqueuedAt,
      runAt: newest.runAt,
      lockedAt: null,
      workerId: newest.workerId,
      attemptsMade,
      hasMoreAttempts,
    };
  if (waiting === null) throw notFound();
  const subject = newest?.job ?? subjectOf(waiting.payload);
  const { importJobId, workId } = subject;
  return { ...waiting, importJobId, workId, attemptsMade, hasMoreAttempts };
}

function notFound(): AppError {
  return new AppError(
    "JOB_NOT_FOUND",
    404,
    "There is no job with this id. It may have been mistyped, or its history is older than 90 days and was deleted.",
  );
}

type WaitingJob = Omit<JobDetail, "importJobId" | "workId" | "attemptsMade" | "hasMoreAttempts" | "fate"> & {
  fate: WaitingState;
};

async function findWaitingJob(db: Kysely<Database>, jobId: string): Promise<WaitingJob | null> {
  const { rows } = await sql<WaitingJob>`
    select jobs.id, tasks.identifier as task, jobs.payload, ${stateOfJob} as fate, jobs.attempts,
      jobs.max_attempts as "maxAttempts", jobs.priority, jobs.key,
      array(select jsonb_object_keys(coalesce(jobs.flags, '{}')) order by 1) as flags,
      jobs.created_at as "createdAt", ${dueAt(sql`jobs.run_at`)} as "runAt", jobs.locked_at as "lockedAt",
      (select id from workers where jobs.locked_by = any(pool_ids) limit 1) as "workerId"
    from ${waitingJobs}
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where jobs.id = ${jobId}::bigint`.execute(db);
  return rows[0] ?? null;
}

interface JobFacts {
  task: string;
  payload: unknown;
  key: string | null;
  importJobId: string | null;
  workId: string | null;
}

async function listAttempts(
  db: Kysely<Database>,
  jobId: string,
): Promise<(JobAttempt & { job: JobFacts })[]> {
  const rows = await db
    .selectFrom("job_runs")
    .selectAll()
    .where("job_id", "=", jobId)
    .orderBy("id", "desc")
    .limit(MOST_ATTEMPTS + 1)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    outcome: row.outcome,
    enqueuedAt: row.enqueued_at,
    runAt: row.run_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    workerId: row.worker_id,
    statistics: row.statistics,
    errorClass: row.error_class,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    errorStack: row.error_stack,
    fingerprint: row.fingerprint,
    job: {
      task: row.task,
      payload: row.payload,
      key: row.job_key,
      importJobId: row.import_job_id,
      workId: row.work_id,
    },
  }));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a job that has not run yet is going to serve, by the two names that payloads use. */
function subjectOf(payload: unknown): Pick<JobFacts, "importJobId" | "workId"> {
  const fields: { importJobId?: unknown; workId?: unknown } =
    typeof payload === "object" && payload !== null ? payload : {};
  const importJobId = String(fields.importJobId ?? "");
  const workId = String(fields.workId ?? "");
  return {
    importJobId: UUID.test(importJobId) ? importJobId : null,
    workId: /^[1-9]\d{0,17}$/.test(workId) ? workId : null,
  };
}
