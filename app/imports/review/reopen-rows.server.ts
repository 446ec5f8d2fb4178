import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import type { AskedTitle } from "#app/imports/review/decided-title.ts";
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
 * Rows that a decision settled and that nothing was written for: they can wait again as if it had never been. What waits for its
 * turn is told by its key of today: a row that was corrected since asks for another title.
 */
const unwritten = sql`(
  (rows.status = 'pending' and rows.decision_key = title_request_key(rows.title_key, rows.normalized_payload))
  or (rows.status = 'failed' and rows.outcome->'match'->'reason'->>'code' = 'decided_none')
  or rows.status = 'skipped'
  or (rows.status = 'success' and jobs.dry_run)
)`;

/**
 * Lets the rows wait again that a decision on a title has settled, with the candidates that they had. What was written stays
 * (decision 21), and is counted. Call it when the alias is gone, in the same transaction.
 *
 * @param asked what the operator had been asked
 */
export async function reopenRows(
  trx: Transaction<Database>,
  key: string,
  asked: AskedTitle,
): Promise<Reopened> {
  const { rows: jobs } = await sql<{ id: string }>`
    select id from import_jobs
    where undo_status is null and id in (
      select rows.job_id from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
      where rows.decision_key = ${key} and rows.status <> 'review' and ${unwritten}
    )
    order by id for no key update`.execute(trx);
  const text =
    readOutcome(asked).match?.reason?.text ??
    "A decision on this title was taken back. Pick the one that is meant.";
  const { rows: moved } = await sql<{ jobId: string; count: number }>`
    with found as (
      select rows.id, rows.job_id, rows.status
      from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
      where rows.decision_key = ${key} and rows.status <> 'review' and ${unwritten}
        and rows.job_id = any(${jobs.map(({ id }) => id)}::uuid[])
      for update of rows
    ), moved as (
      update import_rows as rows set status = 'review', error_code = 'REVIEW', error_message = ${text},
        outcome = ${JSON.stringify(asked)}::jsonb, work_id = null, target_record_id = null, updated_at = clock_timestamp()
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
  for (const { jobId, count } of moved) {
    await addEvent(trx, jobId, "reopened", `A decision was taken back: ${count} rows wait for another.`, {
      rows: count,
    });
    // What was pending may have been all that was left to do.
    await finishIfDone(trx, jobId);
  }
  return {
    rows: moved.reduce((sum, { count }) => sum + count, 0),
    imports: moved.length,
    ...(await countLeft(trx, key)),
  };
}

async function countLeft(
  trx: Transaction<Database>,
  key: string,
): Promise<Pick<Reopened, "written" | "inHand">> {
  const { rows } = await sql<Pick<Reopened, "written" | "inHand">>`
    select count(*) filter (where status = 'success')::int as written,
      count(*) filter (where status = 'processing')::int as "inHand"
    from import_rows where decision_key = ${key} and status in ('success', 'processing')`.execute(trx);
  return rows[0] ?? { written: 0, inHand: 0 };
}
