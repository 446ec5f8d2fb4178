import { type Kysely, type SqlBool, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { RowStatus } from "#app/imports/status.ts";

const columns = [
  "row_number as rowNumber",
  "line_number as lineNumber",
  "status",
  "raw_payload as raw",
  "normalized_payload as normalized",
  "error_code as errorCode",
  "error_message as errorMessage",
  "outcome",
  "work_id as workId",
  "target_record_id as targetRecordId",
  "attempt_count as attemptCount",
  "updated_at as updatedAt",
] as const;

export type RowView = Awaited<ReturnType<typeof listRowsAt>>[number];

/**
 * Rows from a position on, for the machine API. Without a status the position is a row number (they are dense), so the
 * last page of a million rows costs what the first does. With a status the row at the offset is found in the index alone:
 * walking there over the rows themselves took 262 ms for the 45,000th failed one of a million.
 */
export async function listRowsAt(
  db: Kysely<Database>,
  jobId: string,
  filter: { status?: RowStatus | undefined },
  page: { limit: number; offset: number },
) {
  const query = db
    .selectFrom("import_rows")
    .select(columns)
    .where("job_id", "=", jobId)
    .orderBy("row_number")
    .limit(page.limit);
  if (filter.status) {
    const first = db
      .selectFrom("import_rows")
      .select("row_number")
      .where("job_id", "=", jobId)
      .where("status", "=", filter.status)
      .orderBy("row_number")
      .offset(page.offset)
      .limit(1);
    return query.where("status", "=", filter.status).where("row_number", ">=", first).execute();
  }
  return query
    .where("row_number", ">", page.offset)
    .where("row_number", "<=", page.offset + page.limit)
    .execute();
}

export interface RowFilter {
  status?: RowStatus | undefined;
  errorCode?: string | undefined;
  /** Part of the title, any case. */
  search?: string | undefined;
}

/** Where a page begins: after this row of this part of the list. */
export interface RowCursor {
  part: "attention" | "rest";
  after: number;
}

export interface RowPage {
  rows: RowView[];
  next: RowCursor | null;
}

const attention: RowStatus[] = ["failed", "review"];
const rest: RowStatus[] = ["pending", "processing", "success", "skipped"];

/**
 * A page of rows for the screen, by keyset: failed and doubtful rows first, then the rest, each by line. A filter by
 * status shows that status alone.
 */
export async function listRows(
  db: Kysely<Database>,
  jobId: string,
  filter: RowFilter,
  page: { limit: number; cursor: RowCursor | null },
): Promise<RowPage> {
  const cursor = page.cursor ?? { part: "attention", after: 0 };
  const rows: RowView[] = [];
  const want = page.limit + 1;
  if (filter.status) {
    rows.push(...(await listPart(db, jobId, filter, [filter.status], cursor.after, want)));
    return cut(rows, page.limit, () => "attention");
  }
  if (cursor.part === "attention")
    rows.push(...(await listPart(db, jobId, filter, attention, cursor.after, want)));
  const after = cursor.part === "rest" ? cursor.after : 0;
  if (rows.length < want && !filter.errorCode)
    rows.push(...(await listPart(db, jobId, filter, rest, after, want - rows.length)));
  return cut(rows, page.limit, (row) => (attention.includes(row.status) ? "attention" : "rest"));
}

function cut(rows: RowView[], limit: number, partOf: (row: RowView) => RowCursor["part"]): RowPage {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), next: last ? { part: partOf(last), after: last.rowNumber } : null };
}

/**
 * One status list by row number. Several statuses are read from one index each and merged: a single scan by row number
 * would walk over a million successes to find the few failures.
 */
async function listPart(
  db: Kysely<Database>,
  jobId: string,
  filter: RowFilter,
  statuses: RowStatus[],
  after: number,
  limit: number,
): Promise<RowView[]> {
  const lists = await Promise.all(
    statuses.map((status) => {
      let query = db
        .selectFrom("import_rows")
        .select(columns)
        .where("job_id", "=", jobId)
        .where("status", "=", status)
        .where("row_number", ">", after)
        .orderBy("row_number")
        .limit(limit);
      if (filter.errorCode) query = query.where("error_code", "=", filter.errorCode);
      if (filter.search) query = query.where(titleContains(filter.search));
      return query.execute();
    }),
  );
  return lists
    .flat()
    .sort((a, b) => a.rowNumber - b.rowNumber)
    .slice(0, limit);
}

function titleContains(search: string) {
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  // Rows that could not be normalised have no title of their own: what stands in their cells is searched instead.
  return sql<SqlBool>`coalesce(normalized_payload->>'title', raw_payload::text) ilike ${pattern}`;
}

/** One row with its neighbours, for the drawer. */
export async function findRow(
  db: Kysely<Database>,
  jobId: string,
  rowNumber: number,
): Promise<RowView | undefined> {
  return db
    .selectFrom("import_rows")
    .select(columns)
    .where("job_id", "=", jobId)
    .where("row_number", "=", rowNumber)
    .executeTakeFirst();
}

export interface FailureGroup {
  errorCode: string;
  count: number;
  message: string;
  samples: string[];
  /** False for rows refused for their contents: they need correcting, retrying alone does not help. */
  retryable: boolean;
  firstAt: Date;
  lastAt: Date;
}

/**
 * Failed rows by reason, largest group first, with three titles of each.
 *
 * Counted in the index, and only the samples are read; aggregating the rows themselves sorted 34 MB on disk. With 100,000
 * failures in 1,000,000 rows: 36 ms against 700 once autovacuum has been there; before that, as while an import runs, the
 * planner still reads the table, without the sort (400 ms against 700 to 1,400).
 */
export async function groupFailures(db: Kysely<Database>, jobId: string): Promise<FailureGroup[]> {
  const { rows } = await sql<FailureGroup>`
    with groups as (
      select error_code, count(*)::int as count, min(updated_at) as first_at, max(updated_at) as last_at from import_rows
      where job_id = ${jobId}::uuid and status = 'failed'
      group by error_code
      order by count(*) desc, error_code
      limit 50
    )
    select groups.error_code as "errorCode", groups.count, firsts.message, firsts.samples, firsts.retryable,
      groups.first_at as "firstAt", groups.last_at as "lastAt"
    from groups cross join lateral (
      select min(error_message) as message, array_agg(title order by row_number) as samples, bool_or(is_usable) as retryable
      from (
        select row_number, error_message, coalesce(normalized_payload->>'title', 'line ' || line_number) as title,
          normalized_payload is not null as is_usable
        from import_rows
        where job_id = ${jobId}::uuid and status = 'failed' and error_code = groups.error_code
        order by row_number limit 3
      ) as first_rows
    ) as firsts
    order by groups.count desc, groups.error_code`.execute(db);
  return rows;
}

/** The newest failures, for `recentErrors` of the machine API. */
export async function listRecentErrors(db: Kysely<Database>, jobId: string, limit = 10) {
  return db
    .selectFrom("import_rows")
    .select([
      "row_number as rowNumber",
      "line_number as lineNumber",
      "error_code as code",
      "error_message as message",
    ])
    .where("job_id", "=", jobId)
    .where("status", "=", "failed")
    .orderBy("row_number", "desc")
    .limit(limit)
    .execute();
}
