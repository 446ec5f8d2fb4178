import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import type { ProcessContext } from "#app/imports/chunk.server.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { failImport, fanOut } from "#app/imports/lifecycle.server.ts";
import { checkCatalogue, readRemoteRecords } from "#app/imports/remote-records.server.ts";
import { flagOf } from "#app/queue/job-flags.ts";
import { pausedFlags } from "#app/queue/pauses.server.ts";
import type { CatalogueMedia } from "#app/upstreams/catalogue/client.server.ts";
import { isUpstreamAway, UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";

/** How often an import that cannot begin looks whether its catalogue is still paused. */
const PAUSE_LOOK_MS = 15_000;

/**
 * Starts an import, or goes on with it: reads what a remote catalogue holds, then fans out into chunks.
 *
 * An import that cannot start fails as a whole and says why; waiting for ever would look like work.
 *
 * @throws UpstreamError · UpstreamPaused while the catalogue may answer soon, and whatever else went wrong: the queue tries again
 */
export async function startImport(
  context: ProcessContext & { isLastAttempt: boolean },
  jobId: string,
): Promise<Record<string, number>> {
  const { db, config } = context;
  try {
    const job = await db
      .selectFrom("import_jobs")
      .select(["catalogue", "status"])
      .where("id", "=", jobId)
      .executeTakeFirst();
    if (!job || (job.status !== "queued" && job.status !== "processing")) return { chunks: 0 };
    if (job.catalogue !== "builtin") await readCatalogue(context, jobId, job);
    const chunks = await db.transaction().execute((trx) => fanOut(trx, jobId, config.IMPORT_CHUNK_ROWS));
    return { chunks: chunks ?? 0 };
  } catch (error) {
    if (context.signal.aborted) throw new RetryLater("The worker stops; another goes on.", 0);
    const end = whyItEnds(error, context.isLastAttempt);
    if (!end) throw error;
    context.logger.error({ err: error, importJobId: jobId, code: end.code }, "import cannot start");
    await failImport(db, jobId, end.code, end.message);
    return { chunks: 0 };
  }
}

async function readCatalogue(
  { db, config, signal }: ProcessContext,
  jobId: string,
  job: { catalogue: string },
): Promise<void> {
  checkCatalogue(job.catalogue, config);
  // Its chunks carry the flag; this job is added before anybody knows where it writes to.
  if ((await pausedFlags(db)).includes(flagOf({ kind: "upstream", service: "catalogue" })))
    throw new RetryLater("The remote catalogue is paused.", PAUSE_LOOK_MS);
  let records = 0;
  for (const media of await mediaOf(db, jobId))
    records += await readRemoteRecords({ db, config, signal }, job.catalogue, media);
  await addEvent(db, jobId, "catalogue_read", "The remote catalogue was read, to find duplicates.", {
    records,
  });
}

/** What a file may hold: only a row that says what it is rules the other out. */
async function mediaOf(db: Db, jobId: string): Promise<CatalogueMedia[]> {
  const { rows } = await sql<{ films: boolean | null; series: boolean | null }>`
    select bool_or(coalesce(normalized_payload->>'kind', 'movie') = 'movie') as films,
      bool_or(coalesce(normalized_payload->>'kind', 'tv') = 'tv') as series
    from import_rows where job_id = ${jobId}::uuid and normalized_payload is not null`.execute(db);
  const { films, series } = rows[0] ?? {};
  return [...(films ? (["movie"] as const) : []), ...(series ? (["tv"] as const) : [])];
}

/** @returns null while trying again by itself may help */
function whyItEnds(error: unknown, isLastAttempt: boolean): { code: string; message: string } | null {
  const written = "What has been written stays written.";
  if (error instanceof AppError) return { code: error.code, message: error.userMessage };
  // As for rows: a short pause is waited for, one that needs a person is not.
  if (error instanceof UpstreamPaused && error.reasonCode !== "RATE_LIMITED")
    return {
      code: `CATALOGUE_${error.reasonCode}`,
      message: `${error.message} ${written} Retry the import then.`,
    };
  if (error instanceof UpstreamError && (!isUpstreamAway(error) || isLastAttempt))
    return {
      code: "CATALOGUE_NO_ANSWER",
      message: `${error.message} ${written} Retry the import when the catalogue answers.`,
    };
  if (!isLastAttempt || error instanceof RetryLater) return null;
  return {
    code: "UNEXPECTED",
    message: `The import could not be started after several tries; the log of the worker says why. ${written} Retry the import when that is mended.`,
  };
}
