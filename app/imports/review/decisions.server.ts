import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** A decision of an operator's own that can still be undone. */
export interface OwnDecision {
  reviewId: string;
  key: string;
  title: string;
  /** Null: none of the titles found. */
  foundTitle: string | null;
  foundYear: number | null;
  isNone: boolean;
  decidedAt: Date;
}

/** The newest decision of an operator that stands; null when there is none. */
export async function lastDecisionOf(db: Kysely<Database>, operator: string): Promise<OwnDecision | null> {
  const row = await db
    .selectFrom("match_reviews")
    .select(["id", "decision_key", "title", "found", "media_type", "decided_at"])
    .where("decided_by", "=", operator)
    .where("taken_back_at", "is", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return {
    reviewId: row.id,
    key: row.decision_key,
    title: row.title,
    foundTitle: row.found?.title ?? null,
    foundYear: row.found?.year ?? null,
    isNone: row.media_type === null,
    decidedAt: row.decided_at,
  };
}

/** How many titles anybody has decided since midnight, UTC. */
export async function countDecidedToday(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from match_reviews
    where taken_back_at is null and decided_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** What became of a title that does not wait any more, as far as an operator decided it. */
export async function lastDecisionOn(db: Kysely<Database>, key: string) {
  const row = await db
    .selectFrom("match_reviews")
    .select([
      "title",
      "decided_by as decidedBy",
      "decided_at as decidedAt",
      "media_type",
      "found",
      "row_count as rows",
    ])
    .where("decision_key", "=", key)
    .where("taken_back_at", "is", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const { media_type, ...decision } = row;
  return { ...decision, isNone: media_type === null };
}

/** A row that was written under a decision that does not hold any more. */
export interface WrittenRow {
  jobId: string;
  fileName: string;
  rowNumber: number;
  lineNumber: number;
  workId: string | null;
  workTitle: string | null;
}

/** Rows of this title that are in the catalogue under another decision than the one it waits for: some of them, and how many. */
export async function listWrittenRows(
  db: Kysely<Database>,
  key: string,
  limit: number,
): Promise<{ rows: WrittenRow[]; total: number }> {
  const { rows } = await sql<WrittenRow & { total: number }>`
    select rows.job_id as "jobId", jobs.file_name as "fileName", rows.row_number as "rowNumber",
      rows.line_number as "lineNumber", rows.work_id as "workId", works.title as "workTitle", (count(*) over ())::int as total
    from import_rows as rows
    join import_jobs as jobs on jobs.id = rows.job_id
    left join works on works.work_id = rows.work_id
    where rows.decision_key = ${key} and rows.status = 'success' and not jobs.dry_run and jobs.undo_status is null
    order by jobs.created_at desc, rows.row_number limit ${limit}`.execute(db);
  return { rows: rows.map(({ total, ...row }) => row), total: rows[0]?.total ?? 0 };
}
