import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { RepairedImport } from "#app/imports/corrections/repair/repair-plan.ts";
import { ownColumns, reportColumns } from "#app/imports/report-columns.ts";

/** What a line of a corrected file says of where it comes from. */
export interface LineOrigin {
  rowNumber: number;
  errorCode: string;
  /** Its cells by column, ours among them. */
  raw: Record<string, unknown>;
}

/** A thousand lines tell what a million would. */
const LINES_LOOKED_AT = 1_000;
const MOST_CANDIDATES = 10;

type Candidate = RepairedImport & { isExported: boolean; equalCells: number; failing: number };

/**
 * The imports that a corrected failed-rows file may belong to (decision 22): those with the same columns whose rows of these
 * numbers share cells with at least half of the lines, and which have been exported or have rows that failed for the reasons in
 * the file. Most equal cells first, then those that were exported.
 *
 * @returns the likeliest first; `equals` of them, newest first, fit as well as the first one
 */
export async function findRepaired(
  db: Kysely<Database>,
  columns: readonly string[],
  lines: readonly LineOrigin[],
): Promise<{ candidates: RepairedImport[]; equals: number }> {
  const own = [...ownColumns(columns)].toSorted();
  const looked = lines.slice(0, LINES_LOOKED_AT).map(({ rowNumber, errorCode, raw }) => ({
    n: rowNumber,
    c: errorCode,
    raw: Object.fromEntries(own.flatMap((column) => (raw[column] ? [[column, raw[column]]] : []))),
  }));
  const { rows } = await sql<Candidate>`
    with line as materialized (
      select * from json_to_recordset(${JSON.stringify(looked)}::json) as line (n int, c text, raw jsonb)
    )
    select jobs.id, jobs.file_name as "fileName", jobs.created_at as "createdAt", jobs.uploaded_by as "uploadedBy",
      jobs.failed_rows_exported_at is not null as "isExported", fit.equal_cells as "equalCells", fit.failing
    from import_jobs as jobs
    cross join lateral (
      select count(*)::int as known, coalesce(sum(equal.cells), 0)::int as equal_cells,
        (count(*) filter (where rows.status = 'failed' and rows.error_code = line.c or exists (
          select from import_row_corrections as corrections
          where corrections.job_id = jobs.id and corrections.row_number = line.n and corrections.error_code = line.c)))::int as failing
      from line join import_rows as rows on rows.job_id = jobs.id and rows.row_number = line.n
      cross join lateral (
        select count(*) as cells from jsonb_each(line.raw) as cell where rows.raw_payload->cell.key = cell.value
      ) as equal
      where equal.cells > 0
    ) as fit
    where jobs.undo_status is null and fit.known > 0 and fit.known * 2 >= ${looked.length}
      and (fit.failing > 0 or jobs.failed_rows_exported_at is not null)
      and array(select name from unnest(jobs.columns) as name
        where not (jobs.columns @> ${[...reportColumns]}::text[] and name = any(${[...reportColumns]}::text[]))
        order by name collate "C") = array(select name from unnest(${own}::text[]) as name order by name collate "C")
    order by "equalCells" desc, "isExported" desc, fit.failing desc, jobs.created_at desc
    limit ${MOST_CANDIDATES}`.execute(db);
  const [first] = rows;
  return {
    candidates: rows.map(({ id, fileName, createdAt, uploadedBy }) => ({
      id,
      fileName,
      createdAt,
      uploadedBy,
    })),
    equals: first ? rows.filter((row) => isEqual(first, row)).length : 0,
  };
}

const isEqual = (one: Candidate, other: Candidate): boolean =>
  one.isExported === other.isExported && one.failing === other.failing && one.equalCells === other.equalCells;

/** Notes that the failed rows of an import went out: only then can they come back corrected. */
export async function noteExport(db: Kysely<Database>, jobId: string): Promise<void> {
  await sql`update import_jobs set failed_rows_exported_at = now() where id = ${jobId}::uuid`.execute(db);
}
