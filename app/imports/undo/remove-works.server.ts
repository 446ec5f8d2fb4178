import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { BatchTally } from "#app/imports/undo/remove-records.server.ts";
import { workVerdict } from "#app/imports/undo/verdicts.server.ts";

interface CreatedWork {
  rowNumber: number;
  workId: string;
}

/**
 * Removes the next works that an import created, with all that is known of them, in one transaction; after its viewings, wishes
 * and ratings. A work that anything else hangs on is left, with its reason in the ledger.
 *
 * @returns null when none is left to do
 */
export async function removeWorks(
  trx: Transaction<Database>,
  jobId: string,
  limit: number,
): Promise<BatchTally | null> {
  const { rows: batch } = await sql<CreatedWork>`
    select row_number as "rowNumber", record_id as "workId" from import_changes
    where job_id = ${jobId}::uuid and kind = 'work' and undo_result is null
    order by row_number limit ${limit} for update`.execute(trx);
  return batch.length === 0 ? null : removeBatch(trx, jobId, batch);
}

/** As `removeWorks`, for the works that these rows have created. */
export async function removeWorksOfRows(
  trx: Transaction<Database>,
  jobId: string,
  rowNumbers: readonly number[],
): Promise<BatchTally> {
  const { rows: batch } = await sql<CreatedWork>`
    select row_number as "rowNumber", record_id as "workId" from import_changes
    where job_id = ${jobId}::uuid and kind = 'work' and undo_result is null and row_number = any(${rowNumbers}::int[])
    order by row_number for update`.execute(trx);
  return removeBatch(trx, jobId, batch);
}

async function removeBatch(
  trx: Transaction<Database>,
  jobId: string,
  batch: readonly CreatedWork[],
): Promise<BatchTally> {
  // Against whoever is about to hang something on one of them: he waits, and then finds it gone or this finds what he hung.
  await sql`
    select from works where work_id = any(${batch.map(({ workId }) => workId)}::bigint[])
    order by work_id for update`.execute(trx);
  const { rows } = await sql<{ result: string }>`
    with judged as materialized (
      select change.row_number, work.work_id, ${workVerdict(false)} as verdict
      from import_changes as change left join works as work on work.work_id = change.record_id::bigint
      where change.job_id = ${jobId}::uuid and change.kind = 'work'
        and change.row_number = any(${batch.map(({ rowNumber }) => rowNumber)}::int[])
    ), removed as (
      delete from works using judged where works.work_id = judged.work_id and judged.verdict is null
    )
    update import_changes set undo_reason = judged.verdict,
      undo_result = case when judged.verdict is null then 'removed' when judged.verdict = 'GONE' then 'gone' else 'left' end
    from judged where job_id = ${jobId}::uuid and import_changes.row_number = judged.row_number and kind = 'work'
    returning undo_result as result`.execute(trx);
  const left = rows.filter(({ result }) => result === "left").length;
  return { removed: rows.length - left, left };
}
