import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { WaitingState } from "#app/queue/job-state.ts";

/** Adds a job that is in the state, as graphile-worker and our settlement would leave it. `paused` means: by its task's flag. */
export async function addJob(
  db: Db,
  state: WaitingState,
  job: {
    task?: string;
    payload?: object;
    error?: string;
    key?: string;
    priority?: number;
    /** Seconds before now that the state's time lies; ahead of now for what waits. */
    seconds?: number;
    pool?: string;
  } = {},
): Promise<string> {
  const task = job.task ?? "refresh_work";
  const { rows } = await sql<{ id: string }>`
    select id from graphile_worker.add_job(${task}, ${JSON.stringify(job.payload ?? { workId: 1 })}::json,
      job_key := ${job.key ?? null}::text, priority := ${job.priority ?? 0}::int, max_attempts := 10,
      flags := ${[`task:${task}`]}::text[])`.execute(db);
  const id = rows[0]!.id;
  const seconds = job.seconds ?? 60;
  const before = sql`now() - ${seconds}::float8 * interval '1 second'`;
  const ahead = sql`now() + ${seconds}::float8 * interval '1 second'`;
  const changes = {
    queued: sql`run_at = ${before}`,
    scheduled: sql`run_at = ${ahead}`,
    retrying: sql`run_at = ${ahead}, attempts = 1`,
    running: sql`run_at = ${before}, attempts = 1, locked_at = ${before}, locked_by = ${job.pool ?? "pool-1"}`,
    failed: sql`run_at = ${before}, attempts = 10, updated_at = ${before}`,
    paused: sql`run_at = ${before}`,
  };
  await sql`update graphile_worker._private_jobs set last_error = ${job.error ?? null}, ${changes[state]}
    where id = ${id}::bigint`.execute(db);
  return id;
}

/** Puts a row into `job_runs`. Times in seconds before now. */
export async function addRun(
  db: Db,
  run: {
    jobId: string;
    outcome?: "completed" | "retrying" | "postponed" | "failed" | "lost" | "discarded";
    task?: string;
    payload?: object;
    attempt?: number;
    finished?: number;
    workerId?: string;
    fingerprint?: string;
    importJobId?: string;
    workId?: string;
    jobKey?: string;
    errorMessage?: string;
  },
): Promise<void> {
  const finished = run.finished ?? 0;
  const at = (seconds: number) => sql<Date>`now() - ${seconds}::float8 * interval '1 second'`;
  await db
    .insertInto("job_runs")
    .values({
      job_id: run.jobId,
      task: run.task ?? "refresh_work",
      payload: JSON.stringify(run.payload ?? { workId: 1 }),
      job_key: run.jobKey ?? null,
      attempt: run.attempt ?? 1,
      max_attempts: 10,
      worker_id: run.workerId ?? null,
      enqueued_at: at(finished + 4),
      run_at: at(finished + 3),
      started_at: at(finished + 1),
      finished_at: at(finished),
      outcome: run.outcome ?? "completed",
      error_message: run.errorMessage ?? null,
      fingerprint: run.fingerprint ?? null,
      import_job_id: run.importJobId ?? null,
      work_id: run.workId ?? null,
    })
    .execute();
}

export async function clearQueue(db: Db): Promise<void> {
  await sql`delete from graphile_worker._private_jobs`.execute(db);
  await sql`delete from job_runs`.execute(db);
  await sql`delete from queue_pauses`.execute(db);
  await sql`delete from bulk_actions`.execute(db);
}

export async function pause(db: Db, flag: string): Promise<void> {
  await db.insertInto("queue_pauses").values({ flag, reason: "test", paused_by: "test" }).execute();
}
