import type { RowCursor, RowFilter } from "#app/imports/row-queries.server.ts";
import { rowStatuses } from "#app/imports/status.ts";

const LONGEST_SEARCH = 200;

/** What of an import's rows is on screen, out of its URL. */
export interface RowsView {
  filter: RowFilter;
  cursor: RowCursor | null;
  /** The row whose drawer is open, by number. */
  openRow: number | null;
  tab: "rows" | "events" | "options";
}

/**
 * Reads the view out of a URL: `status`, `code`, `q`, `cursor`, `row`, `tab`. What is unknown counts as absent. A failure code
 * holds for failed and skipped rows only; with another status it is left aside.
 */
export function readRowsView(params: URLSearchParams): RowsView {
  const status = rowStatuses.find((known) => known === params.get("status"));
  const code = params.get("code")?.slice(0, 100);
  const codeHolds = status === undefined || status === "failed" || status === "skipped";
  const row = params.get("row") ?? "";
  const tab = params.get("tab");
  return {
    filter: {
      status,
      errorCode: (codeHolds && code) || undefined,
      search: params.get("q")?.trim().slice(0, LONGEST_SEARCH) || undefined,
    },
    cursor: readRowCursor(params.get("cursor")),
    openRow: /^[1-9]\d{0,8}$/.test(row) ? Number(row) : null,
    tab: tab === "events" || tab === "options" ? tab : "rows",
  };
}

/** Whether anything is filtered. */
export function isRowsFiltered({ status, errorCode, search }: RowFilter): boolean {
  return status !== undefined || errorCode !== undefined || search !== undefined;
}

/** A cursor in the URL: `f418` goes on after row 418 of the failed and doubtful rows, `r418` of the rest. */
export function writeRowCursor(cursor: RowCursor | null): string | null {
  return cursor && `${cursor.part === "attention" ? "f" : "r"}${cursor.after}`;
}

function readRowCursor(text: string | null): RowCursor | null {
  const [, part, after] = /^([fr])(\d{1,9})$/.exec(text ?? "") ?? [];
  return part === undefined ? null : { part: part === "f" ? "attention" : "rest", after: Number(after) };
}
