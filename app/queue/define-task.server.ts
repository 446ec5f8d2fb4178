import type { Job, Task } from "graphile-worker";
import { ZodError } from "zod";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { Permanent, RetryLater } from "#app/errors.ts";
import type { Logger } from "#app/logger.server.ts";
import type { TaskName, TaskPayload } from "#app/queue/catalog.ts";
import { entryOf, flagsOf } from "#app/queue/enqueue.server.ts";
import { type AttemptRecord, holdBack, putBack, recordAttempt } from "#app/queue/job-settlement.server.ts";
import { pausedFlags } from "#app/queue/pauses.server.ts";
import { clampDelayMs, MAX_ATTEMPTS, retryDelayMs } from "#app/queue/retry-policy.ts";
import { withCallContext } from "#app/upstreams/call-log.server.ts";

/** What a worker process lends to every task it runs. */
export interface WorkerContext {
  db: Db;
  config: Config;
  logger: Logger;
  workerId: string;
}

/** What a task's handler gets beside its payload. */
export interface TaskRun extends WorkerContext {
  jobId: string;
  /** From 1; attempts that were only postponed do not count. */
  attempt: number;
  /** No attempt follows this one. */
  isLastAttempt: boolean;
  /** Fires when the worker is to stop: finish the row in hand and give the rest back. */
  signal: AbortSignal;
}

/** Numbers worth keeping about a run ("quotesImported": 12). Shown on the job's page. */
export type Statistics = Record<string, unknown>;

export interface TaskDefinition {
  name: TaskName;
  toTask(context: WorkerContext): Task;
}

/** Thrown after a job was put back: graphile-worker must not take it for done, and there is nothing left to say. */
class Settled extends Error {}

/**
 * Makes a task of one domain function: the payload is parsed, every attempt is kept in `job_runs`, and failures are retried
 * by our policy. `Permanent` is never retried, `RetryLater` does not count as an attempt. What is paused is put back untried.
 *
 * @param handler may return statistics
 */
export function defineTask<Name extends TaskName>(
  name: Name,
  handler: (payload: TaskPayload<Name>, run: TaskRun) => Promise<Statistics | undefined>,
): TaskDefinition {
  const entry = entryOf(name);
  return {
    name,
    toTask: (context) => async (rawPayload, helpers) => {
      const startedAt = performance.now();
      const { job } = helpers;
      const base = () => attemptOf(job, name, rawPayload, context.workerId, performance.now() - startedAt);
      let subject: ReturnType<typeof entry.subject> = {};
      try {
        const payload = parsePayload(entry.payload, rawPayload);
        subject = entry.subject(payload);
        await holdBackIfPaused(context, job, flagsOf(name, payload));
        const isLastAttempt = job.attempts >= Math.min(job.max_attempts, MAX_ATTEMPTS);
        const run = {
          ...context,
          jobId: job.id,
          attempt: job.attempts,
          isLastAttempt,
          signal: helpers.abortSignal,
        };
        const statistics = await withCallContext({ task: name, queueJobId: job.id, ...subject }, () =>
          handler(payload as TaskPayload<Name>, run),
        );
        await recordAttempt(context.db, {
          ...base(),
          ...subject,
          outcome: "completed",
          statistics: statistics ?? undefined,
        });
      } catch (error) {
        if (error instanceof Settled) throw error;
        const next = whatNext(error, job, context.config.RETRY_BASE_MS);
        const attempt = { ...base(), ...subject, ...errorFields(error), outcome: next.outcome };
        await putBack(
          context.db,
          String(job.locked_by),
          attempt,
          next.outcome === "failed" ? null : next,
        ).catch((lost) => {
          // The database is away: the job stays locked until graphile-worker's own "fail" or the sweep gets through.
          context.logger.warn({ err: lost, task: name, jobId: job.id }, "attempt could not be put back");
          throw error;
        });
        logAttempt(context.logger, attempt, error);
        throw new Settled(attempt.errorMessage);
      }
    },
  };
}

/**
 * Other people's SQL and the crontab add jobs without flags, which no fetch passes over: such a job is found out here, gets its
 * flags and waits with the others.
 *
 * @throws Settled when the job is paused
 */
async function holdBackIfPaused({ db, logger }: WorkerContext, job: Job, own: string[]): Promise<void> {
  const paused = await pausedFlags(db);
  if (paused.length === 0) return;
  const flags = new Set([...own, ...Object.keys(job.flags ?? {})]);
  if (!paused.some((flag) => flags.has(flag))) return;
  await holdBack(db, { jobId: job.id, poolId: String(job.locked_by), flags: [...flags] });
  logger.debug({ task: job.task_identifier, jobId: job.id }, "job is paused, put back");
  throw new Settled("The job is paused.");
}

function parsePayload(
  schema: { parse(value: unknown): Record<string, unknown> },
  payload: unknown,
): Record<string, unknown> {
  try {
    return schema.parse(payload);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const problems = error.issues
      .map((issue) => `${issue.path.join(".") || "payload"}: ${issue.message}`)
      .join("; ");
    throw new Permanent("BAD_PAYLOAD", `The job's payload does not fit its task: ${problems}`, {
      cause: error,
    });
  }
}

function whatNext(error: unknown, job: Job, baseMs: number) {
  if (error instanceof RetryLater)
    return { outcome: "postponed" as const, delayMs: clampDelayMs(error.delayMs), counted: false };
  const lastAttempt = job.attempts >= Math.min(job.max_attempts, MAX_ATTEMPTS);
  if (error instanceof Permanent || lastAttempt)
    return { outcome: "failed" as const, delayMs: 0, counted: true };
  const retryAfterMs =
    error instanceof Error && "retryAfterMs" in error ? Number(error.retryAfterMs) || 0 : 0;
  return {
    outcome: "retrying" as const,
    delayMs: retryDelayMs(job.attempts, baseMs, retryAfterMs),
    counted: true,
  };
}

function attemptOf(
  job: Job,
  task: string,
  payload: unknown,
  workerId: string,
  durationMs: number,
): Omit<AttemptRecord, "outcome"> {
  return {
    jobId: job.id,
    task,
    payload,
    jobKey: job.key,
    attempt: job.attempts,
    maxAttempts: Math.min(job.max_attempts, MAX_ATTEMPTS),
    workerId,
    enqueuedAt: job.created_at,
    runAt: job.run_at,
    durationMs,
  };
}

function errorFields(error: unknown) {
  if (!(error instanceof Error)) return { errorClass: typeof error, errorMessage: String(error) };
  return {
    errorClass: error.name,
    errorCode: "code" in error && typeof error.code === "string" ? error.code : undefined,
    errorMessage: error.message || error.name,
    errorStack: error.stack,
  };
}

function logAttempt(logger: Logger, attempt: AttemptRecord, error: unknown): void {
  const fields = {
    task: attempt.task,
    jobId: attempt.jobId,
    attempt: attempt.attempt,
    code: attempt.errorCode,
  };
  if (attempt.outcome === "postponed") logger.debug(fields, "job postponed");
  else if (attempt.outcome === "retrying") logger.warn({ ...fields, err: error }, "job attempt failed");
  else logger.error({ ...fields, err: error }, "job failed for good");
}
