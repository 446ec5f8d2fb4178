import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { RepairPlan } from "#app/imports/corrections/repair/repair-plan.ts";
import { estimate } from "#app/imports/eta.ts";
import type {
  ImportAccepted,
  ImportJob,
  ImportJobs,
  ImportRow,
  ImportRows,
} from "#app/imports/import-answers.ts";
import type { Intake } from "#app/imports/intake.server.ts";
import { findJob, findSameFile, type ImportJobView, listJobs } from "#app/imports/jobs.server.ts";
import { listRecentErrors, listRowsAt, type RowView } from "#app/imports/row-queries.server.ts";
import type { JobStatus, RowStatus } from "#app/imports/status.ts";

/** The limit at which titles are looked up, or null when no upstream is on. */
export type LookUpLimit = { requests: number; perMs: number } | null;

/** @throws AppError IMPORT_NOT_FOUND (404) */
export async function jobAnswer(
  db: Kysely<Database>,
  jobId: string,
  rateLimit: LookUpLimit,
): Promise<ImportJob> {
  const job = await findJob(db, jobId);
  const rowErrors = await listRecentErrors(db, job.id);
  const recentErrors = rowErrors.map(({ rowNumber, code, message }) => ({
    rowNumber: rowNumber as number | null,
    code: code ?? "UNKNOWN",
    message: message ?? "",
  }));
  // An import that failed as a whole says why in the same place.
  if (job.errorCode)
    recentErrors.unshift({ rowNumber: null, code: job.errorCode, message: job.errorMessage ?? "" });
  return { ...summaryOf(job, rateLimit), recentErrors };
}

/** @throws AppError BAD_CURSOR (400) */
export async function jobListAnswer(
  db: Kysely<Database>,
  query: { status?: JobStatus | undefined; limit: number; cursor?: string | undefined },
  rateLimit: LookUpLimit,
): Promise<ImportJobs> {
  const { jobs, nextCursor } = await listJobs(db, { status: query.status }, query);
  return { jobs: jobs.map((job) => summaryOf(job, rateLimit)), nextCursor };
}

function summaryOf(job: ImportJobView, rateLimit: LookUpLimit): ImportJobs["jobs"][number] {
  return {
    id: job.id,
    type: job.type,
    source: job.source,
    status: job.status,
    dryRun: job.dryRun,
    fileName: job.fileName,
    totalRows: job.totalRows,
    processedRows: job.processedRows,
    successRows: job.successRows,
    failedRows: job.failedRows,
    skippedRows: job.skippedRows,
    reviewRows: job.reviewRows,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    completedAt: job.completedAt?.toISOString() ?? null,
    etaSeconds: estimate(job, { rateLimit, now: new Date() })?.seconds ?? null,
  };
}

/** @throws AppError IMPORT_NOT_FOUND (404) */
export async function rowsAnswer(
  db: Kysely<Database>,
  jobId: string,
  query: { status?: RowStatus | undefined; limit: number; offset: number },
): Promise<ImportRows> {
  const job = await findJob(db, jobId);
  const rows = await listRowsAt(db, job.id, { status: query.status }, query);
  return {
    total: query.status ? await countRows(db, job, query.status) : job.totalRows,
    rows: rows.map((row) => rowAnswer(row, job.columns)),
  };
}

/** From the job's counters wherever they tell: counting a million rows for every page would cost more than the page. */
async function countRows(db: Kysely<Database>, job: ImportJobView, status: RowStatus): Promise<number> {
  switch (status) {
    case "success":
      return job.successRows;
    case "failed":
      return job.failedRows;
    case "skipped":
      return job.skippedRows;
    case "review":
      return job.reviewRows;
    default: {
      const inHand = await countInHand(db, job.id);
      return status === "processing" ? inHand : Math.max(0, job.totalRows - job.processedRows - inHand);
    }
  }
}

/** Rows that workers hold at this moment: a few chunks at most. */
async function countInHand(db: Kysely<Database>, jobId: string): Promise<number> {
  const row = await db
    .selectFrom("import_rows")
    .select(sql<number>`count(*)::int`.as("count"))
    .where("job_id", "=", jobId)
    .where("status", "=", "processing")
    .executeTakeFirstOrThrow();
  return row.count;
}

function rowAnswer(row: RowView, columns: readonly string[]): ImportRow {
  return {
    rowNumber: row.rowNumber,
    status: row.status,
    raw: inFileOrder(row.raw, columns),
    normalized: row.normalized === null ? null : { ...row.normalized },
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    targetRecordId: row.targetRecordId,
    attemptCount: row.attemptCount,
  };
}

/** jsonb keeps keys by their length; people want them as in their file. */
function inFileOrder(raw: RowView["raw"], columns: readonly string[]): RowView["raw"] {
  const names = [...columns, "_extra"].filter((name) => Object.hasOwn(raw, name));
  // fromEntries defines properties, so a column called "__proto__" stays a column.
  return Object.fromEntries(names.map((name) => [name, raw[name] ?? ""]));
}

/**
 * The answer to an upload. For a request that an earlier one with the same Idempotency-Key had answered, it is read back
 * from what that one stored.
 */
export async function acceptedAnswer(db: Kysely<Database>, intake: Intake): Promise<ImportAccepted> {
  const job = await findJob(db, intake.jobId);
  const validation = intake.report
    ? {
        valid: intake.report.validRows,
        invalid: intake.report.invalidRows,
        errors: intake.report.problems
          .slice(0, 100)
          .map(({ rowNumber, code, message }) => ({ rowNumber, code, message })),
      }
    : await storedValidation(db, job.id);
  const sameFile = await sameFileOf(db, job);
  return { jobId: job.id, status: job.status, totalRows: job.totalRows, validation, sameFile, repair: null };
}

/** The answer to an upload that repairs an import: as for any other, about that import, its lines by the rows they correct. */
export async function repairedAnswer(db: Kysely<Database>, plan: RepairPlan): Promise<ImportAccepted> {
  const job = await findJob(db, plan.job.id);
  const errors = plan.refused.flatMap(({ rowNumber, code, message }) =>
    rowNumber === null ? [] : [{ rowNumber, code, message }],
  );
  return {
    jobId: job.id,
    status: job.status,
    totalRows: job.totalRows,
    validation: { valid: plan.replaces, invalid: plan.refusedCount, errors },
    sameFile: await sameFileOf(db, job),
    repair: { replaced: plan.replaces, unchanged: plan.unchanged, refused: plan.refused },
  };
}

async function sameFileOf(
  db: Kysely<Database>,
  job: { id: string; fileSha256: string },
): Promise<ImportAccepted["sameFile"]> {
  const others = await findSameFile(db, job.fileSha256, { but: job.id });
  return others.map(({ id, status, dryRun, undone, createdAt }) => ({
    jobId: id,
    href: `/bulk-import/jobs/${id}`,
    status,
    dryRun,
    undone,
    createdAt: createdAt.toISOString(),
  }));
}

async function storedValidation(db: Kysely<Database>, jobId: string): Promise<ImportAccepted["validation"]> {
  const parsed = await db
    .selectFrom("import_job_events")
    .select(["meta"])
    .where("job_id", "=", jobId)
    .where("kind", "=", "parsed")
    .orderBy("id")
    .executeTakeFirst();
  if (!parsed)
    throw new AppError(
      "IMPORT_NOT_FOUND",
      404,
      "The import of this Idempotency-Key has no record of its file.",
    );
  const refused = await db
    .selectFrom("import_rows")
    .select(["row_number as rowNumber", "error_code as code", "error_message as message"])
    .where("job_id", "=", jobId)
    .where("status", "=", "failed")
    .where("normalized_payload", "is", null)
    .orderBy("row_number")
    .limit(100)
    .execute();
  return {
    valid: Number(parsed.meta?.valid ?? 0),
    invalid: Number(parsed.meta?.invalid ?? 0),
    errors: refused.map((row) => ({
      rowNumber: row.rowNumber,
      code: row.code ?? "UNKNOWN",
      message: row.message ?? "",
    })),
  };
}
