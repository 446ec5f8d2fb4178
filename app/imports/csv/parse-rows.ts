import { AppError } from "#app/errors.ts";
import { isFailedRowsFile, restoreFormula } from "#app/imports/formula-safety.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { dedupeKey, titleKeyOf } from "#app/imports/row-keys.ts";
import { decodeText } from "./encoding.ts";
import { findLayout, type Layout } from "./layout.ts";
import {
  defaultMaxRows,
  type ParsedBatch,
  type ParsedRow,
  type ParseOptions,
  type ParseReport,
  type RowProblem,
} from "./parse-report.ts";
import { type CsvRecord, readRecords } from "./records.ts";
import { rowJudge, type Verdict } from "./row-verdict.ts";

/** Rows of one batch: one JSON parameter of one INSERT. */
const batchRows = 5000;
/** Characters of JSON after which a batch is closed early, so that long rows do not make a huge one. */
const batchLength = 8_000_000;
const reportedProblems = 100;
const sampleRows = 20;

/**
 * Reads a whole file: yields its rows in batches, in order, and returns the report. Memory holds one batch and the keys.
 *
 * @param wantsBatches false for a preview: nothing is yielded and no JSON is made
 * @throws AppError those of `findLayout`, `NO_ROWS`, `TOO_MANY_ROWS`, `BAD_ENCODING`
 */
export function* parseRows(
  file: { bytes: Uint8Array; fileName: string },
  options: ParseOptions,
  wantsBatches: boolean,
): Generator<ParsedBatch, Omit<ParseReport, "sha256">, undefined> {
  const layout = findLayout(file.bytes, file.fileName, options);
  const maxRows = options.maxRows ?? defaultMaxRows;
  const judge = rowJudge(layout.adapter, layout.columns, { currentYear: new Date().getUTCFullYear() });
  const correct = isFailedRowsFile(layout.columns);
  const tally = new Tally(layout);
  const batch = new BatchText();
  let toSkip = layout.skippedRecords;
  for (const record of readRecords(decodeText(file.bytes, layout.encoding), layout.delimiter)) {
    if (toSkip > 0) {
      toSkip -= 1;
      continue;
    }
    const row = trimmed(record, layout.columns.length, correct);
    const parsed = tally.add(row, judge(row));
    if (parsed.n > maxRows) throw tooManyRows(maxRows);
    if (!wantsBatches) continue;
    parsed.raw = rawOf(row.cells, layout.columns);
    batch.add(parsed);
    if (batch.isFull) yield batch.take();
  }
  if (batch.count > 0) yield batch.take();
  if (tally.totalRows === 0) {
    throw new AppError(
      "NO_ROWS",
      422,
      "The file has a header but no rows. Export it again and upload the new file.",
    );
  }
  return tally.report(file.bytes.length);
}

/** Counts what a report states and gives each row its number, keys and occurrence. */
class Tally {
  totalRows = 0;
  readonly #layout: Layout;
  readonly #problems: RowProblem[] = [];
  #problemCount = 0;
  #duplicates = 0;
  readonly #sample: ParseReport["sample"] = [];
  readonly #titles = new Set<string>();
  readonly #effects = new Set<string>();
  /** Rows so far by title and day; only for formats that state rewatches. */
  readonly #viewings = new Map<string, number>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** The row with everything but its raw cells. */
  add(record: CsvRecord, verdict: Verdict): ParsedRow {
    this.totalRows += 1;
    const place = { rowNumber: this.totalRows, lineNumber: record.line };
    const keys = verdict.norm === null ? null : this.#keys(verdict.norm);
    const problem = verdict.problem === null ? null : { ...place, ...verdict.problem };
    if (problem !== null) {
      this.#problemCount += 1;
      if (this.#problems.length < reportedProblems) this.#problems.push(problem);
    }
    if (this.#sample.length < sampleRows) {
      this.#sample.push({ ...place, cells: record.cells, normalized: verdict.norm, problem });
    }
    return {
      n: place.rowNumber,
      l: place.lineNumber,
      raw: {},
      norm: verdict.norm,
      t: keys?.title ?? null,
      d: keys?.effect ?? null,
      c: problem?.code ?? null,
      m: problem?.message ?? null,
    };
  }

  #keys(row: NormalizedRow): { title: string; effect: string } {
    const title = titleKeyOf(row);
    if (this.#layout.adapter.statesRewatches) {
      const viewing = `${title}|${row.date ?? ""}`;
      const earlier = this.#viewings.get(viewing) ?? 0;
      this.#viewings.set(viewing, earlier + 1);
      // A repeated row is a duplicate unless the file itself says that it was seen again.
      if (row.rewatch) row.occurrence = earlier + 1;
    }
    const effect = dedupeKey(row, title);
    this.#titles.add(title);
    if (this.#effects.has(effect)) this.#duplicates += 1;
    else this.#effects.add(effect);
    return { title, effect };
  }

  report(bytes: number): Omit<ParseReport, "sha256"> {
    const { adapter, certainty, closeFormats, encoding, delimiter, columns, preambleLines } = this.#layout;
    return {
      source: adapter.source,
      format: adapter.id,
      formatLabel: adapter.label,
      certainty,
      closeFormats,
      encoding,
      delimiter,
      columns,
      preambleLines,
      bytes,
      totalRows: this.totalRows,
      validRows: this.totalRows - this.#problemCount,
      invalidRows: this.#problemCount,
      problems: this.#problems,
      problemCount: this.#problemCount,
      duplicateRows: this.#duplicates,
      distinctTitles: this.#titles.size,
      sample: this.#sample,
    };
  }
}

/** The record without blank cells behind the last column and, in a file of ours, without the apostrophes that we put in. */
function trimmed(record: CsvRecord, width: number, correct: boolean): CsvRecord {
  let end = record.cells.length;
  while (end > width && (record.cells[end - 1] ?? "").trim() === "") end -= 1;
  if (end === record.cells.length && !correct) return record;
  const cells = record.cells.slice(0, end);
  return { ...record, cells: correct ? cells.map(restoreFormula) : cells };
}

function rawOf(cells: readonly string[], columns: readonly string[]): ParsedRow["raw"] {
  // Without a prototype: a column called "__proto__" is a key like any other.
  const raw: ParsedRow["raw"] = Object.create(null);
  for (const [at, column] of columns.entries()) {
    const cell = cells[at];
    if (cell !== undefined) raw[column] = cell;
  }
  if (cells.length > columns.length) raw._extra = cells.slice(columns.length);
  return raw;
}

/** JSON of the rows so far. Each row becomes text at once: 5,000 live row objects cost 100 MB more at the peak. */
class BatchText {
  #rows: string[] = [];
  #length = 0;
  #firstRow = 0;

  get count(): number {
    return this.#rows.length;
  }

  get isFull(): boolean {
    return this.#rows.length >= batchRows || this.#length >= batchLength;
  }

  add(row: ParsedRow): void {
    if (this.#rows.length === 0) this.#firstRow = row.n;
    const json = JSON.stringify(row);
    this.#rows.push(json);
    this.#length += json.length;
  }

  /** The batch, and begins the next. */
  take(): ParsedBatch {
    const batch = { json: `[${this.#rows.join(",")}]`, firstRow: this.#firstRow, count: this.#rows.length };
    this.#rows = [];
    this.#length = 0;
    return batch;
  }
}

function tooManyRows(maxRows: number): AppError {
  const limit = maxRows.toLocaleString("en-US");
  return new AppError(
    "TOO_MANY_ROWS",
    413,
    `The file has more than ${limit} rows. Split it and upload the parts one after the other.`,
    { maxRows },
  );
}
