import { AppError } from "#app/errors.ts";
import { reportColumns } from "#app/imports/report-columns.ts";
import type { Adapter, FormatId, SourceId } from "./adapter.ts";
import { columnKey, columnName, isMisspelling } from "./column-name.ts";
import { adapterOf, adapters, sources } from "./registry.ts";

/** A header with more columns than this is no export of anyone. */
const maxColumns = 64;

export interface HeadRecord {
  cells: readonly string[];
  /** Physical line, from 1. */
  line: number;
}

export interface Recognition {
  adapter: Adapter;
  /** Index of the header among the head records. */
  headerIndex: number;
  /** The file's own columns, in order; unnamed ones are called `Column 5`. */
  columns: string[];
  /** `likely` when another format has the same header and the file's name does not decide. */
  certainty: "sure" | "likely";
  /** Formats that the file could be as well. */
  closeFormats: FormatId[];
}

/** How well the header of one file fits one format. */
interface Fit {
  adapter: Adapter;
  headerIndex: number;
  /** Known columns present, optional ones included. */
  found: number;
  /** Required columns that are present or only misspelt. */
  score: number;
  missing: { name: string; looksLike: string | null }[];
}

/**
 * Which format the head of a file is. Headers are strict: every required column must be there under its exact name (case,
 * outer white space and non-breaking spaces aside). A file that fits one format but is a misspelt or incomplete file of a
 * fuller one is refused too: a diary without its `Watched Date` must not pass for ratings.
 *
 * @param head first records of the file, without an Excel `sep=` line
 * @returns the recognition, or the AppError (422) that says what is wrong: `NO_HEADER`, `HEADER_MISMATCH`,
 *   `DUPLICATE_HEADER`, `TOO_MANY_COLUMNS`
 */
export function recognise(
  head: readonly HeadRecord[],
  asked: { source: SourceId | "auto"; format: FormatId | null; fileName: string },
): Recognition | AppError {
  const candidates = candidatesFor(asked);
  const records = head.map((record) => record.cells);
  const fits = candidates
    .map((adapter) => fitOf(adapter, records))
    .toSorted((one, two) => two.score - one.score);
  const complete = fits.filter((candidate) => candidate.missing.length === 0);
  const most = Math.max(...complete.map((candidate) => candidate.found));
  const equals = complete.filter((candidate) => candidate.found === most);
  const named = equals.find(({ adapter }) => adapter.fileName?.test(asked.fileName));
  const best =
    named ?? candidates.flatMap((adapter) => equals.find((equal) => equal.adapter === adapter) ?? [])[0];
  const fuller = fits[0];
  if (best === undefined) return mismatch(fits, head, asked);
  // A file whose every column the format knows is that format, however much it looks like part of another.
  const header = records[best.headerIndex] ?? [];
  if (fuller !== undefined && fuller.score > best.score && unknownColumns(best.adapter, header).length > 0) {
    return mismatch(fits, head, asked);
  }
  const others = equals.filter((equal) => equal !== best).map((equal) => equal.adapter.id);
  const isAlone = named !== undefined || others.length === 0;
  const isChosen = asked.source !== "auto" || asked.format !== null;
  return recognition(best, header, isAlone && (isChosen || isTelling(best, header)), others);
}

/** Two names such as "Title" and "Date" tell little when other columns stand beside them. */
function isTelling({ adapter }: Fit, header: readonly string[]): boolean {
  return adapter.columns.length > 2 || unknownColumns(adapter, header).length === 0;
}

/** Named columns of a header that a format has no use for, apart from those that we put into our own files. */
function unknownColumns(adapter: Adapter, header: readonly string[]): string[] {
  const known = new Set([...adapter.columns.map(({ name }) => name.toLowerCase()), ...reportColumns]);
  return header.map(columnKey).filter((key) => key !== "" && !known.has(key));
}

function candidatesFor(asked: { source: SourceId | "auto"; format: FormatId | null }): readonly Adapter[] {
  if (asked.format !== null) return [adapterOf(asked.format)];
  return asked.source === "auto" ? adapters : sources[asked.source].formats;
}

function fitOf(adapter: Adapter, records: readonly (readonly string[])[]): Fit {
  const headerIndex = adapter.findHeader === undefined ? 0 : (adapter.findHeader(records) ?? 0);
  const header = (records[headerIndex] ?? []).slice(0, maxColumns);
  const keys = new Set(header.map(columnKey));
  const known = new Set(adapter.columns.map((column) => column.name.toLowerCase()));
  const absent = adapter.columns.filter((column) => column.required && !keys.has(column.name.toLowerCase()));
  const missing = absent.map(({ name }) => {
    const alike = header.find((cell) => !known.has(columnKey(cell)) && isMisspelling(cell, name));
    return { name, looksLike: alike === undefined ? null : columnName(alike) };
  });
  for (const group of adapter.oneOf ?? []) {
    if (group.every((name) => !keys.has(name.toLowerCase()))) {
      missing.push({ name: group.join(" or "), looksLike: null });
    }
  }
  const required = adapter.columns.filter((column) => column.required).length + (adapter.oneOf ?? []).length;
  return {
    adapter,
    headerIndex,
    found: adapter.columns.filter((column) => keys.has(column.name.toLowerCase())).length,
    score: required - missing.filter(({ looksLike }) => looksLike === null).length,
    missing,
  };
}

function recognition(
  best: Fit,
  header: readonly string[],
  sure: boolean,
  closeFormats: FormatId[],
): Recognition | AppError {
  const last = header.findLastIndex((cell) => columnName(cell) !== "");
  const columns = header.slice(0, last + 1).map((cell, at) => columnName(cell) || `Column ${at + 1}`);
  if (columns.length > maxColumns) return tooManyColumns(columns.length);
  const keys = columns.map(columnKey);
  const repeated = columns.find((_, at) => keys.indexOf(keys[at] ?? "") !== at);
  if (repeated !== undefined) {
    return new AppError(
      "DUPLICATE_HEADER",
      422,
      `The column "${shown(repeated)}" stands in the header twice. Rename or remove one of the two and upload the file again.`,
      { column: shown(repeated) },
    );
  }
  const { adapter, headerIndex } = best;
  return { adapter, headerIndex, columns, certainty: sure ? "sure" : "likely", closeFormats };
}

/** @returns AppError `TOO_MANY_COLUMNS` (422) */
export function tooManyColumns(count: number): AppError {
  return new AppError(
    "TOO_MANY_COLUMNS",
    422,
    `The header has ${count > maxColumns * 4 ? "hundreds of" : count} columns; at most ${maxColumns} are read. Remove the ones that are not part of the export.`,
  );
}

function mismatch(
  fits: readonly Fit[],
  head: readonly HeadRecord[],
  asked: { source: SourceId | "auto"; format: FormatId | null; fileName: string },
): AppError {
  const closest = fits[0];
  const header = head[closest?.headerIndex ?? 0]?.cells ?? [];
  const found = header.filter((cell) => columnName(cell) !== "").map((cell) => shown(columnName(cell)));
  const close = fits.filter(({ score }) => score >= 2).slice(0, 3);
  if (close.length === 0 && header.some(looksLikeData)) {
    return new AppError(
      "NO_HEADER",
      422,
      "The first line holds data, not column names. Add the header line of the export, or download a template, and upload the file again.",
      { found },
    );
  }
  const closeFormats = close.map(({ adapter, missing }) => ({
    format: adapter.id,
    label: adapter.label,
    missing: missing.map(({ name }) => name),
  }));
  const sentences = [closest === undefined || closest.score < 2 ? unknownHeader(asked) : lacking(closest)];
  sentences.push(`Found: ${found.slice(0, 20).join(", ") || "nothing"}.`, ...headerFurtherDown(head, asked));
  return new AppError("HEADER_MISMATCH", 422, sentences.join(" "), {
    missing: closest === undefined ? [] : closest.missing.map(({ name }) => name),
    found,
    closeFormats,
  });
}

function unknownHeader(asked: { source: SourceId | "auto"; format: FormatId | null }): string {
  const wanted =
    asked.format !== null
      ? adapterOf(asked.format).label
      : asked.source === "auto"
        ? "any export that can be read"
        : sources[asked.source].label;
  return `The header is not that of ${wanted}.`;
}

function lacking({ adapter, missing }: Fit): string {
  const names = missing.map(({ name, looksLike }) =>
    looksLike === null ? `"${name}" is missing` : `"${name}" is misspelt as "${shown(looksLike)}"`,
  );
  return `The header comes closest to ${adapter.label}, but ${names.join(", ")}.`;
}

/** Someone may have put lines above the header: say which line to begin with. */
function headerFurtherDown(
  head: readonly HeadRecord[],
  asked: { source: SourceId | "auto"; format: FormatId | null },
): string[] {
  for (const [at, record] of head.entries()) {
    const below = at === 0 ? [] : candidatesFor(asked).map((adapter) => fitOf(adapter, [record.cells]));
    const complete = below.find(({ missing }) => missing.length === 0);
    if (complete !== undefined) {
      return [`Line ${record.line} is the header of ${complete.adapter.label}: delete the lines above it.`];
    }
  }
  return [];
}

/** A date, a number or an address: no column is called that. */
const looksLikeData = (cell: string): boolean =>
  /^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|-?\d+(?:[.,]\d+)?|https?:\/\/.*)$/.test(cell.trim());

const shown = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
