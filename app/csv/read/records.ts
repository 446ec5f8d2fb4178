import { parse } from "csv-parse/sync";
import type { Delimiter } from "./delimiter.ts";
import { type Cut, type Fault, maxRecordLength, RecordCutter } from "./record-cutter.ts";
import { isStorable, makeStorable } from "./storable.ts";

/** One record that is not blank. */
export interface CsvRecord {
  cells: string[];
  /** Physical line, from 1, on which the record starts. */
  line: number;
  /** Why the record is malformed; its cells are then a best effort, split at every delimiter. */
  fault: Fault | null;
  faultLine: number;
  /** True when NUL or unpaired surrogates were replaced (see storable.ts). */
  replaced: boolean;
}

/** Records handed to csv-parse at once: its set-up costs as much as reading some fifty records. */
const batchRecords = 1000;

/**
 * Reads text into records. Blank records (nothing but white space and delimiters) are left out. Lines may end with LF, CR
 * or CRLF, mixed as they come; where the chunks are cut makes no difference.
 */
export function* readRecords(
  chunks: Iterable<string>,
  delimiter: Delimiter,
): Generator<CsvRecord, void, undefined> {
  const cutter = new RecordCutter(delimiter);
  let cuts: Cut[] = [];
  for (const chunk of chunks) {
    for (const cut of cutter.push(chunk)) {
      cuts.push(cut);
      if (cuts.length < batchRecords) continue;
      yield* takeApart(cuts, delimiter);
      cuts = [];
    }
  }
  for (const cut of cutter.end()) cuts.push(cut);
  yield* takeApart(cuts, delimiter);
}

function* takeApart(cuts: readonly Cut[], delimiter: Delimiter): Generator<CsvRecord, void, undefined> {
  const storable = cuts.map((cut) => isStorable(cut.text));
  const texts = cuts.map((cut, at) => (storable[at] ? cut.text : makeStorable(cut.text)));
  const wellFormed = readCells(
    texts.filter((_, at) => cuts[at]?.fault === null),
    delimiter,
  );
  let next = 0;
  for (const [at, cut] of cuts.entries()) {
    const cells = cut.fault === null ? wellFormed[next++] : texts[at]?.split(delimiter);
    if (cells === undefined) throw new Error(`No cells for the record on line ${cut.line}`);
    // What stands for an abandoned record may be blank; the record was not.
    if (cut.fault === null && cells.every((cell) => cell.trim() === "")) continue;
    yield { cells, line: cut.line, fault: cut.fault, faultLine: cut.faultLine, replaced: !storable[at] };
  }
}

/** Cells of well-formed records, one array per record. The cutter has made sure that csv-parse finds nothing to object to. */
function readCells(texts: readonly string[], delimiter: Delimiter): string[][] {
  if (texts.length === 0) return [];
  const records = parse(texts.join("\n"), {
    delimiter,
    // The cutter took the line ends away; a CR or CRLF that is left stands inside quotes.
    record_delimiter: "\n",
    relax_column_count: true,
    max_record_size: 4 * maxRecordLength,
  });
  if (records.length !== texts.length) {
    throw new Error(`The cutter sees ${texts.length} records where csv-parse sees ${records.length}`);
  }
  return records;
}
