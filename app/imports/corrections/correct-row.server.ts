import type { Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import {
  type Additions,
  correctableFields,
  knownFormat,
  readCorrection,
} from "#app/imports/corrections/correction.ts";
import { replaceRows } from "#app/imports/corrections/replace-rows.server.ts";
import { cellNow, changedCells, listCorrections } from "#app/imports/corrections/row-corrections.server.ts";
import { storedOptions } from "#app/imports/csv/stored-options.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { importNotFound } from "#app/imports/import-not-found.ts";
import { retryRows } from "#app/imports/lifecycle.server.ts";
import type { FormatId, RowContext } from "#app/imports/sources/adapter.ts";
import type { RowStatus } from "#app/imports/status.ts";
import { refuseUndone } from "#app/imports/undo/request-undo.server.ts";

/** What was typed into the form of a failed row. */
export interface TypedCorrection {
  /** By column; those that the form did not show stay as they are. */
  cells: Readonly<Record<string, string>>;
  additions: Additions;
  /** The newest correction that the form was made from; "" when there was none. */
  version: string;
}

/** What became of a row while it was being corrected. */
const MOVED_ON: Readonly<Record<Exclude<RowStatus, "failed">, string>> = {
  pending: "it is being tried again",
  processing: "it is being tried again",
  success: "it has been written",
  skipped: "it has been skipped",
  review: "it waits for a decision between several titles",
};

/**
 * Corrects a failed row in place and sends it round again, in one step. The line as it was is kept.
 *
 * @throws AppError IMPORT_NOT_FOUND, ROW_NOT_FOUND (404) · ROW_MOVED_ON, IMPORT_UNDONE (409) · NOT_CORRECTABLE, NOTHING_CHANGED
 *   (422) · INVALID_CORRECTION (422) with the form's `field` in its details
 */
export async function correctRow(
  trx: Transaction<Database>,
  jobId: string,
  rowNumber: number,
  typed: TypedCorrection,
  by: string,
): Promise<void> {
  const job = await lockCorrectable(trx, jobId);
  const row = await trx
    .selectFrom("import_rows")
    .select(["status", "raw_payload as raw", "normalized_payload as normalized"])
    .where("job_id", "=", jobId)
    .where("row_number", "=", rowNumber)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError("ROW_NOT_FOUND", 404, "This import has no such row.");
  if (row.status !== "failed") throw movedOn(MOVED_ON[row.status]);
  const [newest] = await listCorrections(trx, jobId, rowNumber, 1);
  if ((newest?.id ?? "") !== typed.version) throw movedOn("somebody else has corrected it");

  const shown = correctableFields(job.format, job.columns).columns;
  const standing = Object.fromEntries(
    job.columns.map((column) => [column, cellNow(row.raw, newest?.cells ?? {}, column)]),
  );
  const cells = { ...standing };
  for (const column of shown)
    if (Object.hasOwn(typed.cells, column)) cells[column] = typed.cells[column] ?? "";
  const isSame =
    shown.every((column) => cells[column]?.trim() === standing[column]?.trim()) &&
    JSON.stringify(filled(typed.additions)) === JSON.stringify(filled(newest?.additions ?? {}));
  // A line that could not be read may well be right as it stands in the form; then saving it says so.
  if (isSame && row.normalized !== null)
    throw new AppError(
      "NOTHING_CHANGED",
      422,
      "Nothing was changed. Change a field, or retry the row as it is.",
    );
  const known = Object.fromEntries(shown.map((column) => [column, cells[column] ?? ""]));
  const read = readCorrection(job.format, { cells: known, additions: typed.additions }, job.context);
  if ("problem" in read)
    throw new AppError("INVALID_CORRECTION", 422, read.problem.message, {
      reason: read.problem.code,
      ...(read.problem.field !== null && { field: read.problem.field }),
    });
  const correction = {
    rowNumber,
    cells: changedCells(row.raw, cells),
    additions: filled(typed.additions),
    row: read.row,
  };
  await replaceRows(trx, job, [correction], { name: by, repairId: null });
  await addEvent(trx, jobId, "corrected", "A failed row was corrected by hand.", { row: rowNumber });
  await retryRows(trx, jobId, { kind: "row", rowNumber });
}

const filled = (additions: Additions): Additions =>
  Object.fromEntries(
    Object.entries(additions)
      .map(([name, value]) => [name, value?.trim() ?? ""] as const)
      .filter(([, value]) => value !== "")
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

const movedOn = (what: string) =>
  new AppError(
    "ROW_MOVED_ON",
    409,
    `This row has moved on since the form was opened: ${what}. Nothing was changed; look at it again.`,
  );

export interface CorrectableJob {
  id: string;
  format: FormatId;
  columns: string[];
  context: RowContext;
}

/**
 * Locks a job whose rows are to be corrected, before its rows, as everybody does.
 *
 * @throws AppError IMPORT_NOT_FOUND (404), IMPORT_UNDONE (409), NOT_CORRECTABLE (422)
 */
export async function lockCorrectable(trx: Transaction<Database>, jobId: string): Promise<CorrectableJob> {
  const job = await trx
    .selectFrom("import_jobs")
    .select(["id", "format", "columns", "parse_options", "undo_status"])
    .where("id", "=", jobId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!job) throw importNotFound();
  refuseUndone(job.undo_status);
  const format = knownFormat(job.format);
  if (format === null)
    throw new AppError(
      "NOT_CORRECTABLE",
      422,
      "This version does not know the format of this file any more. Upload the corrected file as a new import.",
    );
  return { id: job.id, format, columns: job.columns, context: contextOf(job.parse_options) };
}

/** How the job's file is read. Whose rows are wanted was decided at intake: what is corrected is wanted. */
export function contextOf(parseOptions: unknown): RowContext {
  return {
    currentYear: new Date().getUTCFullYear(),
    dayOrder: storedOptions(parseOptions).dateOrder ?? "ymd",
    profiles: null,
  };
}
