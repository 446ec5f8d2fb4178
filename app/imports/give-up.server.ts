import { randomUUID } from "node:crypto";
import { RetryLater } from "#app/errors.ts";
import { ClaimLost, type ProcessContext } from "#app/imports/chunk.server.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import { processRows, type RowRange } from "#app/imports/process.server.ts";
import { claimRows, settleRows } from "#app/imports/rows.server.ts";

/**
 * `processRows`; and when its last attempt fails too, the range's rows fail with it. Left pending they would be sent round for
 * ever, and nobody would be told.
 *
 * @throws what `processRows` throws
 */
export async function processRowsOrGiveUp(
  context: ProcessContext & { isLastAttempt: boolean },
  range: RowRange,
): Promise<Record<string, number>> {
  try {
    return await processRows(context, range);
  } catch (error) {
    const comesAgain = !context.isLastAttempt || error instanceof RetryLater || context.signal.aborted;
    if (!comesAgain) await giveUp(context, range);
    throw error;
  }
}

/** Rows that somebody else is doing are left to him. */
async function giveUp(context: ProcessContext, range: RowRange): Promise<void> {
  const { db, workerId } = context;
  const rows = range.toRow - range.fromRow + 1;
  await db.transaction().execute(async (trx) => {
    const claim = await claimRows(trx, range, workerId, randomUUID(), rows);
    const outcomes = claim.rows.map(({ rowNumber }) => ({
      rowNumber,
      status: "failed" as const,
      errorCode: "UNEXPECTED",
      errorMessage:
        "This part of the file could not be processed after several tries; the log of the worker says why. Retry the row when that is mended.",
    }));
    // The transaction goes back with what it claimed.
    if ((await settleRows(trx, claim, outcomes)) < outcomes.length) throw new ClaimLost();
    await finishIfDone(trx, range.jobId);
  });
}
