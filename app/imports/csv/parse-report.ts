import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { FormatId, RowError, SourceId } from "#app/imports/sources/adapter.ts";
import type { Delimiter } from "./delimiter.ts";
import type { Encoding } from "./encoding.ts";

/** How a file is to be read. What is left out is detected; what a report states and is passed back is obeyed exactly. */
export interface ParseOptions {
  source?: SourceId | "auto";
  format?: FormatId;
  encoding?: Encoding;
  delimiter?: Delimiter;
  /** More rows than this refuse the file (`TOO_MANY_ROWS`). Default 200,000. */
  maxRows?: number;
}

export const defaultMaxRows = 200_000;

/** One row of a batch's JSON. The keys are short because there are 200,000 of them. */
export interface ParsedRow {
  /** Row number, 1…n without gaps over the data records. */
  n: number;
  /** Physical line on which the row starts. */
  l: number;
  /** Header to cell; cells behind the last header under `_extra`, cells that are missing are absent. */
  raw: Record<string, string | string[]>;
  norm: NormalizedRow | null;
  /** Title key. */
  t: string | null;
  /** Dedupe key. */
  d: string | null;
  /** Error code and its sentence. */
  c: string | null;
  m: string | null;
}

export interface ParsedBatch {
  /** `ParsedRow[]` as JSON text that PostgreSQL's jsonb accepts. */
  json: string;
  firstRow: number;
  count: number;
}

/** Batches that may be on their way from the parse thread: one being stored, one ready. */
export const batchesAhead = 2;

export interface RowProblem extends RowError {
  rowNumber: number;
  lineNumber: number;
}

interface SampleRow {
  rowNumber: number;
  lineNumber: number;
  cells: string[];
  normalized: NormalizedRow | null;
  problem: RowProblem | null;
}

/** What a file is and holds: shown before an import starts, frozen on the job when it does. */
export interface ParseReport {
  source: SourceId;
  format: FormatId;
  formatLabel: string;
  certainty: "sure" | "likely";
  /** Formats that the file could be as well. */
  closeFormats: FormatId[];
  encoding: Encoding;
  delimiter: Delimiter;
  columns: string[];
  /** Physical lines above the header. */
  preambleLines: number;
  /** Of the file's bytes, hex. */
  sha256: string;
  bytes: number;
  totalRows: number;
  validRows: number;
  invalidRows: number;
  /** The first 100 of `problemCount`. */
  problems: RowProblem[];
  problemCount: number;
  /** Valid rows whose dedupe key an earlier row has. */
  duplicateRows: number;
  /** Distinct title keys among valid rows: what has to be looked up. */
  distinctTitles: number;
  /** The first 20 rows. */
  sample: SampleRow[];
}
