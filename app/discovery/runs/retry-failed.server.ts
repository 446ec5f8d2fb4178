import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";

/** Trying again does not help: TMDB has given the title up, and somebody has to decide about a work of ours. */
const GIVEN_UP = ["FILM_MISSING", "FILM_MERGED"];

/**
 * Queues what has failed in a run once more; the run is put right by whatever succeeds. Pressed twice, each title has one job.
 *
 * @returns how many titles are tried again
 * @throws AppError NOTHING_TO_RETRY (409)
 */
export async function retryFailedMembers(trx: Kysely<Database>, runId: string): Promise<number> {
  const failed = await retryable(trx, runId)
    .innerJoin("scheduled_ingestion_log as run", "run.id", "member.run_id")
    .select(["member.tmdb_id as tmdbId", "member.work_id as workId", "run.kind"])
    .orderBy("position")
    .execute();
  if (failed.length === 0)
    throw new AppError(
      "NOTHING_TO_RETRY",
      409,
      "There is nothing to retry here: nothing of this run has failed that could succeed now.",
    );
  await enqueueMany(
    trx,
    "ingest_movie",
    failed.filter(({ kind }) => kind === "discovery").map(({ tmdbId }) => ({ tmdbId })),
  );
  await enqueueMany(
    trx,
    "refresh_work",
    failed.flatMap(({ kind, workId }) =>
      // Asked for now: the wait after its failure does not count.
      kind === "refresh" && workId !== null ? [{ workId: Number(workId), force: true }] : [],
    ),
  );
  return failed.length;
}

/** How many titles `retryFailedMembers` would try again. */
export async function countRetryable(db: Kysely<Database>, runId: string): Promise<number> {
  const row = await retryable(db, runId)
    .select((select) => select.fn.countAll<number>().as("titles"))
    .executeTakeFirst();
  return Number(row?.titles ?? 0);
}

const retryable = (db: Kysely<Database>, runId: string) =>
  db
    .selectFrom("ingestion_members as member")
    .where("run_id", "=", runId)
    .where("member.status", "=", "failed")
    .where((where) => where.or([where("reason", "is", null), where("reason", "not in", GIVEN_UP)]));
