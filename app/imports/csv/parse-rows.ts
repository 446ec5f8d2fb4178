import type { CsvRecord } from "#app/csv/read/records.ts";
import { AppError } from "#app/errors.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { dedupeKey, titleKeyOf } from "#app/imports/row-keys.ts";
import type { RowSkip } from "#app/imports/sources/adapter.ts";
import { dataRecords } from "./data-records.ts";
import { findLayout, type Layout } from "./layout.ts";
import {
  defaultMaxRows,
  type ParsedBatch,
  type ParsedRow,
  type ParseOptions,
  type ParseReport,
  type RowProblem,
  type SkipCount,
} from "./parse-report.ts";
import { rowJudge, type Verdict } from "./row-verdict.ts";
import { type Survey, surveyFile } from "./survey.ts";

/** Rows of one batch: one JSON parameter of one INSERT. */
const batchRows = 5000;
/** Characters of JSON after which a batch is closed early, so that long rows do not make a huge one. */
const batchLength = 8_000_000;
const reportedProblems = 100;
const sampleRows = 20;

/**
 * Reads a whole file: yields its rows in batches, in order, and returns the report. Memory holds one batch and the keys.
 * Formats that leave something to be inferred from the file are read twice.
 *
 * @param wantsBatches false for a preview: nothing is yielded and no JSON is made
 * @throws AppError those of `findLayout` and `surveyFile`, `NO_ROWS`, `TOO_MANY_ROWS`, `BAD_ENCODING`
 */
export function* parseRows(
  file: { bytes: Uint8Array; fileName: string },
  options: ParseOptions,
  wantsBatches: boolean,
): Generator<ParsedBatch, Omit<ParseReport, "sha256">, undefined> {
  const layout = findLayout(file.bytes, file.fileName, options);
  const maxRows = options.maxRows ?? defaultMaxRows;
  const survey = surveyFile(file.bytes, layout, options, maxRows);
  const { dayOrder, profiles } = survey;
  const context = { currentYear: new Date().getUTCFullYear(), dayOrder, profiles };
  const judge = rowJudge(layout.adapter, layout.columns, context, survey);
  const tally = new Tally(layout, survey, options);
  const batch = new BatchText();
  for (const row of dataRecords(file.bytes, layout)) {
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
  readonly #survey: Survey;
  readonly #options: ParseOptions;
  readonly #problems: RowProblem[] = [];
  #problemCount = 0;
  #duplicates = 0;
  readonly #sample: ParseReport["sample"] = [];
  readonly #titles = new Set<string>();
  readonly #effects = new Set<string>();
  /** Rows so far by what they ask for; only for formats that state rewatches. */
  readonly #viewings = new Map<string, number>();
  readonly #skips = new Map<string, SkipCount>();

  constructor(layout: Layout, survey: Survey, options: ParseOptions) {
    this.#layout = layout;
    this.#survey = survey;
    this.#options = options;
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
    if (verdict.skip !== null) this.#countSkip(verdict.skip);
    if (this.#sample.length < sampleRows) {
      this.#sample.push({
        ...place,
        cells: record.cells,
        normalized: verdict.norm,
        problem,
        skip: verdict.skip,
      });
    }
    return {
      n: place.rowNumber,
      l: place.lineNumber,
      raw: {},
      norm: verdict.norm,
      t: keys?.title ?? null,
      d: keys?.effect ?? null,
      c: problem?.code ?? verdict.skip?.code ?? null,
      m: problem?.message ?? verdict.skip?.message ?? null,
      s: verdict.skip !== null,
    };
  }

  #countSkip(skip: RowSkip): void {
    const counted = this.#skips.get(skip.code);
    if (counted === undefined) this.#skips.set(skip.code, { ...skip, count: 1 });
    else counted.count += 1;
  }

  #keys(row: NormalizedRow): { title: string; effect: string } {
    const title = titleKeyOf(row);
    let effect = dedupeKey(row, title);
    if (this.#layout.adapter.statesRewatches) {
      const earlier = this.#viewings.get(effect) ?? 0;
      this.#viewings.set(effect, earlier + 1);
      // A repeated row is a duplicate unless the file itself says that it was seen again.
      if (row.rewatch && earlier > 0) {
        row.occurrence = earlier + 1;
        effect = dedupeKey(row, title);
      }
    }
    this.#titles.add(title);
    if (this.#effects.has(effect)) this.#duplicates += 1;
    else this.#effects.add(effect);
    return { title, effect };
  }

  report(bytes: number): Omit<ParseReport, "sha256"> {
    const { adapter, closeFormats, encoding, delimiter, columns, preambleLines } = this.#layout;
    const skips = [...this.#skips.values()];
    const skippedRows = skips.reduce((sum, { count }) => sum + count, 0);
    return {
      source: adapter.source,
      format: adapter.id,
      formatLabel: adapter.label,
      certainty: this.#isSure() ? "sure" : "likely",
      closeFormats,
      encoding,
      delimiter,
      columns,
      preambleLines,
      bytes,
      choices: this.#survey.choices,
      totalRows: this.totalRows,
      validRows: this.totalRows - this.#problemCount - skippedRows,
      invalidRows: this.#problemCount,
      skippedRows,
      skips,
      problems: this.#problems,
      problemCount: this.#problemCount,
      duplicateRows: this.#duplicates,
      distinctTitles: this.#titles.size,
      sample: this.#sample,
    };
  }

  /** Whether neither the format nor the order of its dates is a guess. */
  #isSure(): boolean {
    const { dateOrder } = this.#survey.choices;
    const isOrderSure =
      dateOrder === undefined || this.#options.dateOrder !== undefined || dateOrder.possible.length === 1;
    return this.#layout.certainty === "sure" && isOrderSure;
  }
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
