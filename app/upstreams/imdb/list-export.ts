import { type Delimiter, isDelimiterLine, rankDelimiters } from "#app/csv/read/delimiter.ts";
import { decodeText, detectEncoding } from "#app/csv/read/encoding.ts";
import { refuseOtherKinds } from "#app/csv/read/file-kind.ts";
import { type CsvRecord, readRecords } from "#app/csv/read/records.ts";
import { AppError } from "#app/errors.ts";
import { cleanText, wholeAt } from "./json-path.ts";
import { uniqueEntries } from "./list-from-json.ts";
import { kindOf, plausibleYear, titleIdIn } from "./read-title.ts";
import type { ScrapedListEntry, ScrapedListPage } from "./scraped.ts";

/** IMDb keeps lists below 10,000 entries; an export of one is about 2 MB. */
const MAX_EXPORT_BYTES = 10 * 1024 * 1024;

const REQUIRED = ["Position", "Const", "Title"] as const;

/**
 * Reads IMDb's own CSV export of a list, old or new, in whatever encoding and with whatever delimiter it comes: the whole list as
 * page 1. The file does not say which list it is; that is the operator's word.
 *
 * @param fileName for the message when it is something else
 * @throws AppError EXPORT_TOO_LARGE (413) · EXPORT_EMPTY, NOT_A_LIST_EXPORT, BAD_ENCODING (422) · ZIP_FILE, GZIP_FILE, NOT_TEXT (415)
 */
export function readListExport(
  bytes: Uint8Array,
  { listId, name, fileName }: { listId: string; name?: string; fileName?: string },
): ScrapedListPage {
  if (bytes.length > MAX_EXPORT_BYTES)
    throw new AppError(
      "EXPORT_TOO_LARGE",
      413,
      "The file is larger than the 10 MiB that an export may have.",
    );
  if (bytes.length === 0)
    throw new AppError(
      "EXPORT_EMPTY",
      422,
      "The file is empty. Export the list again and upload the new file.",
    );
  refuseOtherKinds(bytes);
  const text = [...decodeText(bytes, detectEncoding(bytes))];
  const { columns, rows } = findTable(text, fileName ?? "This file");
  const entries = rows.map((row, index) => readRow(row, columns, index + 1));
  const read = uniqueEntries(entries);
  return {
    listId,
    name: name ?? null,
    declaredTotal: rows.length,
    page: 1,
    hasNextPage: false,
    nextCursor: null,
    ...read,
    readFrom: "csv",
  };
}

type Columns = ReadonlyMap<string, number>;

/** The header decides which delimiter it is: the first with which the columns of a list are there. */
function findTable(text: readonly string[], fileName: string): { columns: Columns; rows: CsvRecord[] } {
  let found: string[] = [];
  for (const delimiter of rankDelimiters(text[0] ?? "")) {
    const records = recordsOf(text, delimiter);
    const header = records[0];
    if (header === undefined) continue;
    if (found.length < header.cells.length) found = header.cells.map((cell) => cell.trim());
    const columns = new Map(header.cells.map((cell, at) => [columnKey(cell), at] as const));
    if (REQUIRED.every((column) => columns.has(columnKey(column))))
      return { columns, rows: records.slice(1) };
  }
  throw notAListExport(found, fileName);
}

function recordsOf(text: readonly string[], delimiter: Delimiter): CsvRecord[] {
  const records = [...readRecords(text, delimiter)];
  return records[0] && isDelimiterLine(records[0].cells) ? records.slice(1) : records;
}

const columnKey = (name: string): string => name.replaceAll(/\s+/g, " ").trim().toLowerCase();

function readRow(record: CsvRecord, columns: Columns, index: number): ScrapedListEntry | null {
  const cell = (name: string) => cleanText(record.cells[columns.get(columnKey(name)) ?? -1] ?? "");
  const imdbId = titleIdIn(cell("Const"));
  const title = cell("Title") ?? cell("Original Title");
  if (record.fault !== null || imdbId === null || title === null) return null;
  const originalTitle = cell("Original Title");
  return {
    ...{ imdbId, title, originalTitle: originalTitle === title ? null : originalTitle },
    year: plausibleYear(cell("Year")),
    kind: kindOf(cell("Title Type")),
    position: wholeAt(1, { position: cell("Position") }, "position") ?? index,
    description: cell("Description"),
  };
}

function notAListExport(found: readonly string[], fileName: string): AppError {
  const has = (name: string) => found.some((column) => columnKey(column) === columnKey(name));
  const missing = REQUIRED.filter((column) => !has(column));
  const isRatings = has("Const") && has("Your Rating");
  const what = isRatings
    ? `${fileName} is an export of ratings, not of a list`
    : `${fileName} is not IMDb's export of a list: it has no column ${missing.join(", ")}`;
  return new AppError(
    "NOT_A_LIST_EXPORT",
    422,
    `${what}. Open the list at imdb.com, export it from its menu, and upload that file.`,
    { missing: [...missing], found: found.slice(0, 20).map((column) => column.slice(0, 60)) },
  );
}
