import { csvLines } from "#app/csv/csv-lines.ts";
import type { Delimiter } from "#app/csv/read/delimiter.ts";
import { ownColumns, reportColumns } from "./report-columns.ts";
import type { FormatId } from "./sources/adapter.ts";
import { adapterOf } from "./sources/registry.ts";

export interface FailedRow {
  rowNumber: number;
  /** The row as it was read: header to cell. Cells behind the last header are named in `message`. */
  raw: Readonly<Record<string, unknown>>;
  code: string;
  message: string;
}

/**
 * The failed rows as CSV text, chunk by chunk: the file's own columns in their order, then `_row,_error_code,_error`.
 * Corrected and uploaded again it is read as the same rows. Formulas are made harmless (formula-safety.ts); a title such
 * as `-1` therefore stands there as `'-1` and is read back as `-1`.
 *
 * @param batches rows in row order; each batch becomes one chunk, after the header
 */
export async function* failedRowsCsv(
  columns: readonly string[],
  batches: Iterable<readonly FailedRow[]> | AsyncIterable<readonly FailedRow[]>,
  delimiter: Delimiter = ",",
): AsyncGenerator<string, void, undefined> {
  // A failed-rows file that failed again keeps one set of our columns.
  const own = ownColumns(columns);
  yield csvLines([[...own, ...reportColumns]], delimiter);
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    const rows = batch.map((row) => [
      ...own.map((column) => cellOf(row.raw, column)),
      row.rowNumber,
      row.code,
      row.message,
    ]);
    yield csvLines(rows, delimiter);
  }
}

/** The template of a format: its header and example rows. */
export function templateCsv(format: FormatId): string {
  const { columns, examples } = adapterOf(format);
  return csvLines([columns.map((column) => column.name), ...examples], ",");
}

function cellOf(raw: Readonly<Record<string, unknown>>, column: string): string {
  // hasOwn: a column may be called "constructor".
  const cell = Object.hasOwn(raw, column) ? raw[column] : undefined;
  return typeof cell === "string" ? cell : "";
}
