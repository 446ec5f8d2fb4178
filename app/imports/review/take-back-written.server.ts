import { sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { removeRecordsOfRows } from "#app/imports/undo/remove-records.server.ts";
import { removeWorksOfRows } from "#app/imports/undo/remove-works.server.ts";

/** Rows of one decision whose effects one transaction takes back; beyond these they stay. */
const MOST_ROWS = 2_000;

/** Rows of one import. */
export interface RowsOfJob {
  jobId: string;
  rowNumbers: number[];
}

/**
 * Takes back what the rows of a decision have written to the built-in catalogue, as undoing their imports would: a viewing, wish
 * or rating that anything else has touched since stays. Decision 21.
 *
 * @param trx with the jobs of these rows locked
 * @returns the rows of which nothing stands any more, by import
 */
export async function takeBackWritten(trx: Transaction<Database>, key: string): Promise<RowsOfJob[]> {
  const { rows: written } = await sql<RowsOfJob>`
    select job_id as "jobId", array_agg(row_number order by row_number) as "rowNumbers"
    from (
      select rows.job_id, rows.row_number
      from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
      where rows.decision_key = ${key} and rows.status = 'success'
        and not jobs.dry_run and jobs.catalogue = 'builtin' and jobs.has_ledger and jobs.undo_status is null
      order by rows.job_id, rows.row_number limit ${MOST_ROWS}
    ) as written
    group by job_id order by job_id`.execute(trx);
  const free: RowsOfJob[] = [];
  for (const { jobId, rowNumbers } of written) {
    await removeRecordsOfRows(trx, jobId, rowNumbers);
    const stands = await rowsThatStand(trx, jobId, rowNumbers);
    free.push({ jobId, rowNumbers: rowNumbers.filter((rowNumber) => !stands.has(rowNumber)) });
  }
  return free.filter(({ rowNumbers }) => rowNumbers.length > 0);
}

/** The rows of which something was left. Their entries count as not undone: their imports may still be. */
async function rowsThatStand(
  trx: Transaction<Database>,
  jobId: string,
  rowNumbers: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql<{ rowNumber: number }>`
    update import_changes set undo_result = null, undo_reason = null
    where job_id = ${jobId}::uuid and row_number = any(${rowNumbers}::int[]) and undo_result = 'left'
    returning row_number as "rowNumber"`.execute(trx);
  return new Set(rows.map(({ rowNumber }) => rowNumber));
}

/**
 * Removes the works that these rows had created, where nothing hangs on them any more, and strikes the rows out of the ledger:
 * they will write anew, under the same number. Call it when the rows do not count as written any more.
 */
export async function forgetWritten(trx: Transaction<Database>, taken: readonly RowsOfJob[]): Promise<void> {
  for (const { jobId, rowNumbers } of taken) {
    await removeWorksOfRows(trx, jobId, rowNumbers);
    // A work that was left belongs to those who hang on it.
    await sql`delete from import_changes where job_id = ${jobId}::uuid and row_number = any(${rowNumbers}::int[])`.execute(
      trx,
    );
  }
}
