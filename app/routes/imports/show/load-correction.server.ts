import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type AdditionName, correctableFields, knownFormat } from "#app/imports/corrections/correction.ts";
import { cellNow, listCorrections } from "#app/imports/corrections/row-corrections.server.ts";
import type { ImportJobView } from "#app/imports/jobs.server.ts";
import type { RowView } from "#app/imports/row-queries.server.ts";

export type CorrectionData = Awaited<ReturnType<typeof loadCorrection>>;

/** How a row was corrected so far; and, while it is failed, the form by which it can be. */
export async function loadCorrection(
  db: Kysely<Database>,
  job: ImportJobView,
  row: Pick<RowView, "rowNumber" | "raw" | "status">,
) {
  const history = await listCorrections(db, job.id, row.rowNumber);
  const format = knownFormat(job.format);
  const isOpen = row.status === "failed" && job.undoStatus === null && format !== null;
  return { history, form: isOpen ? formOf(format, job.columns, row.raw, history[0]) : null };
}

function formOf(
  format: NonNullable<ReturnType<typeof knownFormat>>,
  columns: readonly string[],
  raw: RowView["raw"],
  newest: Awaited<ReturnType<typeof listCorrections>>[number] | undefined,
) {
  const fields = correctableFields(format, columns);
  return {
    version: newest?.id ?? "",
    cells: fields.columns.map((column) => ({
      column,
      value: cellNow(raw, newest?.cells ?? {}, column),
    })),
    additions: fields.additions.map((name: AdditionName) => ({
      name,
      value: newest?.additions[name] ?? "",
    })),
  };
}
