import { hasReplacement, isStorable } from "#app/csv/read/storable.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { isReportColumn } from "#app/imports/report-columns.ts";
import { type FormatId, formatIds, type RowContext, type RowError } from "#app/imports/sources/adapter.ts";
import { adapterOf } from "#app/imports/sources/registry.ts";
import { RowReader } from "#app/imports/sources/row-reader.ts";

/** What an operator may say about a row although its file has no column for it. */
export const additionNames = ["year", "kind", "tmdbId", "imdbId"] as const;
export type AdditionName = (typeof additionNames)[number];
export type Additions = Partial<Record<AdditionName, string>>;

/** A row as it is to be read: the cells of all its file's columns, and what stands beside them. */
export interface Correction {
  cells: Readonly<Record<string, string>>;
  additions: Additions;
}

/** What is wrong, at which field: `cell:Year`, `add:tmdbId`; null when it is the row as a whole. */
export interface CorrectionProblem {
  code: string;
  message: string;
  field: string | null;
}

const HAS_COLUMN: Readonly<Record<AdditionName, RegExp>> = {
  year: /year/i,
  kind: /type/i,
  tmdbId: /tmdb/i,
  imdbId: /imdb|const/i,
};

/** The format that a job was read as; null for one that an older or newer version knew. */
export const knownFormat = (format: string): FormatId | null =>
  formatIds.find((known) => known === format) ?? null;

/**
 * What of a row can be corrected: the columns that the source's adapter reads, in the file's order, and what it has no column
 * for. Other columns of the file mean nothing to it.
 */
export function correctableFields(
  format: FormatId,
  columns: readonly string[],
): { columns: string[]; additions: AdditionName[] } {
  const adapter = adapterOf(format);
  const read = adapter.columns.map(({ name }) => name.toLowerCase());
  const own = columns.filter((column) => read.includes(column.toLowerCase()) && !isReportColumn(column));
  return {
    columns: own,
    additions: additionNames.filter(
      (name) => !adapter.columns.some((column) => HAS_COLUMN[name].test(column.name)),
    ),
  };
}

/**
 * Reads a corrected row as intake would read it, by the same adapter and with the same rules.
 *
 * @param context of the file: the order of its dates, as frozen on the job
 */
export function readCorrection(
  format: FormatId,
  { cells, additions }: Correction,
  context: RowContext,
): { row: NormalizedRow } | { problem: CorrectionProblem } {
  for (const [column, cell] of Object.entries(cells))
    if (!isStorable(cell) || hasReplacement(cell))
      return {
        problem: {
          code: "INVALID_CHARACTER",
          field: `cell:${column}`,
          message: "This holds a NUL or half of a character, shown as ␀ or as its code. Take it out.",
        },
      };
  const byName = new Map(Object.entries(cells).map(([column, cell]) => [column.toLowerCase(), cell.trim()]));
  const result = adapterOf(format).normalize((column) => byName.get(column.toLowerCase()) ?? "", context);
  if ("error" in result) return { problem: problemOf(result.error, Object.keys(cells)) };
  if ("skip" in result)
    return { problem: { code: result.skip.code, field: null, message: result.skip.message } };
  return addTo(result.ok, additions, context);
}

/** A row with what was said beside its cells. What the file says itself comes first. */
export function addTo(
  row: NormalizedRow,
  additions: Additions,
  context: RowContext,
): { row: NormalizedRow } | { problem: CorrectionProblem } {
  const { reader, ids, year } = readAdditions(additions, context);
  const check = reader.row({ title: row.title, intent: "listing" });
  if ("error" in check)
    return {
      problem: { code: check.error.code, field: `add:${check.error.column}`, message: check.error.message },
    };
  const kind = row.kind ?? additions.kind ?? null;
  const placed = kind === "tv" && row.kind === null ? asSeries(row) : row;
  return {
    row: {
      ...placed,
      kind: kind === "movie" || kind === "tv" ? kind : null,
      yearHint: placed.yearHint ?? year,
      ids: { ...ids, ...placed.ids },
    },
  };
}

function readAdditions(additions: Additions, context: RowContext) {
  const names: readonly string[] = additionNames;
  const reader = new RowReader((name) => {
    const known = additionNames[names.indexOf(name)];
    return (known && additions[known]?.trim()) ?? "";
  }, context);
  const year = reader.year("year");
  return { reader, year, ids: { ...reader.tmdbId("tmdbId"), ...reader.imdbId("imdbId") } };
}

/** The other reading of a name that could be a film's, where there is one. */
function asSeries({ seriesReading, ...row }: NormalizedRow): NormalizedRow {
  if (!seriesReading) return row;
  const { show, season, episode, episodeTitle } = seriesReading;
  return { ...row, title: show, season, episode, episodeTitle };
}

function problemOf({ code, message, column }: RowError, columns: readonly string[]): CorrectionProblem {
  const own = columns.find((name) => name.toLowerCase() === column?.toLowerCase());
  return { code, message, field: own === undefined ? null : `cell:${own}` };
}
