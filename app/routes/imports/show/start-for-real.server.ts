import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { storedOptions } from "#app/imports/csv/stored-options.ts";
import { takeIn } from "#app/imports/intake.server.ts";
import { readFile } from "#app/imports/jobs.server.ts";
import { intakeTurns } from "#app/imports/turns.ts";
import { uploaderOf } from "#app/imports/uploader.ts";

/**
 * Takes the stored file of a dry run in again, read exactly as then, this time to be written. Pressing twice starts one import.
 *
 * @returns the new import's id
 * @throws AppError NOT_A_DRY_RUN (409), IMPORT_NOT_FOUND (404), and what `takeIn` throws
 */
export async function startForReal({
  db,
  jobId,
  actor,
  requestId,
}: {
  db: Db;
  jobId: string;
  actor: Actor;
  requestId: string;
}): Promise<string> {
  const { fileName, content } = await readFile(db, jobId);
  const job = await db
    .selectFrom("import_jobs")
    .select(["type", "dry_run", "skip_duplicates", "catalogue", "parse_options"])
    .where("id", "=", jobId)
    .executeTakeFirstOrThrow();
  if (!job.dry_run)
    throw new AppError("NOT_A_DRY_RUN", 409, "This import was no dry run: it has been written already.");
  return intakeTurns.run(() =>
    db.transaction().execute(async (trx) => {
      const intake = await takeIn(
        trx,
        { bytes: content, fileName },
        {
          type: job.type,
          dryRun: false,
          skipDuplicates: job.skip_duplicates,
          parseOptions: storedOptions(job.parse_options),
          uploadedBy: uploaderOf(actor),
          idempotencyKey: `for-real:${jobId}`,
          catalogue: job.catalogue,
        },
      );
      if (intake.created)
        await audit(trx, {
          actor,
          requestId,
          action: "import.create",
          subject: `import:${intake.jobId}`,
          details: { dryRun: false, type: job.type, dryRunBefore: jobId },
        });
      return intake.jobId;
    }),
  );
}
