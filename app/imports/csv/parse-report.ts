import type { Delimiter } from "#app/csv/read/delimiter.ts";
import type { Encoding } from "#app/csv/read/encoding.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { FormatId, RowError, RowSkip, SourceId } from "#app/imports/sources/adapter.ts";
import type { DayOrder } from "#app/imports/sources/day.ts";

/** How a file is to be read. What is left out is detected; what a report states and is passed back is obeyed exactly. */
export interface ParseOptions {
  source?: SourceId | "auto";
  format?: FormatId;
  encoding?: Encoding;
  delimiter?: Delimiter;
  /** Order of the dates, for formats that leave it open; others have no use for it. */
  dateOrder?: DayOrder;
  /** Profiles whose rows are wanted, for files with several; all when left out. */
  profiles?: readonly string[];
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
  /** Code and sentence of what is wrong with the row, or of why it is skipped. */
  c: string | null;
  m: string | null;
  /** True when the row asks for nothing (a trailer, somebody else's viewing): it is skipped, not failed. */
  s: boolean;
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

/** What the operator may choose differently, because the file alone does not settle it. */
export interface ParseChoices {
  /** For formats whose dates depend on the country. More than one `possible` order: the chosen one is a guess. */
  dateOrder?: { chosen: DayOrder; possible: DayOrder[] };
  /** Whose rows the file holds, most rows first; at most 50 names. */
  profiles?: { name: string; count: number; chosen: boolean }[];
}

/** Rows that ask for nothing, by reason. */
export interface SkipCount extends RowSkip {
  count: number;
}

interface SampleRow {
  rowNumber: number;
  lineNumber: number;
  cells: string[];
  normalized: NormalizedRow | null;
  problem: RowProblem | null;
  skip: RowSkip | null;
}

/** What a file is and holds: shown before an import starts, frozen on the job when it does. */
export interface ParseReport {
  source: SourceId;
  format: FormatId;
  formatLabel: string;
  /** `likely` when the format, or the order of its dates, is a guess. */
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
  choices: ParseChoices;
  /** Valid, invalid and skipped rows together. */
  totalRows: number;
  validRows: number;
  invalidRows: number;
  skippedRows: number;
  /** One entry per reason, with the sentence of the first such row. */
  skips: SkipCount[];
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

/** The options that make any later reading of the same bytes find the same rows; kept on the job. */
export function frozenOptions(
  report: Pick<ParseReport, "source" | "format" | "encoding" | "delimiter" | "choices">,
): ParseOptions {
  const { source, format, encoding, delimiter, choices } = report;
  const { dateOrder, profiles = [] } = choices;
  const wanted = profiles.filter(({ chosen }) => chosen).map(({ name }) => name);
  return {
    source,
    format,
    encoding,
    delimiter,
    ...(dateOrder && { dateOrder: dateOrder.chosen }),
    // Nobody left out: no list, because the report does not name everybody in a file of more than 50.
    ...(wanted.length < profiles.length && { profiles: wanted }),
  };
}
