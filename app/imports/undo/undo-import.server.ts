import { sql, type Transaction } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { isDeadlock } from "#app/db/error-codes.ts";
import type { Database } from "#app/db/types.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import type { ProcessContext } from "#app/imports/chunk.server.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { type BatchTally, removeRecords } from "#app/imports/undo/remove-records.server.ts";
import { RemoteRemoval } from "#app/imports/undo/remove-remote.server.ts";
import { removeWorks } from "#app/imports/undo/remove-works.server.ts";

/** Ledger entries of one transaction: a page's wait for a locked work stays short. */
const BATCH = 200;
const REMOTE_BATCH = 20;
/** Rows that a worker still has in hand, of an import that was cancelled a moment ago. */
const ROWS_IN_HAND_MS = 2_000;

/**
 * Takes back what an import has made, batch by batch: viewings, wishes and ratings first, then the works that nothing hangs on
 * any more. The ledger says what is done, so that it may be killed at any line and goes on from there.
 *
 * @returns how much was removed and left by this run
 * @throws RetryLater · UpstreamError · UpstreamPaused
 */
export async function undoImport(
  context: ProcessContext & { isLastAttempt: boolean },
  jobId: string,
): Promise<Record<string, number>> {
  const { db, config, signal } = context;
  const job = await begin(db, jobId);
  const total = { removed: 0, left: 0 };
  if (!job) return total;
  const run = (step: (trx: Transaction<Database>) => Promise<BatchTally | null>) =>
    toTheEnd(context, total, () => inTurn(db, jobId, step));
  try {
    await run((trx) => removeRecords(trx, jobId, BATCH));
    await run((trx) => removeWorks(trx, jobId, BATCH));
    if (job.catalogue !== "builtin") {
      const removal = new RemoteRemoval({ db, config, signal }, job);
      await toTheEnd(context, total, () =>
        removal.next(REMOTE_BATCH).then((tally) => counted(db, jobId, tally)),
      );
    }
    await finish(db, jobId);
  } catch (error) {
    if (error instanceof RetryLater || signal.aborted) throw error;
    if (!(error instanceof AppError) && !context.isLastAttempt) throw error;
    await giveUp(db, jobId, error);
    throw error;
  }
  return total;
}

/** @returns null when nobody wants it undone */
async function begin(db: Db, jobId: string): Promise<{ id: string; catalogue: string } | null> {
  const job = await db
    .updateTable("import_jobs")
    .set({ undo_status: "processing", updated_at: sql`clock_timestamp()` })
    .where("id", "=", jobId)
    .where("undo_status", "in", ["queued", "processing"])
    .returning(["id", "catalogue"])
    .executeTakeFirst();
  if (!job) return null;
  const inHand = await db
    .selectFrom("import_rows")
    .select("row_number")
    .where("job_id", "=", jobId)
    .where("status", "=", "processing")
    .limit(1)
    .executeTakeFirst();
  if (inHand) throw new RetryLater("A worker still has rows of this import in hand.", ROWS_IN_HAND_MS);
  return job;
}

async function toTheEnd(
  { signal }: ProcessContext,
  total: BatchTally,
  next: () => Promise<BatchTally | null>,
): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new RetryLater("The worker stops; another goes on.", 0);
    const tally = await next();
    if (!tally) return;
    total.removed += tally.removed;
    total.left += tally.left;
  }
}

/** One batch with its counters. A deadlock with whoever writes the same works is no failure. */
async function inTurn(
  db: Db,
  jobId: string,
  step: (trx: Transaction<Database>) => Promise<BatchTally | null>,
): Promise<BatchTally | null> {
  for (;;) {
    try {
      return await db.transaction().execute(async (trx) => counted(trx, jobId, await step(trx)));
    } catch (error) {
      if (!isDeadlock(error)) throw error;
    }
  }
}

/** Counters are those of the ledger: a remote batch that was killed before it was counted is not lost. */
async function counted(db: Db, jobId: string, tally: BatchTally | null): Promise<BatchTally | null> {
  if (!tally) return null;
  await db
    .updateTable("import_jobs")
    .set({
      undo_removed: sql`undo_removed + ${tally.removed}`,
      undo_left: sql`undo_left + ${tally.left}`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", jobId)
    .execute();
  return tally;
}

async function finish(db: Db, jobId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ removed: number; left: number }>`
      select count(*) filter (where undo_result <> 'left')::int as removed, count(*) filter (where undo_result = 'left')::int as left
      from import_changes where job_id = ${jobId}::uuid`.execute(trx);
    const { removed = 0, left = 0 } = rows[0] ?? {};
    const { numUpdatedRows } = await trx
      .updateTable("import_jobs")
      .set({
        undo_status: left > 0 ? "partial" : "completed",
        undo_removed: removed,
        undo_left: left,
        undo_error: null,
        undone_at: sql`clock_timestamp()`,
        updated_at: sql`clock_timestamp()`,
      })
      .where("id", "=", jobId)
      .where("undo_status", "=", "processing")
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    const kept = left > 0 ? ` ${left} were left, each with its reason.` : "";
    await addEvent(trx, jobId, "undone", `Undone: ${removed} records were removed.${kept}`, {
      removed,
      left,
    });
  });
}

async function giveUp(db: Db, jobId: string, error: unknown): Promise<void> {
  const message =
    error instanceof AppError
      ? error.userMessage
      : "It could not be undone to the end after several tries; the log of the worker says why. What was removed stays removed. Undo it again when that is mended.";
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable("import_jobs")
      .set({ undo_status: "failed", undo_error: message, updated_at: sql`clock_timestamp()` })
      .where("id", "=", jobId)
      .execute();
    await addEvent(trx, jobId, "undo_failed", message, {}, "error");
  });
}
