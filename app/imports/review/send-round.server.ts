import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";

/**
 * Sends every row round again that waits for the decision on one title. A cancelled import is not set going by a decision that
 * somebody makes elsewhere: its rows are open again and go along when it goes on.
 *
 * @returns how many rows, and in how many imports
 */
export async function sendRound(
  trx: Transaction<Database>,
  key: string,
): Promise<{ rows: number; imports: number }> {
  // Jobs are locked in one order, before their rows, as everybody does who moves counters.
  const { rows: jobs } = await sql<{ id: string }>`
    select id from import_jobs
    where undo_status is null
      and id in (select job_id from import_rows where status = 'review' and decision_key = ${key})
    order by id for no key update`.execute(trx);
  if (jobs.length === 0) return { rows: 0, imports: 0 };
  const { rows: moved } = await sql<{ jobId: string; count: number; isCancelled: boolean }>`
    with moved as (
      update import_rows set status = 'pending', error_code = null, error_message = null, attempt_count = 0,
        updated_at = clock_timestamp()
      where status = 'review' and decision_key = ${key} and job_id = any(${jobs.map(({ id }) => id)}::uuid[])
      returning job_id
    ), counts as (
      select job_id, count(*)::int as count from moved group by job_id
    )
    update import_jobs set
      status = case when status in ('cancelled', 'processing') then status else 'queued' end,
      review_rows = review_rows - counts.count, processed_rows = processed_rows - counts.count,
      completed_at = case when status = 'cancelled' then completed_at end, updated_at = clock_timestamp()
    from counts where import_jobs.id = counts.job_id
    returning import_jobs.id as "jobId", counts.count, import_jobs.status = 'cancelled' as "isCancelled"`.execute(
    trx,
  );
  for (const { jobId, count, isCancelled } of moved) {
    await addEvent(trx, jobId, "decided", `${count} rows were decided by an operator.`, { rows: count });
    if (!isCancelled) await enqueue(trx, "process_import", { importJobId: jobId });
  }
  return { rows: moved.reduce((sum, { count }) => sum + count, 0), imports: moved.length };
}
