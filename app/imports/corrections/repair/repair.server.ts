import { createHash } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import {
  type CorrectableJob,
  contextOf,
  lockCorrectable,
} from "#app/imports/corrections/correct-row.server.ts";
import { knownFormat } from "#app/imports/corrections/correction.ts";
import { findRepaired, type LineOrigin } from "#app/imports/corrections/repair/find-repaired.server.ts";
import { judgeLines, rowNumberOf } from "#app/imports/corrections/repair/judge-lines.server.ts";
import type {
  RefusedLine,
  RepairCheck,
  RepairedImport,
  RepairPlan,
} from "#app/imports/corrections/repair/repair-plan.ts";
import { type CorrectedRow, replaceRows } from "#app/imports/corrections/replace-rows.server.ts";
import type { ParsedRow, ParseReport } from "#app/imports/csv/parse-report.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { retryRows } from "#app/imports/lifecycle.server.ts";
import { type ParseOptions, parseFile, type UploadedFile } from "#app/imports/parse-file.server.ts";
import { isFailedRowsFile } from "#app/imports/report-columns.ts";

const REFUSED_SHOWN = 100;
/** A header stands within so many bytes. */
const HEAD_BYTES = 256 * 1024;

/** What an uploader says about a failed-rows file: find out, a file of its own, or this very import (its id). */
export type RepairChoice = "auto" | "no" | { jobId: string };

/** Reads `repairs` of a form: empty or `auto`, `no`, or an import's id. */
export function readRepairChoice(text: string | undefined): RepairChoice {
  if (text === undefined || text === "" || text === "auto") return "auto";
  return text === "no" ? "no" : { jobId: text };
}

/** Whether a file may be a failed-rows file of ours; costs nothing for all the others. */
function mayBeRepair(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES));
  return head.includes("_error_code", 0, "utf8") || head.includes("_error_code", 0, "utf16le");
}

/**
 * What a corrected file would do, for the check before anything is written.
 *
 * @param report of the file as it is read by itself
 * @returns null when it is no failed-rows file of ours, or of no import that stands here
 * @throws AppError what `parseFile` throws; IMPORT_NOT_FOUND (404) for a chosen one
 */
export async function checkRepair(
  db: Kysely<Database>,
  file: UploadedFile,
  report: ParseReport,
  choice: RepairChoice,
): Promise<RepairCheck | null> {
  if (!isFailedRowsFile(report.columns)) return null;
  const { candidates } = await findRepaired(db, report.columns, await originsOf(file, {}));
  if (candidates.length === 0 && typeof choice === "string") return null;
  const jobId = typeof choice === "string" ? candidates[0]?.id : choice.jobId;
  if (choice === "no" || jobId === undefined) return { candidates, plan: null };
  const job = await readCorrectable(db, jobId);
  const { plan } = await judgeFile(db, job, file);
  return { candidates, plan };
}

/**
 * Finds the import that an uploaded file is to repair.
 *
 * @returns null when it is to be taken in as an import of its own
 * @throws AppError AMBIGUOUS_REPAIR (409) when several imports fit it equally well; what `parseFile` throws
 */
export async function findRepair(
  db: Kysely<Database>,
  file: UploadedFile,
  choice: RepairChoice,
): Promise<string | null> {
  if (choice === "no") return null;
  if (choice !== "auto") return (await findJob(db, choice.jobId)).id;
  if (!mayBeRepair(file.bytes)) return null;
  const origins: LineOrigin[] = [];
  let columns: readonly string[] = [];
  try {
    columns = await collectOrigins(file, {}, origins);
  } catch (error) {
    // A file that cannot be read is refused by intake, in its own words.
    if (error instanceof AppError) return null;
    throw error;
  }
  if (!isFailedRowsFile(columns)) return null;
  const { candidates, equals } = await findRepaired(db, columns, origins);
  const [first] = candidates;
  if (!first) return null;
  if (equals > 1) throw ambiguous(candidates.slice(0, equals));
  return first.id;
}

const ambiguous = (candidates: RepairedImport[]) =>
  new AppError(
    "AMBIGUOUS_REPAIR",
    409,
    "This is a corrected file of failed rows, and several imports have such rows. Say which one it repairs: send its id as repairs, or no for an import of its own.",
    { imports: candidates.map(({ id, fileName }) => ({ jobId: id, fileName })) },
  );

/**
 * Puts the corrected lines in the place of their failed rows and sends these round again, in one transaction. Only rows that are
 * still failed are touched, so the same file again changes nothing.
 *
 * @throws AppError IMPORT_NOT_FOUND (404), IMPORT_UNDONE (409), NOT_CORRECTABLE (422), what `parseFile` throws
 */
export async function repairImport(
  trx: Transaction<Database>,
  jobId: string,
  file: UploadedFile,
  by: string,
): Promise<RepairPlan> {
  const job = await lockCorrectable(trx, jobId);
  const { plan, corrections } = await judgeFile(trx, job, file);
  const sha256 = createHash("sha256").update(file.bytes).digest("hex");
  const repair = await trx
    .insertInto("import_repairs")
    .values({
      job_id: jobId,
      file_name: file.fileName,
      file_sha256: sha256,
      uploaded_by: by,
      replaced_rows: corrections.length,
      refused_rows: plan.refusedCount,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const rowNumbers = await replaceRows(trx, job, corrections, { name: by, repairId: repair.id });
  await addEvent(trx, jobId, "repaired", repairedSentence(plan), {
    replaced: rowNumbers.length,
    unchanged: plan.unchanged,
    refused: plan.refusedCount,
    refusedLines: plan.refused.map(({ lineNumber }) => lineNumber),
  });
  if (rowNumbers.length > 0) await retryRows(trx, jobId, { kind: "rows", rowNumbers });
  return plan;
}

function repairedSentence({ replaces, unchanged, refusedCount, refused }: RepairPlan): string {
  const parts = [
    `A corrected file replaced ${replaces} failed rows.`,
    unchanged > 0 && `${unchanged} lines were as before.`,
    refusedCount > 0 &&
      `${refusedCount} lines were refused, first line ${refused[0]?.lineNumber}: ${refused[0]?.message}`,
  ];
  return parts.filter(Boolean).join(" ");
}

async function readCorrectable(
  db: Kysely<Database>,
  jobId: string,
): Promise<CorrectableJob & { view: RepairedImport }> {
  const view = await findJob(db, jobId);
  const { parse_options } = await db
    .selectFrom("import_jobs")
    .select("parse_options")
    .where("id", "=", view.id)
    .executeTakeFirstOrThrow();
  const format = knownFormat(view.format);
  if (format === null || view.undoStatus !== null)
    throw new AppError("NOT_CORRECTABLE", 422, "The rows of this import cannot be corrected any more.");
  return {
    id: view.id,
    format,
    columns: view.columns,
    context: contextOf(parse_options),
    view: viewOf(view),
  };
}

const viewOf = (job: Awaited<ReturnType<typeof findJob>>): RepairedImport => ({
  id: job.id,
  fileName: job.fileName,
  createdAt: job.createdAt.toISOString(),
  uploadedBy: job.uploadedBy,
});

/** Reads the file as the import's own was read, line by line against its rows. */
async function judgeFile(
  db: Kysely<Database>,
  job: CorrectableJob,
  file: UploadedFile,
): Promise<{ plan: RepairPlan; corrections: CorrectedRow[] }> {
  const corrections: CorrectedRow[] = [];
  const refused: RefusedLine[] = [];
  const seen = new Set<number>();
  let unchanged = 0;
  let refusedCount = 0;
  const options: ParseOptions = { format: job.format, dateOrder: job.context.dayOrder };
  await parseFile(file, options, async ({ json }) => {
    for (const judged of await judgeLines(db, job, readBatch(json), seen)) {
      if (judged.verdict === "replaces") corrections.push(judged.correction);
      else if (judged.verdict === "unchanged") unchanged++;
      else {
        refusedCount++;
        if (refused.length < REFUSED_SHOWN) refused.push(judged.line);
      }
    }
  });
  const view = viewOf(await findJob(db, job.id));
  return { plan: { job: view, replaces: corrections.length, unchanged, refusedCount, refused }, corrections };
}

/** What the parse thread has written. */
const readBatch = (json: string): ParsedRow[] => JSON.parse(json);

async function originsOf(file: UploadedFile, options: ParseOptions): Promise<LineOrigin[]> {
  const origins: LineOrigin[] = [];
  await collectOrigins(file, options, origins);
  return origins;
}

async function collectOrigins(
  file: UploadedFile,
  options: ParseOptions,
  origins: LineOrigin[],
): Promise<readonly string[]> {
  const report = await parseFile(file, options, async ({ json }) => {
    for (const { raw } of readBatch(json)) {
      const rowNumber = rowNumberOf(raw);
      const errorCode = typeof raw._error_code === "string" ? raw._error_code : "";
      if (rowNumber !== null) origins.push({ rowNumber, errorCode, raw });
    }
  });
  return report.columns;
}
