import { type BackfillView, findBackfill, finishBackfill } from "#app/discovery/backfill/backfills.server.ts";
import { fillRecord } from "#app/discovery/backfill/fill-record.server.ts";
import { fillWork } from "#app/discovery/backfill/fill-work.server.ts";
import type { FillContext } from "#app/discovery/backfill/find-title.server.ts";
import {
  type ClaimedRow,
  claimRow,
  giveBackRow,
  type RowOutcome,
  readOpenRows,
  settleRow,
} from "#app/discovery/backfill/rows.server.ts";
import { checkSameCatalogue } from "#app/discovery/backfill/start.server.ts";
import { RetryLater } from "#app/errors.ts";
import type { Logger } from "#app/logger.server.ts";
import { withCallContext } from "#app/upstreams/call-log.server.ts";
import { upstreamTrouble } from "#app/upstreams/upstream-trouble.ts";

/** A row that was claimed so often and never settled takes its worker down with it, or its upstream never answers. */
const MOST_TRIES = 5;
/** After a row whose upstream did not answer: the others of the chunk go first, then it waits this long. */
const AGAIN_MS = 5_000;

export interface RowRange {
  backfillId: string;
  fromRow: number;
  toRow: number;
}

type ProcessContext = FillContext & { logger: Logger; signal: AbortSignal };

/**
 * Works off a range of a backfill's rows, one after the other. Killed at any point it loses nothing: a row is settled when
 * what it lacked is stored, and one that was in hand comes again when its lease has run out.
 *
 * @returns how the rows of this run ended
 * @throws RetryLater when rows are left: for a budget, an upstream that is away, or a lease of somebody else
 */
export async function processBackfillRows(
  ctx: ProcessContext,
  range: RowRange,
): Promise<{ success: number; skipped: number; failed: number }> {
  const backfill = await findBackfill(ctx.db, range.backfillId);
  const ended = { success: 0, skipped: 0, failed: 0 };
  let wait: number | null = null;
  while (wait === null && !ctx.signal.aborted) {
    const row = await claimRow(ctx.db, range);
    if (!row) break;
    const outcome = await fillOrGiveBack(ctx, backfill, row);
    if (typeof outcome === "number") wait = outcome;
    else {
      await settleRow(ctx.db, backfill.id, row, outcome);
      ended[outcome.status] += 1;
    }
  }
  await comeAgain(ctx, range, wait);
  await finishBackfill(ctx.db, backfill.id);
  return ended;
}

/** @returns the row's outcome, or how long to wait (ms) before the chunk is taken up again */
async function fillOrGiveBack(
  ctx: ProcessContext,
  backfill: BackfillView,
  row: ClaimedRow,
): Promise<RowOutcome | number> {
  if (row.attempts > MOST_TRIES)
    return {
      status: "failed",
      code: "GAVE_UP",
      message: `This row was begun ${MOST_TRIES} times and never came to an end. Retry it alone, and look at the worker's log if it fails again.`,
    };
  try {
    return await withCallContext(
      { rowNumber: row.rowNumber, ...(row.workId ? { workId: row.workId } : {}) },
      () => fill(ctx, backfill, row),
    );
  } catch (error) {
    const trouble = upstreamTrouble(error);
    if (trouble.kind === "fail") return { status: "failed", code: trouble.code, message: trouble.message };
    if (trouble.kind === "again") {
      ctx.logger.warn(
        { backfillId: backfill.id, row: row.rowNumber, code: trouble.code, err: error },
        "row not filled",
      );
      if (row.attempts >= trouble.tries)
        return { status: "failed", code: trouble.code, message: trouble.message };
    }
    await giveBackRow(ctx.db, backfill.id, row, trouble.kind === "again");
    return trouble.kind === "wait" ? trouble.delayMs : Math.max(AGAIN_MS, trouble.retryAfterMs);
  }
}

async function fill(ctx: ProcessContext, backfill: BackfillView, row: ClaimedRow): Promise<RowOutcome> {
  if (backfill.catalogue === null) return fillWork(ctx, row);
  checkSameCatalogue(backfill, ctx.config);
  return fillRecord(ctx, backfill.id, row);
}

async function comeAgain(ctx: ProcessContext, range: RowRange, wait: number | null): Promise<void> {
  const open = await readOpenRows(ctx.db, range);
  if (open.pending > 0) throw new RetryLater("Rows of this backfill wait for their turn.", wait ?? 1_000);
  if (open.heldForMs !== null)
    throw new RetryLater(
      "Rows of this backfill are in another worker's hand.",
      Math.max(1_000, open.heldForMs),
    );
}
