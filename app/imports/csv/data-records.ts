import { restoreFormula } from "#app/csv/formula-safety.ts";
import { decodeText } from "#app/csv/read/encoding.ts";
import { type CsvRecord, readRecords } from "#app/csv/read/records.ts";
import { isFailedRowsFile } from "#app/imports/report-columns.ts";
import type { Layout } from "./layout.ts";

/**
 * The records below the header, without blank cells behind the last column and, in a failed-rows file of ours, without the
 * apostrophes that we put in.
 */
export function* dataRecords(bytes: Uint8Array, layout: Layout): Generator<CsvRecord, void, undefined> {
  const width = layout.columns.length;
  const isOurs = isFailedRowsFile(layout.columns);
  let toSkip = layout.skippedRecords;
  for (const record of readRecords(decodeText(bytes, layout.encoding), layout.delimiter)) {
    if (toSkip > 0) toSkip -= 1;
    else yield trimmed(record, width, isOurs);
  }
}

function trimmed(record: CsvRecord, width: number, isOurs: boolean): CsvRecord {
  let end = record.cells.length;
  while (end > width && (record.cells[end - 1] ?? "").trim() === "") end -= 1;
  if (end === record.cells.length && !isOurs) return record;
  const cells = record.cells.slice(0, end);
  return { ...record, cells: isOurs ? cells.map(restoreFormula) : cells };
}
