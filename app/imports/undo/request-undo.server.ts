import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { importNotFound } from "#app/imports/import-not-found.ts";
import { isUndoRunning, type UndoStatus, whyNoUndo } from "#app/imports/undo/undo-reasons.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { flagOf } from "#app/queue/job-flags.ts";

/**
 * Queues the undo of an ended import. What was left by an earlier undo is tried again.
 *
 * From here on no row of it is processed again, and its Idempotency-Key is free: the file may be uploaded anew.
 *
 * @throws AppError IMPORT_NOT_FOUND (404) · CANNOT_UNDO (409)
 */
export async function requestUndo(trx: Transaction<Database>, jobId: string, by: string): Promise<void> {
  const job = await trx
    .selectFrom("import_jobs")
    .select([
      "status",
      "dry_run as dryRun",
      "has_ledger as hasLedger",
      "undo_status as undoStatus",
      "catalogue",
    ])
    .where("id", "=", jobId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!job) throw importNotFound();
  const reason = whyNoUndo(job);
  if (reason) throw new AppError("CANNOT_UNDO", 409, `This import cannot be undone. ${reason}.`);
  await sql`
    update import_changes set undo_result = null, undo_reason = null
    where job_id = ${jobId}::uuid and undo_result = 'left'`.execute(trx);
  await sql`
    update import_jobs set undo_status = 'queued', undo_requested_by = ${by}, undo_requested_at = clock_timestamp(),
      undone_at = null, undo_error = null, undo_left = 0, idempotency_key = null, updated_at = clock_timestamp(),
      (undo_total, undo_removed) = (
        select count(*), count(undo_result) from import_changes where job_id = ${jobId}::uuid)
    where id = ${jobId}::uuid`.execute(trx);
  await addEvent(trx, jobId, "undo_requested", "It is to be undone.");
  await enqueue(
    trx,
    "undo_import",
    { importJobId: jobId },
    { flags: job.catalogue === "builtin" ? [] : [flagOf({ kind: "upstream", service: "catalogue" })] },
  );
}

/** @throws AppError IMPORT_UNDONE (409) */
export function refuseUndone(undoStatus: UndoStatus | null): void {
  if (undoStatus === null) return;
  throw new AppError(
    "IMPORT_UNDONE",
    409,
    isUndoRunning(undoStatus)
      ? "This import is being undone, so none of its rows can be processed again. Upload the file again instead."
      : "This import was undone, so none of its rows can be processed again. Upload the file again instead.",
  );
}
