import { restoreFormula } from "#app/csv/formula-safety.ts";
import { type Delimiter, isDelimiterLine, rankDelimiters } from "#app/csv/read/delimiter.ts";
import { decodeText, detectEncoding, type Encoding } from "#app/csv/read/encoding.ts";
import { refuseOtherKinds } from "#app/csv/read/file-kind.ts";
import { type CsvRecord, readRecords } from "#app/csv/read/records.ts";
import { AppError } from "#app/errors.ts";
import { isFailedRowsFile } from "#app/imports/report-columns.ts";
import { type Recognition, recognise, tooManyColumns } from "#app/imports/sources/recognise.ts";
import type { ParseOptions } from "./parse-report.ts";

/** How a file is laid out: everything that must be known before its first row. */
export interface Layout extends Recognition {
  encoding: Encoding;
  delimiter: Delimiter;
  /** Non-blank records before the first row: an Excel `sep=` line, a preamble, the header. */
  skippedRecords: number;
  /** Physical lines above the header. */
  preambleLines: number;
}

/** Enough for the longest preamble and to see that a header stands further down. */
const headRecords = 8;

/**
 * Finds encoding, delimiter, preamble and format of a file, or takes those that the options state.
 *
 * @throws AppError `EMPTY_FILE`, `ZIP_FILE`, `GZIP_FILE`, `NOT_TEXT`, `BAD_ENCODING`, `MALFORMED_HEADER`, `LINE_TOO_LONG`,
 *   and those of `recognise`
 */
export function findLayout(bytes: Uint8Array, fileName: string, options: ParseOptions): Layout {
  if (bytes.length === 0) throw emptyFile();
  refuseOtherKinds(bytes);
  const encoding = options.encoding ?? detectEncoding(bytes);
  const head = firstChunk(decodeText(bytes, encoding));
  const ranked = options.delimiter === undefined ? rankDelimiters(head) : [options.delimiter];
  let firstError: AppError | null = null;
  for (const delimiter of ranked) {
    const records = firstRecords(readRecords(decodeText(bytes, encoding), delimiter));
    const layout = layoutOf(records, { encoding, delimiter }, fileName, options);
    if (!(layout instanceof AppError)) return layout;
    firstError ??= layout;
  }
  throw firstError ?? emptyFile();
}

function layoutOf(
  records: CsvRecord[],
  read: { encoding: Encoding; delimiter: Delimiter },
  fileName: string,
  options: ParseOptions,
): Layout | AppError {
  const first = records[0];
  if (first === undefined) return emptyFile();
  const above = isDelimiterLine(first.cells) ? 1 : 0;
  const head = records.slice(above);
  const broken = head[0]?.fault ? headerFault(head[0]) : null;
  if (broken !== null) return broken;
  if (head.length === 0) return emptyFile();
  const recognised = recognise(head, {
    source: options.source ?? "auto",
    format: options.format ?? null,
    fileName,
  });
  if (recognised instanceof AppError) return recognised;
  const header = head[recognised.headerIndex];
  if (header === undefined) throw new Error("The recognised header is not among the head records");
  if (header.fault !== null) return headerFault(header);
  return {
    ...recognised,
    columns: isFailedRowsFile(recognised.columns)
      ? recognised.columns.map(restoreFormula)
      : recognised.columns,
    ...read,
    skippedRecords: above + recognised.headerIndex + 1,
    preambleLines: header.line - 1,
  };
}

function headerFault(header: CsvRecord): AppError {
  if (header.fault === "RECORD_TOO_WIDE") return tooManyColumns(header.cells.length);
  if (header.fault === "RECORD_TOO_LONG") {
    return new AppError(
      "LINE_TOO_LONG",
      422,
      `Line ${header.faultLine} is longer than 128 KiB, so it is no header. Check that the file is a CSV export.`,
      { line: header.faultLine },
    );
  }
  return new AppError(
    "MALFORMED_HEADER",
    422,
    `A quotation mark on line ${header.faultLine} is not closed properly, so the header cannot be read. Correct the line and upload the file again.`,
    { line: header.faultLine },
  );
}

const emptyFile = (): AppError =>
  new AppError("EMPTY_FILE", 422, "The file is empty. Export it again and upload the new file.");

function firstChunk(chunks: Iterable<string>): string {
  for (const chunk of chunks) return chunk;
  return "";
}

function firstRecords(records: Iterable<CsvRecord>): CsvRecord[] {
  const head: CsvRecord[] = [];
  for (const record of records) {
    head.push(record);
    if (head.length === headRecords) break;
  }
  return head;
}
