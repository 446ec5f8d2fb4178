import type { ProcessContext } from "#app/imports/chunk.server.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { failImport, fanOut } from "#app/imports/lifecycle.server.ts";
import { readRemoteRecords } from "#app/imports/remote-records.server.ts";
import { isUpstreamAway, UpstreamError } from "#app/upstreams/errors.ts";

/**
 * Starts an import, or goes on with it: reads what a remote catalogue holds, then fans out into chunks.
 *
 * @throws UpstreamError · UpstreamPaused while the catalogue cannot be read; after the last attempt the import fails as a whole
 */
export async function startImport(
  context: ProcessContext & { isLastAttempt: boolean },
  jobId: string,
): Promise<Record<string, number>> {
  const { db, config } = context;
  const job = await db
    .selectFrom("import_jobs")
    .select(["catalogue", "type", "status"])
    .where("id", "=", jobId)
    .executeTakeFirst();
  if (!job || (job.status !== "queued" && job.status !== "processing")) return { chunks: 0 };
  if (job.catalogue !== "builtin") {
    try {
      const records = await readRemoteRecords(
        { db, config, signal: context.signal },
        job.catalogue,
        job.type === "shows" ? "tv" : "movie",
      );
      await addEvent(db, jobId, "catalogue_read", "The remote catalogue was read, to find duplicates.", {
        records,
      });
    } catch (error) {
      const isFinal = !isUpstreamAway(error) || context.isLastAttempt;
      if (isFinal && error instanceof UpstreamError) {
        await failImport(
          db,
          jobId,
          "CATALOGUE_NO_ANSWER",
          `${error.message} Nothing was written. Retry the import when the catalogue answers.`,
        );
        return { chunks: 0 };
      }
      throw error;
    }
  }
  const chunks = await db.transaction().execute((trx) => fanOut(trx, jobId, config.IMPORT_CHUNK_ROWS));
  return { chunks: chunks ?? 0 };
}
