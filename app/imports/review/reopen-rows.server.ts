import { type RawBuilder, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import type { AskedTitle } from "#app/imports/review/decided-title.ts";
import { forgetWritten, takeBackWritten } from "#app/imports/review/take-back-written.server.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";

/** What became of the rows of a decision that was taken back. */
export interface Reopened {
  /** Rows that wait for a decision again. */
  rows: number;
  /** Imports that they stand in. */
  imports: number;
  /** Written under the title that was decided, and left as they are. */
  written: number;
  /** In a worker's hand at this moment: they end as it finds them. */
  inHand: number;
}

/**
 * Rows that a decision settled and that nothing was written for. What waits for its turn is told by its key of today: a row that
 * was corrected since asks for another title.
 */
const unwritten = sql`(
  (rows.status = 'pending' and rows.decision_key = title_request_key(rows.title_key, rows.normalized_payload))
  or (rows.status = 'failed' and rows.outcome->'match'->'reason'->>'code' = 'decided_none')
  or rows.status = 'skipped'
  or (rows.status = 'success' and jobs.dry_run)
)`;

/**
 * Lets the rows wait again that a decision on a title has settled, with the candidates that they had. What they have written is
 * taken back where nothing else has touched it since; the rest stays, and is counted (decision 21). Call it when the alias is
 * gone, in the same transaction, which may end in a deadlock with a chunk that writes to the same works: try again then.
 *
 * @param asked what the operator had been asked
 */
export async function reopenRows(
  trx: Transaction<Database>,
  key: string,
  asked: AskedTitle,
): Promise<Reopened> {
  // Jobs are locked in one order, before their rows, as everybody does who moves counters.
  await sql`
    select id from import_jobs
    where undo_status is null
      and id in (select job_id from import_rows where decision_key = ${key} and status <> 'review')
    order by id for no key update`.execute(trx);
  // First what was never written: what doubles a written row no longer leans on it then.
  const moved = new Map<string, number>();
  await wait(trx, key, asked, unwritten, moved);
  const taken = await takeBackWritten(trx, key);
  for (const { jobId, rowNumbers } of taken)
    await wait(
      trx,
      key,
      asked,
      sql`(rows.status = 'success' and rows.job_id = ${jobId}::uuid and rows.row_number = any(${rowNumbers}::int[]))`,
      moved,
    );
  await forgetWritten(trx, taken);
  for (const [jobId, count] of moved) {
    await addEvent(trx, jobId, "reopened", `A decision was taken back: ${count} rows wait for another.`, {
      rows: count,
    });
    // What was pending may have been all that was left to do.
    await finishIfDone(trx, jobId);
  }
  return {
    rows: [...moved.values()].reduce((sum, count) => sum + count, 0),
    imports: moved.size,
    ...(await countLeft(trx, key)),
  };
}

/** Sets rows back to review, and moves their imports' counters and status by the same statement. */
async function wait(
  trx: Transaction<Database>,
  key: string,
  asked: AskedTitle,
  which: RawBuilder<unknown>,
  moved: Map<string, number>,
): Promise<void> {
  const text =
    readOutcome(asked).match?.reason?.text ??
    "A decision on this title was taken back. Pick the one that is meant.";
  const { rows } = await sql<{ jobId: string; count: number }>`
    with found as (
      select rows.id, rows.job_id, rows.status
      from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
      where rows.decision_key = ${key} and rows.status <> 'review' and jobs.undo_status is null and ${which}
      for update of rows
    ), moved as (
      update import_rows as rows set status = 'review', error_code = 'REVIEW', error_message = ${text},
        outcome = ${JSON.stringify(asked)}::jsonb, work_id = null, target_record_id = null,
        mismatch_key = null, updated_at = clock_timestamp()
      from found where rows.id = found.id
      returning found.job_id, found.status
    ), counts as (
      select job_id, count(*)::int as count, count(*) filter (where status = 'pending')::int as pending,
        count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'skipped')::int as skipped,
        count(*) filter (where status = 'success')::int as success
      from moved group by job_id
    )
    update import_jobs set
      -- One that could not go on as a whole (it has an error of its own) has more to mend than this title.
      status = case when status in ('completed', 'failed') and error_code is null then 'partial' else status end,
      review_rows = review_rows + counts.count, processed_rows = processed_rows + counts.pending,
      failed_rows = failed_rows - counts.failed, skipped_rows = skipped_rows - counts.skipped,
      success_rows = success_rows - counts.success, updated_at = clock_timestamp()
    from counts where import_jobs.id = counts.job_id
    returning import_jobs.id as "jobId", counts.count`.execute(trx);
  for (const { jobId, count } of rows) moved.set(jobId, (moved.get(jobId) ?? 0) + count);
}

async function countLeft(
  trx: Transaction<Database>,
  key: string,
): Promise<Pick<Reopened, "written" | "inHand">> {
  const { rows } = await sql<Pick<Reopened, "written" | "inHand">>`
    select count(*) filter (where rows.status = 'success')::int as written,
      count(*) filter (where rows.status = 'processing')::int as "inHand"
    from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
    where rows.decision_key = ${key} and rows.status in ('success', 'processing')
      and not jobs.dry_run and jobs.undo_status is null`.execute(trx);
  return rows[0] ?? { written: 0, inHand: 0 };
}
