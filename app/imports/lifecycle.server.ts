import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { importNotFound } from "#app/imports/import-not-found.ts";
import { canMove, type JobStatus } from "#app/imports/status.ts";
import { refuseUndone } from "#app/imports/undo/request-undo.server.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";
import { flagOf } from "#app/queue/job-flags.ts";
import { isParked } from "#app/queue/parked.server.ts";

/**
 * Starts a job, or goes on with one that has rows to do: marks it as processing and adds one queue job per chunk of pending
 * rows. Safe to run again at any time: claims, not queue jobs, decide who does a row.
 *
 * @param chunkRows IMPORT_CHUNK_ROWS
 * @returns how many chunks were added; null when the job is finished or cancelled
 */
export async function fanOut(
  trx: Transaction<Database>,
  jobId: string,
  chunkRows: number,
): Promise<number | null> {
  const job = await trx
    .selectFrom("import_jobs")
    .select(["status", "started_at", "catalogue", "undo_status"])
    .where("id", "=", jobId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!job || job.undo_status !== null || (job.status !== "queued" && job.status !== "processing"))
    return null;
  if (job.status === "queued") {
    await trx
      .updateTable("import_jobs")
      .set({
        status: "processing",
        started_at: sql`coalesce(started_at, clock_timestamp())`,
        updated_at: sql`clock_timestamp()`,
      })
      .where("id", "=", jobId)
      .execute();
    await addEvent(trx, jobId, "started", job.started_at ? "Processing goes on." : "Processing began.");
  }
  const chunks = await pendingChunks(trx, jobId, chunkRows);
  await enqueueMany(
    trx,
    "process_import_rows",
    chunks.map((chunk) => ({ importJobId: jobId, ...chunk })),
    // The first chunks of a new import come before the later ones of a long one: everybody sees progress.
    {
      priority: (index) => Math.min(index, 1000),
      flags: job.catalogue === "builtin" ? [] : [flagOf({ kind: "upstream", service: "catalogue" })],
    },
  );
  if (chunks.length === 0) await finishIfDone(trx, jobId);
  return chunks.length;
}

/**
 * Ranges of at most `chunkRows` pending rows each, however thinly they lie among finished ones.
 *
 * Rows that a waiting chunk will take anyway are left out: ranges move with the first row that is done, so that going on
 * with a long import (a decision, a retry, a lost worker) would add all its chunks once more, each time.
 */
async function pendingChunks(trx: Kysely<Database>, jobId: string, chunkRows: number) {
  const { rows } = await sql<{ fromRow: number; toRow: number }>`
    with waiting as (
      -- Not those that run: they may have passed a row that came back since. Not those that are put off, unless they
      -- are paused: it is wanted now.
      select range_agg(int4range(least(bounds[1]::int, bounds[2]::int), greatest(bounds[1]::int, bounds[2]::int), '[]')) as covered
      from graphile_worker.jobs as jobs
      cross join regexp_match(jobs.key, ':([0-9]{1,9})-([0-9]{1,9})$') as bounds
      where starts_with(jobs.key, ${`process_import_rows:${jobId}:`})
        and jobs.locked_at is null and jobs.attempts < jobs.max_attempts
        and (jobs.run_at <= clock_timestamp() or ${isParked(sql`jobs.run_at`)})
        and bounds is not null
    )
    select min(row_number) as "fromRow", max(row_number) as "toRow"
    from (
      select row_number, (row_number() over (order by row_number) - 1) / ${chunkRows} as chunk
      from import_rows cross join waiting
      where job_id = ${jobId}::uuid and status = 'pending' and (covered is null or not covered @> row_number)
    ) as pending
    group by chunk order by chunk`.execute(trx);
  return rows;
}

/**
 * Finishes a job all of whose rows have their outcome. Called by whoever settles rows, in the same transaction: counters are
 * moved under the job's row lock, so exactly one caller sees the last row.
 *
 * @returns the final status, or null when rows are still open
 */
export async function finishIfDone(trx: Kysely<Database>, jobId: string): Promise<JobStatus | null> {
  const job = await trx
    .updateTable("import_jobs")
    .set({
      status: sql`case when failed_rows = 0 and review_rows = 0 then 'completed'
        when success_rows + skipped_rows + review_rows = 0 then 'failed' else 'partial' end`,
      error_code: null,
      error_message: null,
      completed_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", jobId)
    .where("status", "=", "processing")
    .whereRef("processed_rows", "=", "total_rows")
    .returning([
      "status",
      "total_rows",
      "success_rows",
      "failed_rows",
      "skipped_rows",
      "review_rows",
      "started_at",
      "completed_at",
    ])
    .executeTakeFirst();
  if (!job) return null;
  const durationMs = (job.completed_at?.getTime() ?? 0) - (job.started_at?.getTime() ?? 0);
  await addEvent(trx, jobId, "finished", finishedSentence(job), {
    status: job.status,
    durationMs,
    successRate: job.total_rows === 0 ? 1 : round((job.success_rows + job.skipped_rows) / job.total_rows),
    meanRowMs: job.total_rows === 0 ? 0 : round(durationMs / job.total_rows),
    success: job.success_rows,
    failed: job.failed_rows,
    skipped: job.skipped_rows,
    review: job.review_rows,
  });
  return job.status;
}

const round = (value: number) => Math.round(value * 1000) / 1000;

function finishedSentence(job: {
  success_rows: number;
  failed_rows: number;
  skipped_rows: number;
  review_rows: number;
}): string {
  const parts = [
    `${job.success_rows} succeeded`,
    job.skipped_rows > 0 && `${job.skipped_rows} skipped`,
    job.failed_rows > 0 && `${job.failed_rows} failed`,
    job.review_rows > 0 && `${job.review_rows} to review`,
  ];
  return `Finished: ${parts.filter(Boolean).join(", ")}.`;
}

/** Rows that an operator sends round again. `unfinished` are those that a cancelled job never began. */
export type RetryScope =
  | { kind: "failed" }
  | { kind: "code"; errorCode: string }
  | { kind: "row"; rowNumber: number }
  | { kind: "rows"; rowNumbers: readonly number[] }
  | { kind: "unfinished" };

/**
 * Sets failed rows back to pending and queues the job again. Rows that were refused for what stands in the file
 * (`INVALID_…`, no normalised form) would only fail again and stay where they are until they are corrected.
 *
 * Pressed twice, or by two operators: each row is queued once, the second press finds nothing.
 *
 * @returns how many rows were set back
 * @throws AppError NOTHING_TO_RETRY, IMPORT_UNDONE (409)
 */
export async function retryRows(
  trx: Transaction<Database>,
  jobId: string,
  scope: RetryScope,
): Promise<number> {
  const job = await lockJob(trx, jobId);
  refuseUndone(job.undo_status);
  const reset = scope.kind === "unfinished" ? 0 : await resetFailedRows(trx, jobId, scope);
  // A cancelled job, or one that failed as a whole, has rows that were never begun: going on with it takes them along.
  const hasUnfinished =
    job.processed_rows < job.total_rows && (job.status === "cancelled" || job.status === "failed");
  const isOfRows = scope.kind === "row" || scope.kind === "rows";
  if (reset === 0 && !(hasUnfinished && !isOfRows))
    throw new AppError(
      "NOTHING_TO_RETRY",
      409,
      "There is nothing to retry here: no failed row of this import can be tried again as it is. Rows with wrong contents need to be corrected first.",
    );
  await trx
    .updateTable("import_jobs")
    .set({
      status: sql`case when status = 'processing' then status else 'queued' end`,
      processed_rows: sql`processed_rows - ${reset}`,
      failed_rows: sql`failed_rows - ${reset}`,
      // Why the import had stopped is no longer so.
      error_code: null,
      error_message: null,
      completed_at: null,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", jobId)
    .execute();
  const sentence = reset > 0 ? `${reset} failed rows were sent round again.` : "The import is to go on.";
  await addEvent(trx, jobId, "retried", sentence, { rows: reset, scope: scope.kind });
  await enqueue(trx, "process_import", { importJobId: jobId });
  return reset;
}

async function resetFailedRows(trx: Kysely<Database>, jobId: string, scope: RetryScope): Promise<number> {
  const code = scope.kind === "code" ? scope.errorCode : null;
  const rowNumbers =
    scope.kind === "row" ? [scope.rowNumber] : scope.kind === "rows" ? [...scope.rowNumbers] : null;
  const { rows } = await sql<{ reset: number }>`
    with reset as (
      update import_rows set status = 'pending', error_code = null, error_message = null, outcome = null, attempt_count = 0,
        lost_claims = 0, updated_at = clock_timestamp()
      where job_id = ${jobId}::uuid and status = 'failed' and normalized_payload is not null
        and (${code}::text is null or error_code = ${code}) and (${rowNumbers}::int[] is null or row_number = any(${rowNumbers}::int[]))
      returning title_key
    ), forgotten as (
      -- A retry looks again: "nobody knows this title" is not taken from memory.
      delete from title_matches where outcome = 'none' and title_key in (select title_key from reset)
    )
    select count(*)::int as reset from reset`.execute(trx);
  return rows[0]?.reset ?? 0;
}

/**
 * Cancels a job. Chunks stop between rows; nothing is written to the built-in catalogue after this has committed.
 *
 * @returns what had been done by then
 * @throws AppError ALREADY_FINISHED (409)
 */
export async function cancelImport(
  trx: Transaction<Database>,
  jobId: string,
): Promise<{ successRows: number; openRows: number }> {
  const job = await lockJob(trx, jobId);
  if (!canMove(job.status, "cancelled"))
    throw new AppError(
      "ALREADY_FINISHED",
      409,
      `This import is not running any more (${job.status}), so there is nothing to cancel.`,
    );
  await trx
    .updateTable("import_jobs")
    .set({ status: "cancelled", completed_at: sql`clock_timestamp()`, updated_at: sql`clock_timestamp()` })
    .where("id", "=", jobId)
    .execute();
  const openRows = job.total_rows - job.processed_rows;
  const done = job.dry_run
    ? `${job.success_rows} rows had been tried and nothing was written`
    : `${job.success_rows} rows had been written and stay written`;
  await addEvent(
    trx,
    jobId,
    "cancelled",
    `Cancelled: ${done}, ${openRows} have no outcome yet.`,
    { success: job.success_rows, open: openRows },
    "warn",
  );
  return { successRows: job.success_rows, openRows };
}

/**
 * Ends a job that cannot go on as a whole (its catalogue cannot be reached, a bug). Rows keep their state and can be retried.
 */
export async function failImport(
  trx: Kysely<Database>,
  jobId: string,
  code: string,
  message: string,
): Promise<void> {
  const result = await trx
    .updateTable("import_jobs")
    .set({
      status: "failed",
      error_code: code,
      error_message: message,
      completed_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", jobId)
    .where("status", "in", ["queued", "processing"])
    .executeTakeFirst();
  if (result.numUpdatedRows > 0n) await addEvent(trx, jobId, "finished", message, { code }, "error");
}

async function lockJob(trx: Transaction<Database>, jobId: string) {
  const job = await trx
    .selectFrom("import_jobs")
    .select(["status", "dry_run", "total_rows", "processed_rows", "success_rows", "undo_status"])
    .where("id", "=", jobId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!job) throw importNotFound();
  return job;
}
