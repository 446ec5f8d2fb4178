import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { Additions } from "#app/imports/corrections/correction.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { dedupeKey, titleKeyOf } from "#app/imports/row-keys.ts";
import type { FormatId } from "#app/imports/sources/adapter.ts";
import { adapterOf } from "#app/imports/sources/registry.ts";

/** A failed row as it is to be read from now on. */
export interface CorrectedRow {
  rowNumber: number;
  /** Column to cell: those that differ from the line as it was. */
  cells: Record<string, string>;
  additions: Additions;
  row: NormalizedRow;
}

export interface CorrectedBy {
  name: string;
  /** The corrected file that they come from; null: typed in. */
  repairId: string | null;
}

/** Viewings of the same thing on one day that a file may state. */
const MOST_OCCURRENCES = 10;

/**
 * Puts corrections in the place of failed rows, which stay failed until they are retried. The lines as they were stay too, each
 * correction with who made it lies beside them.
 *
 * @param trx a transaction that has locked the job
 * @returns the rows that were replaced: those of them that still were failed
 */
export async function replaceRows(
  trx: Kysely<Database>,
  job: { id: string; format: FormatId },
  corrections: readonly CorrectedRow[],
  by: CorrectedBy,
): Promise<number[]> {
  if (corrections.length === 0) return [];
  await numberOccurrences(trx, job, corrections);
  const rows = corrections.map(({ rowNumber, cells, additions, row }) => {
    const title = titleKeyOf(row);
    return { n: rowNumber, row, t: title, d: dedupeKey(row, title), cells, additions };
  });
  const { rows: replaced } = await sql<{ rowNumber: number }>`
    with correction as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as correction (n int, row jsonb, t text, d text, cells jsonb, additions jsonb)
    ), replaced as (
      update import_rows as rows set normalized_payload = correction.row, title_key = correction.t, dedupe_key = correction.d,
        updated_at = clock_timestamp()
      from correction
      where rows.job_id = ${job.id}::uuid and rows.row_number = correction.n and rows.status = 'failed'
      returning rows.row_number, rows.error_code
    )
    insert into import_row_corrections (job_id, row_number, cells, additions, error_code, corrected_by, repair_id)
    select ${job.id}::uuid, row_number, cells, additions, error_code, ${by.name}, ${by.repairId}::uuid
    from replaced join correction on correction.n = replaced.row_number
    order by row_number
    returning row_number as "rowNumber"`.execute(trx);
  return replaced.map(({ rowNumber }) => rowNumber);
}

/**
 * Formats that list each viewing count those of one day over the whole file, of which only single rows are at hand here: a
 * corrected row takes the first number that no other row has.
 */
async function numberOccurrences(
  trx: Kysely<Database>,
  job: { id: string; format: FormatId },
  corrections: readonly CorrectedRow[],
): Promise<void> {
  const { wholeFile, statesRewatches } = adapterOf(job.format);
  const counted = corrections.filter(
    ({ row }) => wholeFile?.repeatColumns !== undefined || (statesRewatches && row.rewatch),
  );
  for (const { row } of corrections) row.occurrence = 1;
  if (counted.length === 0) return;
  const keys = new Map(counted.map((one) => [one, keysOf(one.row)]));
  const { rows } = await sql<{ key: string }>`
    select dedupe_key as key from import_rows
    where job_id = ${job.id}::uuid and dedupe_key = any(${[...keys.values()].flat()}::text[])
      and row_number <> all(${corrections.map(({ rowNumber }) => rowNumber)}::int[])`.execute(trx);
  const taken = new Set(rows.map(({ key }) => key));
  for (const [{ row }, candidates] of keys) {
    const free = candidates.findIndex((key) => !taken.has(key));
    row.occurrence = Math.max(0, free) + 1;
    const key = candidates[row.occurrence - 1];
    if (key !== undefined) taken.add(key);
  }
}

const keysOf = (row: NormalizedRow): string[] =>
  Array.from({ length: MOST_OCCURRENCES }, (_, at) => dedupeKey({ ...row, occurrence: at + 1 }));
