import type { NormalizedRow } from "#app/imports/normalized-row.ts";

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
  "template",
] as const;
export type FormatId = (typeof formatIds)[number];

export interface RowError {
  code: string;
  /** A sentence for the operator: what is wrong and what to do. */
  message: string;
  /** Header of the cell at fault; null when it is the row as a whole. */
  column: string | null;
}

export type RowResult = { ok: NormalizedRow } | { error: RowError };

/** The cells of one row by the adapter's own column names, trimmed; "" where the file has no such column. */
export type Cells = (column: string) => string;

export interface RowContext {
  /** Years up to eight past this one are believed. */
  currentYear: number;
}

/** One file format. A new source is one new file with its adapters, listed in registry.ts, and its test. */
export interface Adapter {
  id: FormatId;
  source: SourceId;
  /** As shown to operators: `Letterboxd "watched"`. */
  label: string;
  /** Header signature, in the order of the export. Further columns of a file are accepted and kept raw. */
  columns: readonly { name: string; required: boolean }[];
  /** Tells formats with the same header apart by the file's name. */
  fileName?: RegExp;
  /** Whether rows may state a second viewing on the same day, so that occurrences must be counted. */
  statesRewatches: boolean;
  /**
   * Index of the header among the first records of a file, for formats with a preamble; null when this file does not begin
   * with that preamble. Without this function the header is the first record.
   */
  findHeader?: (records: readonly (readonly string[])[]) => number | null;
  /** Reads one row. Never throws on what a file may hold. */
  normalize: (cells: Cells, context: RowContext) => RowResult;
  /** Rows of the template that operators can download; cells in the order of `columns`. */
  examples: readonly (readonly string[])[];
}
