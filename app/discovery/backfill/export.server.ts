import type { Kysely } from "kysely";
import { csvLines } from "#app/csv/csv-lines.ts";
import type { Database } from "#app/db/types.ts";
import { type BackfillRowStatus, listBackfillRows } from "#app/discovery/backfill/backfills.server.ts";
import { fieldLabel, fieldList } from "#app/discovery/backfill/fields.ts";

const BATCH_ROWS = 1_000;
const HEADER = ["Row", "Work", "Record", "Title", "Year", "Lacked", "Status", "Filled", "Code", "Reason"];

/** The rows of a backfill as CSV text, chunk by chunk, safe against formula injection; of one status when named. */
export async function* backfillCsv(
  db: Kysely<Database>,
  id: string,
  status?: BackfillRowStatus,
): AsyncGenerator<string, void, undefined> {
  yield csvLines([HEADER]);
  let after = 0;
  for (;;) {
    const rows = await listBackfillRows(db, id, { ...(status ? { status } : {}), after, limit: BATCH_ROWS });
    if (rows.length === 0) return;
    yield csvLines(
      rows.map((row) => [
        row.rowNumber,
        row.workId ?? "",
        row.recordId ?? "",
        row.title,
        row.year ?? "",
        fieldList(row.lacks),
        row.status,
        filledText(row.filled),
        row.errorCode ?? "",
        row.errorMessage ?? "",
      ]),
    );
    after = rows.at(-1)?.rowNumber ?? after;
  }
}

function filledText(filled: Partial<Record<keyof typeof fieldLabel, unknown>> | null): string {
  return Object.entries(filled ?? {})
    .map(([field, value]) => `${fieldLabel[field as keyof typeof fieldLabel] ?? field}: ${String(value)}`)
    .join("; ");
}
