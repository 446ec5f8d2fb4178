import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { importNotFound } from "#app/imports/import-not-found.ts";
import { type JobStatus, jobStatuses } from "#app/imports/status.ts";

const columns = [
  "id",
  "type",
  "source",
  "format",
  "status",
  "dry_run as dryRun",
  "skip_duplicates as skipDuplicates",
  "catalogue",
  "file_name as fileName",
  "file_bytes as fileBytes",
  "file_sha256 as fileSha256",
  "columns",
  "total_rows as totalRows",
  "processed_rows as processedRows",
  "success_rows as successRows",
  "failed_rows as failedRows",
  "skipped_rows as skippedRows",
  "review_rows as reviewRows",
  "distinct_titles as distinctTitles",
  "uploaded_by as uploadedBy",
  "error_code as errorCode",
  "error_message as errorMessage",
  "created_at as createdAt",
  "updated_at as updatedAt",
  "started_at as startedAt",
  "completed_at as completedAt",
  "has_ledger as hasLedger",
  "undo_status as undoStatus",
  "undo_requested_by as undoRequestedBy",
  "undone_at as undoneAt",
  "undo_total as undoTotal",
  "undo_removed as undoRemoved",
  "undo_left as undoLeft",
  "undo_error as undoError",
] as const;

export type ImportJobView = Awaited<ReturnType<typeof findJob>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws AppError IMPORT_NOT_FOUND (404), also for what is no id at all */
export async function findJob(db: Kysely<Database>, jobId: string) {
  const job = UUID.test(jobId)
    ? await db.selectFrom("import_jobs").select(columns).where("id", "=", jobId).executeTakeFirst()
    : undefined;
  if (!job) throw importNotFound();
  return job;
}

export interface JobFilter {
  status?: JobStatus | undefined;
  source?: string | undefined;
  /** Part of the file's name, or of who uploaded it. */
  search?: string | undefined;
  hasFailures?: boolean | undefined;
}

/**
 * Jobs, newest first, by keyset.
 *
 * @param cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listJobs(
  db: Kysely<Database>,
  filter: JobFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ jobs: ImportJobView[]; nextCursor: string | null }> {
  let query = db
    .selectFrom("import_jobs")
    .select(columns)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (filter.status) query = query.where("status", "=", filter.status);
  if (filter.source) query = query.where("source", "=", filter.source);
  if (filter.hasFailures) query = query.where("failed_rows", ">", 0);
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, "\\$&")}%`;
    query = query.where((where) =>
      where.or([where("file_name", "ilike", pattern), where("uploaded_by", "ilike", pattern)]),
    );
  }
  if (page.cursor) {
    const { createdAt, id } = readCursor(page.cursor);
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`);
  }
  const jobs = await query.execute();
  const last = jobs.length > page.limit ? jobs[page.limit - 1] : undefined;
  return { jobs: jobs.slice(0, page.limit), nextCursor: last ? await writeCursor(db, last.id) : null };
}

/** Microseconds matter to the order, and JavaScript's dates have none: the cursor is written by the database. */
async function writeCursor(db: Kysely<Database>, jobId: string): Promise<string> {
  const row = await db
    .selectFrom("import_jobs")
    .select(sql<string>`to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as("createdAt"))
    .where("id", "=", jobId)
    .executeTakeFirstOrThrow();
  return Buffer.from(`${row.createdAt} ${jobId}`).toString("base64url");
}

function readCursor(cursor: string): { createdAt: string; id: string } {
  const [createdAt = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(createdAt) || !UUID.test(id))
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  return { createdAt, id };
}

/** Jobs that are waiting or running, oldest first. */
export async function listRunningJobs(db: Kysely<Database>, limit = 20): Promise<ImportJobView[]> {
  return db
    .selectFrom("import_jobs")
    .select(columns)
    .where("status", "in", ["queued", "processing"])
    .orderBy("created_at")
    .limit(limit)
    .execute();
}

/** How many jobs stand in each status: the counters that filter the list. */
export async function countJobsByStatus(db: Kysely<Database>): Promise<Record<JobStatus, number>> {
  const rows = await db
    .selectFrom("import_jobs")
    .select(["status", sql<number>`count(*)::int`.as("count")])
    .groupBy("status")
    .execute();
  const counts = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as Record<JobStatus, number>;
  for (const row of rows) counts[row.status] = row.count;
  return counts;
}

/** Earlier imports of the very same bytes, newest first: uploading again is allowed, but not unknowingly (I-14). */
export async function findSameFile(
  db: Kysely<Database>,
  sha256: string,
  options: { but?: string; limit?: number } = {},
) {
  const { but, limit = 3 } = options;
  let query = db
    .selectFrom("import_jobs")
    .select(["id", "status", "dry_run as dryRun", "created_at as createdAt", "uploaded_by as uploadedBy"])
    .select(sql<boolean>`undo_status is not null`.as("undone"))
    .where("file_sha256", "=", sha256)
    .orderBy("created_at", "desc")
    .limit(limit);
  if (but) query = query.where("id", "<>", but);
  return query.execute();
}

/** The file as it was uploaded. */
export async function readFile(
  db: Kysely<Database>,
  jobId: string,
): Promise<{ fileName: string; content: Buffer }> {
  const job = await findJob(db, jobId);
  const file = await db
    .selectFrom("import_files")
    .select("content")
    .where("job_id", "=", job.id)
    .executeTakeFirstOrThrow();
  return { fileName: job.fileName, content: file.content };
}
