import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { writeDueDates } from "#app/works/due-dates.server.ts";
import { mergeWorks } from "#app/works/merge-works.server.ts";

/** What an operator decides about a work whose TMDB id is lost. */
export type LostDecision =
  /** It stays as it is, and TMDB is not asked about it any more. */
  | { kind: "keep" }
  /** It stays without a TMDB id. */
  | { kind: "remove_id" }
  /** It is that title of TMDB's. If the catalogue has that one already, the two become one. */
  | { kind: "point_at"; tmdbId: number };

/**
 * Carries a decision out, on the caller's transaction.
 *
 * @returns the work that stands afterwards
 * @throws AppError LOST_TITLE_NOT_FOUND (404) · ALREADY_DECIDED (409)
 */
export async function decideLost(
  trx: Kysely<Database>,
  lostId: string,
  decision: LostDecision,
  decidedBy: string,
): Promise<{ workId: string }> {
  const lost = await trx
    .selectFrom("lost_titles")
    .selectAll()
    .where("id", "=", lostId)
    .forUpdate()
    .executeTakeFirst();
  if (!lost)
    throw new AppError(
      "LOST_TITLE_NOT_FOUND",
      404,
      "This title is not on the list any more. Its work may have been merged or removed.",
    );
  if (lost.decision !== null)
    throw new AppError("ALREADY_DECIDED", 409, "This title has been decided already. Reload the page.");
  await trx
    .updateTable("lost_titles")
    .set({
      decision: decision.kind,
      new_tmdb_id: decision.kind === "point_at" ? decision.tmdbId : null,
      decided_by: decidedBy,
      decided_at: sql`clock_timestamp()`,
    })
    .where("id", "=", lostId)
    .execute();
  if (decision.kind === "keep") return { workId: lost.work_id };
  const newId = decision.kind === "point_at" ? decision.tmdbId : null;
  return changeId(trx, lost.work_id, lost.media_type, newId);
}

async function changeId(
  trx: Kysely<Database>,
  workId: string,
  mediaType: "movie" | "tv",
  newId: number | null,
): Promise<{ workId: string }> {
  const owner = await trx
    .selectFrom("works")
    .select("work_id")
    .where("media_type", "=", mediaType)
    .where("tmdb_id", "=", newId ?? -1)
    .executeTakeFirst();
  if (owner && owner.work_id !== workId) {
    await mergeWorks(trx, workId, owner.work_id);
    return { workId: owner.work_id };
  }
  await trx
    .updateTable("works")
    .set({
      tmdb_id: newId,
      last_refresh_result: null,
      last_refresh_error: null,
      refresh_failures: 0,
      ingestion_error: null,
      updated_at: sql`clock_timestamp()`,
    })
    .where("work_id", "=", workId)
    .execute();
  await writeDueDates(trx, [workId]);
  if (newId !== null) await enqueue(trx, "refresh_work", { workId: Number(workId), force: true });
  return { workId };
}
