import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Keeps discovery from ever taking these titles. What the catalogue has of them stays. */
export async function excludeTitles(
  trx: Kysely<Database>,
  titles: readonly { mediaType: "movie" | "tv"; tmdbId: number; title: string; year: number | null }[],
  why: { by: string; reason: string | null },
): Promise<void> {
  if (titles.length === 0) return;
  await trx
    .insertInto("excluded_titles")
    .values(
      titles.map((one) => ({
        media_type: one.mediaType,
        tmdb_id: one.tmdbId,
        title: one.title,
        year: one.year,
        reason: why.reason,
        excluded_by: why.by,
      })),
    )
    .onConflict((conflict) => conflict.columns(["media_type", "tmdb_id"]).doNothing())
    .execute();
}

/** Lets discovery take a title again. @returns whether it was excluded */
export async function includeTitle(
  trx: Kysely<Database>,
  title: { mediaType: "movie" | "tv"; tmdbId: number },
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("excluded_titles")
    .where("media_type", "=", title.mediaType)
    .where("tmdb_id", "=", title.tmdbId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * Excluded titles, last excluded first.
 *
 * @param page.cursor what an earlier page gave as `next`
 */
export async function listExcluded(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
) {
  const after = /^(\d+)\.(\d+)$/.exec(page.cursor ?? "");
  const rows = await db
    .selectFrom("excluded_titles")
    .select([
      "media_type as mediaType",
      "tmdb_id as tmdbId",
      "title",
      "year",
      "reason",
      "excluded_by as excludedBy",
      "excluded_at as excludedAt",
      sql<string>`(extract(epoch from excluded_at) * 1000000)::bigint`.as("micros"),
    ])
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(excluded_at, -tmdb_id) < (to_timestamp(${after?.[1] ?? 0}::numeric / 1000000), -${after?.[2] ?? 0}::int)`,
      ),
    )
    .orderBy("excluded_at", "desc")
    .orderBy("tmdb_id")
    .limit(page.limit + 1)
    .execute();
  const titles = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? titles.at(-1) : undefined;
  return {
    titles: titles.map(({ micros: _micros, ...title }) => title),
    next: last ? `${last.micros}.${last.tmdbId}` : null,
  };
}
