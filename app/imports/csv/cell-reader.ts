import type { CsvRecord } from "#app/csv/read/records.ts";
import { hasReplacement } from "#app/csv/read/storable.ts";
import type { Adapter, Cells, RowError } from "#app/imports/sources/adapter.ts";

/**
 * The cells of one record after the other by the adapter's column names. One reader per file: it looks the columns up once.
 */
export class CellReader {
  readonly #columns: readonly string[];
  readonly #places = new Map<string, number>();
  #current: readonly string[] = [];

  /** @param columns the file's own columns */
  constructor(adapter: Adapter, columns: readonly string[]) {
    this.#columns = columns;
    for (const { name } of adapter.columns) {
      const place = columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
      if (place !== -1) this.#places.set(name, place);
    }
  }

  /** A cell of the present record. */
  readonly cells: Cells = (column) => this.#current[this.#places.get(column) ?? -1]?.trim() ?? "";

  /** Goes on to a record. @returns why it has no cells to be read: malformed, ragged, unstorable; else null */
  moveTo(record: CsvRecord): RowError | null {
    this.#current = record.cells;
    return malformed(record) ?? ragged(record.cells, this.#columns) ?? unstorable(record, this.#columns);
  }
}

function malformed({ fault, faultLine }: CsvRecord): RowError | null {
  switch (fault) {
    case null:
      return null;
    case "BAD_QUOTE":
      return {
        code: "BAD_QUOTE",
        column: null,
        message: `A quotation mark on line ${faultLine} stands inside a cell. Put the whole cell in quotation marks, write those inside it twice and upload the row again.`,
      };
    case "UNCLOSED_QUOTE":
      return {
        code: "UNCLOSED_QUOTE",
        column: null,
        message: `The quotation mark opened on line ${faultLine} is not closed before other cells begin. Close it and upload the row again.`,
      };
    case "RECORD_TOO_LONG":
      return {
        code: "RECORD_TOO_LONG",
        column: null,
        message: `Line ${faultLine} is longer than 128 KiB; only its beginning is kept. Shorten it and upload the row again.`,
      };
    case "RECORD_TOO_WIDE":
      return {
        code: "TOO_MANY_CELLS",
        column: null,
        message: `Line ${faultLine} has hundreds of cells; only its beginning is kept. Correct it and upload the row again.`,
      };
  }
}

function ragged(cells: readonly string[], columns: readonly string[]): RowError | null {
  if (cells.length === columns.length) return null;
  const counts = `The row has ${cells.length} ${cells.length === 1 ? "cell" : "cells"} where the header has ${columns.length}`;
  if (cells.length < columns.length) {
    return {
      code: "TOO_FEW_CELLS",
      column: columns[cells.length] ?? null,
      message: `${counts}: "${columns[cells.length]}" is the first that is missing. Complete the row and upload it again.`,
    };
  }
  const further = cells.slice(columns.length).join(", ");
  const shown = further.length > 200 ? `${further.slice(0, 200).replace(/\p{Surrogate}$/u, "")}…` : further;
  return {
    code: "TOO_MANY_CELLS",
    column: null,
    message: `${counts}; too many are: ${shown}. A text that holds the delimiter needs quotation marks around it.`,
  };
}

function unstorable({ cells, replaced }: CsvRecord, columns: readonly string[]): RowError | null {
  if (!replaced) return null;
  const column = columns[cells.findIndex(hasReplacement)] ?? null;
  return {
    code: "INVALID_CHARACTER",
    column,
    message: `${column === null ? "The row" : `"${column}"`} holds a NUL or half of a character; it is kept as ␀ or as its code. Correct the cell and retry the row.`,
  };
}
