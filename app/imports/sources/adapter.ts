import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { DayOrder } from "./day.ts";

/** Where files come from, in the order in which they are offered. */
export const sourceIds = ["letterboxd", "netflix", "imdb", "tvtime", "simkl", "template"] as const;
export type SourceId = (typeof sourceIds)[number];

export const formatIds = [
  "letterboxd-watched",
  "letterboxd-diary",
  "letterboxd-ratings",
  "letterboxd-watchlist",
  "letterboxd-list",
  "letterboxd-reviews",
  "letterboxd-import",
  "netflix-history",
  "netflix-activity",
  "imdb-ratings",
  "imdb-watchlist",
  "imdb-list",
  "tvtime-records-v2",
  "tvtime-records",
  "tvtime-seen-episodes",
  "tvtime-extension-episodes",
  "tvtime-extension-movies",
  "tvtime-extension-series",
  "simkl",
  "template",
  "template-shows",
] as const;
export type FormatId = (typeof formatIds)[number];

export interface RowError {
  code: string;
  /** A sentence for the operator: what is wrong and what to do. */
  message: string;
  /** Header of the cell at fault; null when it is the row as a whole. */
  column: string | null;
}

/** Why a row is kept but asks for nothing: there is nothing to correct and nothing to retry. */
export interface RowSkip {
  code: "NOT_A_VIEWING" | "OTHER_PROFILE" | "NOT_A_FILM_OR_SERIES" | "IN_ANOTHER_FILE";
  message: string;
}

export type RowResult = { ok: NormalizedRow } | { error: RowError } | { skip: RowSkip };

/** The cells of one row by the adapter's own column names, trimmed; "" where the file has no such column. */
export type Cells = (column: string) => string;

export interface RowContext {
  /** Years up to eight past this one are believed. */
  currentYear: number;
  /** In which order the file writes its dates; `ymd` for formats whose dates are `YYYY-MM-DD` anyway. */
  dayOrder: DayOrder;
  /** Profiles whose rows are wanted; null for all. */
  profiles: ReadonlySet<string> | null;
}

/** What must be known of a whole file before its first row can be read; found out in a first pass over it. */
export interface WholeFile {
  /** Column of dates whose order (10/6/20) depends on the country. */
  dayColumn?: string;
  /** Column that says whose row it is. */
  profileColumn?: string;
  /**
   * Columns that are the whole record, in files that list the newest first: rows with the same cells there are
   * viewings of their own. They are counted from the end, where a longer file of later has the same rows again.
   */
  repeatColumns?: readonly string[];
}

/** One file format. A new source is one new file with its adapters, listed in registry.ts, and its test. */
export interface Adapter {
  id: FormatId;
  source: SourceId;
  /** As shown to operators: `Letterboxd "watched"`. */
  label: string;
  /** Header signature, in the order of the export. Further columns of a file are accepted and kept raw. */
  columns: readonly { name: string; required: boolean }[];
  /** Groups of columns of which at least one must be there, for formats whose files have the one or the other. */
  oneOf?: readonly (readonly string[])[];
  /** Tells formats with the same header apart by the file's name. */
  fileName?: RegExp;
  /** Whether rows may state a second viewing on the same day, so that occurrences must be counted. */
  statesRewatches: boolean;
  wholeFile?: WholeFile;
  /**
   * Index of the header among the first records of a file, for formats with a preamble; null when this file does not begin
   * with that preamble. Without this function the header is the first record.
   */
  findHeader?: (records: readonly (readonly string[])[]) => number | null;
  /** Reads one row. Never throws on what a file may hold. */
  normalize: (cells: Cells, context: RowContext) => RowResult;
  /** Rows of the template that operators can download; cells in the order of `columns`. */
  examples: readonly (readonly string[])[];
  /** Where operators get such a file, in two to four plain sentences. */
  howTo: readonly string[];
}
