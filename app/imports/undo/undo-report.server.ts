import type { Kysely } from "kysely";
import { sql } from "kysely";
import { csvLines } from "#app/csv/csv-lines.ts";
import type { Database } from "#app/db/types.ts";
import type { LeftRecord } from "#app/imports/undo/foretell-undo.server.ts";
import { type ChangeKind, kindWord, reasonSentence } from "#app/imports/undo/undo-reasons.ts";

const BATCH_ROWS = 1_000;

/** One entry of the ledger for people. */
export interface UndoneRecord extends Omit<LeftRecord, "reason"> {
  recordId: string;
  /** Null: the import is not undone, or not so far. */
  result: "removed" | "left" | "gone" | null;
  reason: string | null;
}

/**
 * What an import made and what became of it, by row.
 *
 * @param page.after the entry that the page before ended with
 */
export async function listUndone(
  db: Kysely<Database>,
  jobId: string,
  page: { limit: number; after?: { rowNumber: number; kind: string }; leftOnly?: boolean },
): Promise<UndoneRecord[]> {
  const { rowNumber, kind } = page.after ?? { rowNumber: 0, kind: "" };
  const { rows } = await sql<UndoneRecord>`
    select change.row_number as "rowNumber", line_number as "lineNumber", kind, record_id as "recordId",
      coalesce(normalized_payload->>'title', '') as title, undo_result as result, undo_reason as reason
    from import_changes as change
    join import_rows using (job_id, row_number)
    where job_id = ${jobId}::uuid and (change.row_number, kind) > (${rowNumber}, ${kind})
      and (not ${page.leftOnly ?? false} or undo_result = 'left')
    order by change.row_number, kind limit ${page.limit}`.execute(db);
  return rows;
}

/** What became of the things that one row made. */
export async function listUndoneOfRow(
  db: Kysely<Database>,
  jobId: string,
  rowNumber: number,
): Promise<Pick<UndoneRecord, "kind" | "result" | "reason">[]> {
  return db
    .selectFrom("import_changes")
    .select(["kind", "undo_result as result", "undo_reason as reason"])
    .where("job_id", "=", jobId)
    .where("row_number", "=", rowNumber)
    .where("undo_result", "is not", null)
    .orderBy("kind")
    .execute();
}

const HEADER = ["Line", "Title", "What", "Record", "Result", "Reason"];
const RESULTS = { removed: "removed", left: "left", gone: "was gone already" } as const;

/** The same as CSV text, chunk by chunk, safe against formula injection. */
export async function* undoReport(
  db: Kysely<Database>,
  jobId: string,
): AsyncGenerator<string, void, undefined> {
  yield csvLines([HEADER]);
  let after: { rowNumber: number; kind: ChangeKind } | undefined;
  for (;;) {
    const rows = await listUndone(db, jobId, { limit: BATCH_ROWS, ...(after && { after }) });
    if (rows.length === 0) return;
    yield csvLines(
      rows.map(({ lineNumber, title, kind, recordId, result, reason }) => [
        lineNumber,
        title,
        kindWord(kind),
        recordId,
        result === null ? "not undone" : RESULTS[result],
        reason === null ? "" : reasonSentence(reason),
      ]),
    );
    after = rows.at(-1);
  }
}
