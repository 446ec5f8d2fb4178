import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { noteRefreshFailure } from "#app/works/due-dates.server.ts";

/** TMDB has given an id up: deleted it, or answers with another title's. */
export type Lost = { kind: "deleted" } | { kind: "merged"; into: number };

/** What a work says whose TMDB id answers with another title's body. */
export function mergedSentence(kind: "film" | "series", into: number): string {
  return `TMDB has merged this ${kind} into another (${into}). What was known of it is kept; decide which of them is to stay.`;
}

/**
 * Puts a work whose TMDB id is lost on the list that an operator decides from. What is known of it stays, and it is not asked
 * about by itself any more.
 */
export async function noteLost(
  trx: Kysely<Database>,
  work: { workId: string; mediaType: "movie" | "tv"; tmdbId: number },
  lost: Lost,
  message: string,
): Promise<void> {
  const into = lost.kind === "merged" ? lost.into : null;
  await noteRefreshFailure(trx, work.workId, lost.kind === "merged" ? "merged" : "missing", message);
  await sql`
    insert into lost_titles as lost (work_id, media_type, tmdb_id, kind, merged_into)
    values (${work.workId}::bigint, ${work.mediaType}, ${work.tmdbId}, ${lost.kind}, ${into})
    on conflict (work_id, tmdb_id) do update set kind = excluded.kind, merged_into = excluded.merged_into,
      last_seen_at = clock_timestamp(),
      -- What was decided holds; an id that had come back and went again has to be decided anew.
      decision = case when lost.decision = 'restored' then null else lost.decision end,
      decided_at = case when lost.decision = 'restored' then null else lost.decided_at end`.execute(trx);
}

/** TMDB knows the work's id again: nothing is left to decide. */
export async function noteFound(trx: Kysely<Database>, workId: string): Promise<void> {
  await trx
    .updateTable("lost_titles")
    .set({ decision: "restored", decided_at: sql`clock_timestamp()` })
    .where("work_id", "=", workId)
    .where("decision", "is", null)
    .execute();
}
