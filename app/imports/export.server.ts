import { type ControlledTransaction, type Kysely, sql } from "kysely";
import type { Delimiter } from "#app/csv/read/delimiter.ts";
import { delimiters } from "#app/csv/read/delimiter.ts";
import type { Database } from "#app/db/types.ts";
import { type FailedRow, failedRowsCsv } from "#app/imports/failed-rows-csv.ts";
import { downloadTurns } from "#app/imports/turns.ts";

const BATCH_ROWS = 1_000;

/**
 * The failed rows of an import as UTF-8 CSV, with the delimiter of the uploaded file, so that the program that made that
 * file opens this one. All rows are of one moment: a read-only snapshot, walked by row number.
 *
 * Its connection is taken with the first read and given back at the end, on an error, and when the reader goes away
 * (`cancel`). PostgreSQL ends the snapshot of a reader that stands still for a minute.
 *
 * @param job `columns` and `parseOptions` as stored
 */
export function failedRowsStream(
  db: Kysely<Database>,
  job: { id: string; columns: readonly string[]; delimiter: Delimiter },
): ReadableStream<Uint8Array> {
  const chunks = failedRowsChunks(db, job);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* failedRowsChunks(
  db: Kysely<Database>,
  job: { id: string; columns: readonly string[]; delimiter: Delimiter },
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  const endTurn = await downloadTurns.take();
  try {
    const trx = await db
      .startTransaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute();
    try {
      for await (const text of failedRowsCsv(job.columns, failedRows(trx, job.id), job.delimiter))
        yield encoder.encode(text);
    } finally {
      await end(trx);
    }
  } finally {
    endTurn();
  }
}

/** Nothing was written, so how the snapshot ends does not matter; that the connection goes back to the pool does. */
async function end(trx: ControlledTransaction<Database>): Promise<void> {
  try {
    await trx.rollback().execute();
  } catch {
    // The connection is gone; the error that tells of it is on its way already.
  }
}

async function* failedRows(
  trx: Kysely<Database>,
  jobId: string,
): AsyncGenerator<FailedRow[], void, undefined> {
  let after = 0;
  for (;;) {
    const rows = await trx
      .selectFrom("import_rows")
      .select(["row_number as rowNumber", "error_code as code", "error_message as message"])
      // As corrected: whoever goes on with the file has what was mended already.
      .select(
        sql<Record<string, unknown>>`raw_payload || coalesce((
          select cells from import_row_corrections as corrections
          where corrections.job_id = import_rows.job_id and corrections.row_number = import_rows.row_number
          order by corrections.id desc limit 1), '{}')`.as("raw"),
      )
      .where("job_id", "=", jobId)
      .where("status", "=", "failed")
      .where("row_number", ">", after)
      .orderBy("row_number")
      .limit(BATCH_ROWS)
      .execute();
    yield rows.map((row) => ({ ...row, code: row.code ?? "UNKNOWN", message: row.message ?? "" }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH_ROWS) return;
    after = last.rowNumber;
  }
}

/** The delimiter that an import's file was read with. */
export async function delimiterOf(db: Kysely<Database>, jobId: string): Promise<Delimiter> {
  const row = await db
    .selectFrom("import_jobs")
    .select("parse_options")
    .where("id", "=", jobId)
    .executeTakeFirstOrThrow();
  const stated = row.parse_options.delimiter;
  return delimiters.find((delimiter) => delimiter === stated) ?? ",";
}
