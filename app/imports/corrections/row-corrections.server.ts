import { type Kysely, sql } from "kysely";
import type { RawRow } from "#app/db/tables/imports.ts";
import type { Database } from "#app/db/types.ts";
import type { Additions } from "#app/imports/corrections/correction.ts";

/** One correction of a row, for its history. */
export interface RowCorrection {
  id: string;
  cells: Record<string, string>;
  additions: Additions;
  /** The failure that it was to mend. */
  errorCode: string | null;
  correctedBy: string;
  correctedAt: Date;
  /** Name of the corrected file; null: typed in. */
  fileName: string | null;
}

/** The corrections of a row, newest first; the newest holds. */
export async function listCorrections(
  db: Kysely<Database>,
  jobId: string,
  rowNumber: number,
  limit = 20,
): Promise<RowCorrection[]> {
  const { rows } = await sql<RowCorrection>`
    select corrections.id, cells, additions, error_code as "errorCode", corrected_by as "correctedBy",
      corrected_at as "correctedAt", repairs.file_name as "fileName"
    from import_row_corrections as corrections left join import_repairs as repairs on repairs.id = corrections.repair_id
    where corrections.job_id = ${jobId}::uuid and row_number = ${rowNumber}
    order by corrections.id desc limit ${limit}`.execute(db);
  return rows;
}

/** A cell as it stands now: the newest correction of it, else what the file says. */
export function cellNow(raw: RawRow, corrected: Readonly<Record<string, string>>, column: string): string {
  if (Object.hasOwn(corrected, column)) return corrected[column] ?? "";
  const cell = Object.hasOwn(raw, column) ? raw[column] : undefined;
  return typeof cell === "string" ? cell : "";
}

/** The cells that differ from the line as it was. */
export function changedCells(raw: RawRow, cells: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cells).filter(([column, cell]) => cell.trim() !== cellNow(raw, {}, column).trim()),
  );
}
