import { readOutcome } from "#app/imports/row-outcome.ts";
import type { RowView } from "#app/imports/row-queries.server.ts";
import type { RowStatus } from "#app/imports/status.ts";

/** One row as the table shows it. */
export interface RowLine {
  rowNumber: number;
  lineNumber: number;
  status: RowStatus;
  title: string;
  year: string | null;
  /** A day, `YYYY-MM-DD`, or what the cell holds where that is no day. */
  date: string | null;
  found: string | null;
  /** The work that was found, for its page; null while nothing is written or the title is doubtful. */
  workId: string | null;
  reason: string | null;
}

const titleColumns = ["name", "title"];
const yearColumns = ["year"];
const dateColumns = ["watched date", "date"];

/**
 * A row for the table: what was understood, or, where it could not be, what stands in the file's cells.
 */
export function rowLine(row: RowView): RowLine {
  const { rowNumber, lineNumber, status, raw, normalized } = row;
  const read = readOutcome(row.outcome);
  return {
    rowNumber,
    lineNumber,
    status,
    title: normalized?.title || cellOf(raw, titleColumns) || firstCell(raw) || "(empty row)",
    year: normalized ? (normalized.yearHint?.toString() ?? null) : cellOf(raw, yearColumns),
    date: normalized ? normalized.date : cellOf(raw, dateColumns),
    found: foundTitle(read, status),
    workId: row.workId,
    reason: row.errorMessage ?? (read.wouldWrite ? `Would ${read.wouldWrite}.` : null),
  };
}

function foundTitle({ match }: ReturnType<typeof readOutcome>, status: RowStatus): string | null {
  if (match === null) return null;
  if (match.title !== null && status !== "review") return titleWithYear(match.title, match.year);
  const { length } = match.candidates;
  if (length === 0) return null;
  return length === 1 ? "1 candidate" : `${length} candidates`;
}

/** `Crash (2005)`, or the title alone when its year is not known. */
export function titleWithYear(title: string, year: number | null): string {
  return year === null ? title : `${title} (${year})`;
}

function cellOf(raw: RowView["raw"], names: readonly string[]): string | null {
  for (const name of names) {
    const key = Object.keys(raw).find((column) => column.trim().toLowerCase() === name);
    const cell = key === undefined ? undefined : raw[key];
    if (typeof cell === "string" && cell.trim() !== "") return cell.trim().slice(0, 200);
  }
  return null;
}

function firstCell(raw: RowView["raw"]): string | null {
  const filled = Object.values(raw)
    .flat()
    .find((cell) => cell.trim() !== "");
  return filled?.trim().slice(0, 200) ?? null;
}
