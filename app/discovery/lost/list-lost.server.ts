import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/**
 * Works whose TMDB id is lost and that wait for a decision, newest first.
 *
 * @param page.before id of the last one of the page before
 */
export async function listLost(db: Kysely<Database>, page: { limit: number; before?: string | undefined }) {
  let query = db
    .selectFrom("lost_titles as lost")
    .innerJoin("works", "works.work_id", "lost.work_id")
    .leftJoin("works as target", (join) =>
      join
        .onRef("target.media_type", "=", "lost.media_type")
        .onRef("target.tmdb_id", "=", "lost.merged_into"),
    )
    .select([
      "lost.id",
      "lost.work_id as workId",
      "lost.media_type as mediaType",
      "lost.tmdb_id as tmdbId",
      "lost.kind",
      "lost.merged_into as mergedInto",
      "lost.first_seen_at as firstSeenAt",
      "lost.last_seen_at as lastSeenAt",
      "works.title",
      "works.year",
      "works.imdb_id as imdbId",
      "target.work_id as mergedIntoWorkId",
      "target.title as mergedIntoTitle",
    ])
    .where("lost.decision", "is", null)
    .orderBy("lost.id", "desc")
    .limit(page.limit + 1);
  if (page.before) query = query.where("lost.id", "<", page.before);
  const rows = await query.execute();
  const titles = rows.slice(0, page.limit);
  return { titles, next: rows.length > page.limit ? (titles.at(-1)?.id ?? null) : null };
}

/** How many wait for a decision, to 1,000: an expression for statements that count other things as well. */
export const lostTitles = () =>
  sql<number>`(select count(*)::int from (select from lost_titles where decision is null limit 1000) as lost)`;

/** The same by itself. */
export async function countLost(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ lost: number }>`select ${lostTitles()} as lost`.execute(db);
  return rows[0]?.lost ?? 0;
}
