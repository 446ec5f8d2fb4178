import { type Kysely, sql } from "kysely";
import type { RawRow } from "#app/db/tables/imports.ts";
import type { Database } from "#app/db/types.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";

/**
 * Rows that the list is added up from. Ordering by what one decision settles needs the sums of all titles, and those of this many
 * rows take a moment, not a page's whole time.
 */
export const MOST_ROWS = 100_000;
/** The navigation counts no further. */
const MOST_TITLES = 1_000;

/** Rows of an import that was undone ask for nothing any more. */
const notUndone = sql`not exists (select from import_jobs where id = import_rows.job_id and undo_status is not null)`;

/** A title that waits for an operator: all rows that ask for the same. */
export interface DoubtfulTitle {
  key: string;
  /** As one of the rows writes it. */
  title: string;
  yearHint: number | null;
  kind: "movie" | "tv" | null;
  /** Rows that wait for it, and the imports that they stand in. */
  rows: number;
  imports: number;
  /** Whether some import has nothing left but rows to review, some of this title among them. */
  isLast: boolean;
}

/** Where a page begins: after the title that stands here in the order. */
export interface TitleCursor {
  isLast: boolean;
  rows: number;
  key: string;
}

export interface DoubtfulTitles {
  titles: DoubtfulTitle[];
  /** How many titles wait, on all pages. */
  total: number;
  totalRows: number;
  /** Whether more rows wait than were added up: `MOST_ROWS` of them, in the order of their keys. */
  isBounded: boolean;
  next: TitleCursor | null;
}

/**
 * Titles that wait for a decision (M-03): first those without which an import would be finished, then by how many rows one
 * decision settles.
 *
 * Added up from an index alone. 50,000 waiting rows of 1,000,000, for 750 titles in 50 imports: 165 ms at best and 225 as a rule,
 * on two cores that had ten times the work they could do; so callers keep the answer for a moment.
 */
export async function listDoubtfulTitles(
  db: Kysely<Database>,
  page: { limit: number; cursor: TitleCursor | null },
): Promise<DoubtfulTitles> {
  const { cursor, limit } = page;
  const after = cursor
    ? sql`where ("isLast" < ${cursor.isLast} or ("isLast" = ${cursor.isLast} and (rows < ${cursor.rows} or (rows = ${cursor.rows} and key > ${cursor.key}))))`
    : sql``;
  const { rows } = await sql<DoubtfulTitle & { total: number; totalRows: number }>`
    with waiting as (
      select decision_key, job_id from import_rows where status = 'review'
      order by decision_key, job_id limit ${MOST_ROWS + 1}
    ), in_jobs as (
      select decision_key as key, job_id, count(*)::int as rows from waiting group by decision_key, job_id
    ), titles as (
      select key, sum(in_jobs.rows)::int as rows, count(*)::int as imports,
        bool_or(jobs.status = 'partial' and jobs.failed_rows = 0) as "isLast"
      from in_jobs join import_jobs as jobs on jobs.id = in_jobs.job_id
      where jobs.undo_status is null
      group by key
    ), totals as (
      select count(*)::int as total, coalesce(sum(rows), 0)::int as "totalRows" from titles
    ), page as (
      select * from titles ${after} order by "isLast" desc, rows desc, key limit ${limit + 1}
    )
    select page.*, totals.*, one.title, one."yearHint", one.kind
    from totals left join page on true left join lateral (
      select coalesce(normalized_payload->>'title', page.key) as title, (normalized_payload->>'yearHint')::int as "yearHint",
        normalized_payload->>'kind' as kind
      from import_rows where status = 'review' and decision_key = page.key order by job_id limit 1
    ) as one on true
    order by page."isLast" desc, page.rows desc, page.key`.execute(db);
  // Past the last title there is still a line, with the totals alone.
  const found = rows.filter(({ key }) => key !== null);
  const titles = found.slice(0, limit).map(({ total, totalRows, ...title }) => title);
  const last = found.length > limit ? titles.at(-1) : undefined;
  const totalRows = rows[0]?.totalRows ?? 0;
  return {
    titles,
    total: rows[0]?.total ?? 0,
    totalRows: Math.min(totalRows, MOST_ROWS),
    isBounded: totalRows > MOST_ROWS,
    next: last ? { isLast: last.isLast, rows: last.rows, key: last.key } : null,
  };
}

/**
 * How many titles wait, for the navigation of every page; 1,000 or more are 1,000. Hops from title to title in the index: what
 * one decision settles may be 40,000 rows.
 */
export async function countDoubtfulTitles(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with recursive hop as (
      (select decision_key, 1 as nth from import_rows where status = 'review' and ${notUndone} order by decision_key limit 1)
      union all
      select following.decision_key, hop.nth + 1
      from hop cross join lateral (
        select decision_key from import_rows where status = 'review' and decision_key > hop.decision_key and ${notUndone}
        order by decision_key limit 1
      ) as following
      where hop.nth < ${MOST_TITLES}
    )
    select count(*)::int as count from hop`.execute(db);
  return rows[0]?.count ?? 0;
}

/** A row that waits, as it was. */
export interface WaitingRow {
  jobId: string;
  fileName: string;
  columns: string[];
  rowNumber: number;
  lineNumber: number;
  raw: RawRow;
  normalized: NormalizedRow;
  outcome: Record<string, unknown> | null;
}

/**
 * Some of the rows that wait for the decision on a title, oldest import first; empty when none does.
 *
 * @param limit rows at most
 */
export async function listWaitingRows(
  db: Kysely<Database>,
  key: string,
  limit: number,
): Promise<WaitingRow[]> {
  const { rows } = await sql<WaitingRow>`
    with few as (
      select id from import_rows where status = 'review' and decision_key = ${key} and ${notUndone}
      order by job_id limit ${limit}
    )
    select rows.job_id as "jobId", jobs.file_name as "fileName", jobs.columns, rows.row_number as "rowNumber",
      rows.line_number as "lineNumber", rows.raw_payload as raw, rows.normalized_payload as normalized, rows.outcome
    from few join import_rows as rows on rows.id = few.id join import_jobs as jobs on jobs.id = rows.job_id
    where rows.normalized_payload is not null
    order by jobs.created_at, rows.job_id, rows.row_number`.execute(db);
  return rows;
}

/** How many rows wait for one title, and in how many imports. */
export async function countWaitingRows(
  db: Kysely<Database>,
  key: string,
): Promise<{ rows: number; imports: number }> {
  const { rows } = await sql<{ rows: number; imports: number }>`
    select count(*)::int as rows, count(distinct job_id)::int as imports
    from import_rows where status = 'review' and decision_key = ${key} and ${notUndone}`.execute(db);
  return rows[0] ?? { rows: 0, imports: 0 };
}
