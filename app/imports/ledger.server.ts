import { type Kysely, sql } from "kysely";
import type { ImportChangesTable } from "#app/db/tables/imports.ts";
import type { Database } from "#app/db/types.ts";
import type { Entry, RatingBefore, Written } from "#app/works/record.server.ts";

/** One thing that a row of an import has made. What it made of what stood there before is not an import's to take back. */
export interface LedgerEntry {
  rowNumber: number;
  kind: ImportChangesTable["kind"];
  recordId: string;
  /** Of a viewing: its day as written. */
  viewedOn?: string | null;
  /** Of an own rating: the one that it replaced. */
  before?: RatingBefore | null;
}

export const viewingChange = (entry: Entry, { rowNumber, recordId }: Written): LedgerEntry => ({
  rowNumber,
  kind: "viewing",
  recordId,
  viewedOn: entry.date,
});

/**
 * Writes down what rows have made, in one statement for a whole batch.
 *
 * @param trx the transaction that made it: there is never one without the other
 */
export async function noteChanges(
  trx: Kysely<Database>,
  jobId: string,
  changes: readonly LedgerEntry[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    n: change.rowNumber,
    k: change.kind,
    r: change.recordId,
    d: change.viewedOn ?? null,
    b: change.before ?? null,
  }));
  await sql`
    insert into import_changes (job_id, row_number, kind, record_id, viewed_on, before)
    select ${jobId}::uuid, n, k, r, d, b
    from json_to_recordset(${JSON.stringify(rows)}::json) as change (n int, k text, r text, d date, b jsonb)
    -- An effect over there may be found again by a later attempt of its row.
    on conflict (job_id, row_number, kind) do nothing`.execute(trx);
}
