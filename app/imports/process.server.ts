import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { RetryLater } from "#app/errors.ts";
import {
  Chunk,
  ClaimLost,
  type ProcessContext,
  type ProcessedJob,
  type Target,
} from "#app/imports/chunk.server.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { finishRow, isReady } from "#app/imports/finish-row.ts";
import { giveBackRest } from "#app/imports/give-back.server.ts";
import { claimRows, MAX_LOST_CLAIMS, mostLostClaims } from "#app/imports/rows.server.ts";
import { targetOf } from "#app/imports/target.server.ts";
import { groupByTitle, type TitleGroup } from "#app/imports/title-groups.ts";
import { TitleQueue, workerStops } from "#app/imports/title-queue.server.ts";
import { Turns } from "#app/imports/turns.ts";
import { knownResolutions } from "#app/matching/remembered.server.ts";

export interface RowRange {
  jobId: string;
  fromRow: number;
  toRow: number;
}

/**
 * One suspect row at a time in the whole process: chunks go by row number, so the guilty row's neighbour would be in hand
 * beside it each time, and be blamed with it.
 */
const suspects = new Turns(1);

/**
 * Processes the pending rows of a range: claims them, finds their titles, writes them, settles them.
 *
 * Every row ends with an outcome or is given back; nothing that one row does stops another. Safe to run twice at once and
 * after a crash at any line.
 *
 * @returns what became of the rows
 * @throws RetryLater when rows were given back: a budget, an upstream that is away, a worker that stops
 */
export async function processRows(context: ProcessContext, range: RowRange): Promise<Record<string, number>> {
  const job = await findRunningJob(context, range.jobId);
  const totals = { success: 0, failed: 0, skipped: 0, review: 0 };
  if (!job) return totals;
  // Some worker died with rows of this range in hand: they are taken one by one, so that only the guilty row is blamed again.
  const careful = (await mostLostClaims(context.db, range)) > 0;
  const limit = careful ? 1 : range.toRow - range.fromRow + 1;
  for (;;) {
    if (context.signal.aborted) throw workerStops();
    const next = () => processNext(context, job, range, limit);
    const done = await (careful ? suspects.run(next) : next());
    if (!done) return totals;
    for (const [status, count] of Object.entries(done.chunk.settled))
      totals[status as keyof typeof totals] += count;
    if (done.comeBack) throw done.comeBack;
  }
}

/** @returns null when no row of the range is pending */
async function processNext(context: ProcessContext, job: ProcessedJob, range: RowRange, limit: number) {
  const claim = await claimRows(context.db, range, context.workerId, randomUUID(), limit);
  if (claim.rows.length === 0) return null;
  const chunk = new Chunk(context, job, claim);
  return { chunk, comeBack: await processChunk(chunk) };
}

async function findRunningJob(context: ProcessContext, jobId: string): Promise<ProcessedJob | undefined> {
  return context.db
    .selectFrom("import_jobs")
    .select(["id", "dry_run as dryRun", "skip_duplicates as skipDuplicates", "catalogue"])
    .select((job) =>
      job
        .selectFrom("import_job_events as event")
        .select("event.created_at")
        .whereRef("event.job_id", "=", "import_jobs.id")
        .where("event.kind", "=", "retried")
        .orderBy("event.id", "desc")
        .limit(1)
        .as("retriedAt"),
    )
    .where("id", "=", jobId)
    .where("status", "=", "processing")
    .executeTakeFirst();
}

/** @returns when and why to come again, if rows were given back */
async function processChunk(chunk: Chunk): Promise<RetryLater | null> {
  const { db } = chunk.context;
  const stopRenewing = chunk.keepAlive();
  const first = chunk.claim.rows[0]?.rowNumber ?? 0;
  let comeBack: RetryLater | null = null;
  try {
    await addEvent(db, chunk.job.id, "chunk_started", `Rows from ${first}: begun.`, {
      fromRow: first,
      rows: chunk.claim.rows.length,
    });
    comeBack = await settleChunk(chunk);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  } finally {
    stopRenewing();
    await giveBackRest(chunk);
  }
  const { success, failed, skipped, review } = chunk.settled;
  await addEvent(
    db,
    chunk.job.id,
    "chunk_finished",
    `Rows from ${first}: ${success + failed + skipped + review} done.`,
    {
      fromRow: first,
      ...chunk.settled,
    },
  );
  if (failed > 0)
    await addEvent(
      db,
      chunk.job.id,
      "rows_failed",
      `${failed} rows failed.`,
      { rows: chunk.failedRows.toSorted((a, b) => a - b) },
      "warn",
    );
  return comeBack;
}

async function settleChunk(chunk: Chunk): Promise<RetryLater | null> {
  const target = targetOf(chunk);
  await putAsidePoisonousRows(chunk, target);
  if (chunk.job.skipDuplicates) await skipRepeatedRows(chunk, target);
  const groups = groupByTitle([...chunk.open.values()]);
  const known = await knownResolutions(
    chunk.context.db,
    groups.map(({ request, rows }) => ({ ...request, rows: rows.length })),
  );
  const works = await target.findWorks(
    [...known.values()].filter((resolution) => resolution.outcome === "match"),
  );
  // First what costs no upstream call, in one batch; then the rest, title by title.
  const waiting: TitleGroup[] = [];
  for (const group of groups) {
    const resolution = known.get(group.request.key);
    if (!resolution || !isReady(target, resolution, works)) waiting.push(group);
    else for (const row of group.rows) await finishRow(target, row, resolution, works, null);
  }
  await target.flush();
  const comeBack = await new TitleQueue(chunk, target, known, works).run(waiting);
  await target.flush();
  return comeBack;
}

async function putAsidePoisonousRows(chunk: Chunk, target: Target): Promise<void> {
  for (const row of chunk.claim.rows) {
    if (row.lostClaims < MAX_LOST_CLAIMS) continue;
    await target.settle({
      rowNumber: row.rowNumber,
      status: "failed",
      errorCode: "ROW_PUT_ASIDE",
      errorMessage: `The worker died ${row.lostClaims} times with this row in hand, so it was put aside. Look at the line; retry it when the cause is known.`,
    });
  }
  await target.flush();
}

/** Rows that say the same as an earlier line of the file (I-08). Which worker does which row plays no part in it. */
async function skipRepeatedRows(chunk: Chunk, target: Target): Promise<void> {
  const rows = [...chunk.open.values()];
  const { rows: firsts } = await sql<{ rowNumber: number; firstRow: number; firstLine: number }>`
    select mine."rowNumber", earlier.row_number as "firstRow", earlier.line_number as "firstLine"
    from json_to_recordset(${JSON.stringify(rows.map(({ rowNumber, dedupeKey }) => ({ rowNumber, dedupeKey })))}::json)
      as mine ("rowNumber" int, "dedupeKey" text)
    cross join lateral (
      select row_number, line_number from import_rows
      where job_id = ${chunk.job.id}::uuid and dedupe_key = mine."dedupeKey" and row_number < mine."rowNumber"
      order by row_number limit 1
    ) as earlier`.execute(chunk.context.db);
  for (const { rowNumber, firstRow, firstLine } of firsts)
    await target.settle({
      rowNumber,
      status: "skipped",
      errorCode: "DUPLICATE_IN_FILE",
      errorMessage: `Says the same as line ${firstLine}.`,
      outcome: { duplicateOf: { rowNumber: firstRow, lineNumber: firstLine } },
    });
  await target.flush();
}
