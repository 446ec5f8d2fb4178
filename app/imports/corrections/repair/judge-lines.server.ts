import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { RawRow } from "#app/db/tables/imports.ts";
import type { Database } from "#app/db/types.ts";
import type { CorrectableJob } from "#app/imports/corrections/correct-row.server.ts";
import { type Additions, addTo } from "#app/imports/corrections/correction.ts";
import type { RefusedLine } from "#app/imports/corrections/repair/repair-plan.ts";
import type { CorrectedRow } from "#app/imports/corrections/replace-rows.server.ts";
import { cellNow, changedCells } from "#app/imports/corrections/row-corrections.server.ts";
import type { ParsedRow } from "#app/imports/csv/parse-report.ts";
import { ownColumns } from "#app/imports/report-columns.ts";
import type { RowStatus } from "#app/imports/status.ts";

/** A row of the import, as its line finds it. */
interface Standing {
  rowNumber: number;
  status: RowStatus;
  raw: RawRow;
  cells: Record<string, string> | null;
  additions: Additions | null;
}

export type Judged =
  | { verdict: "replaces"; correction: CorrectedRow }
  | { verdict: "unchanged" }
  | { verdict: "refused"; line: RefusedLine };

const NOT_FAILED: Readonly<Record<Exclude<RowStatus, "failed">, string>> = {
  pending: "is waiting to be processed",
  processing: "is just being processed",
  success: "has been written already",
  skipped: "was skipped",
  review: "waits for a decision in Review",
};

/** The row that a line says it corrects; null where it says none. */
export function rowNumberOf(raw: ParsedRow["raw"]): number | null {
  const text = typeof raw._row === "string" ? raw._row.trim() : "";
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/**
 * Says of each line of a batch whether it replaces a failed row of the import, or why not.
 *
 * @param seen rows that earlier lines of the file named; those of this batch are added
 */
export async function judgeLines(
  db: Kysely<Database>,
  job: CorrectableJob,
  lines: readonly ParsedRow[],
  seen: Set<number>,
): Promise<Judged[]> {
  const numbers = lines.flatMap(({ raw }) => rowNumberOf(raw) ?? []);
  const { rows } = await sql<Standing>`
    select rows.row_number as "rowNumber", rows.status, rows.raw_payload as raw, newest.cells, newest.additions
    from import_rows as rows left join lateral (
      select cells, additions from import_row_corrections as corrections
      where corrections.job_id = rows.job_id and corrections.row_number = rows.row_number
      order by corrections.id desc limit 1
    ) as newest on true
    where rows.job_id = ${job.id}::uuid and rows.row_number = any(${numbers}::int[])`.execute(db);
  const standing = new Map(rows.map((row) => [row.rowNumber, row]));
  return lines.map((line) => judge(job, line, standing, seen));
}

function judge(
  job: CorrectableJob,
  line: ParsedRow,
  rows: ReadonlyMap<number, Standing>,
  seen: Set<number>,
): Judged {
  const rowNumber = rowNumberOf(line.raw);
  const refuse = (code: string, message: string): Judged => ({
    verdict: "refused",
    line: { lineNumber: line.l, rowNumber, code, message },
  });
  if (rowNumber === null)
    return refuse(
      "ROW_NUMBER_MISSING",
      "The line has no row number in _row, so it is not known which row it corrects.",
    );
  if (seen.has(rowNumber)) return refuse("ROW_TWICE", `An earlier line corrects row ${rowNumber} already.`);
  seen.add(rowNumber);
  const row = rows.get(rowNumber);
  if (!row) return refuse("NO_SUCH_ROW", `The import has no row ${rowNumber}.`);
  if (row.status !== "failed")
    return refuse("ROW_NOT_FAILED", `Row ${rowNumber} ${NOT_FAILED[row.status]}, so it stays as it is.`);
  const own = ownColumns(job.columns);
  const cells = Object.fromEntries(own.map((column) => [column, textOf(line.raw, column)]));
  if (own.every((column) => cells[column]?.trim() === cellNow(row.raw, row.cells ?? {}, column).trim()))
    return { verdict: "unchanged" };
  if (!line.norm) return refuse(line.c ?? "INVALID_ROW", line.m ?? "The line cannot be used as it is.");
  const additions = row.additions ?? {};
  const read = addTo(line.norm, additions, job.context);
  if ("problem" in read) return refuse(read.problem.code, read.problem.message);
  return {
    verdict: "replaces",
    correction: { rowNumber, cells: changedCells(row.raw, cells), additions, row: read.row },
  };
}

function textOf(raw: ParsedRow["raw"], column: string): string {
  const cell = Object.hasOwn(raw, column) ? raw[column] : undefined;
  return typeof cell === "string" ? cell : "";
}
