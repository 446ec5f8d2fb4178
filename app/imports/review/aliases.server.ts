import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type Alias, MOST_COUNTED } from "#app/imports/review/aliases.ts";
import { normalizeTitle } from "#app/matching/title.ts";

/** Where a page begins: after the alias that was decided then. */
export interface AliasCursor {
  decidedAt: string;
  key: string;
}

/**
 * Aliases, newest decision first (M-04).
 *
 * @param page.search a part of the title as it was written or of what it leads to, any spelling
 */
export async function listAliases(
  db: Kysely<Database>,
  page: { limit: number; cursor: AliasCursor | null; search: string | null },
): Promise<{ aliases: Alias[]; next: AliasCursor | null }> {
  const { cursor, search, limit } = page;
  const after = cursor
    ? sql`and (date_trunc('milliseconds', aliases.decided_at), aliases.title_key) < (${cursor.decidedAt}::timestamptz, ${cursor.key})`
    : sql``;
  const like = search ? `%${search.replace(/[\\%_]/g, "\\$&")}%` : "";
  const keyLike = search ? `%${normalizeTitle(search).replace(/[\\%_]/g, "\\$&")}%` : "";
  const matching = search
    ? sql`and (aliases.title_key like ${keyLike} or reviews.title ilike ${like} or reviews.found->>'title' ilike ${like})`
    : sql``;
  const { rows } = await sql<
    Omit<Alias, "target"> & { mediaType: "movie" | "tv" | null; tmdbId: number | null }
  >`
    with page as (
      select aliases.title_key as key, aliases.review_id as "reviewId", coalesce(reviews.title, aliases.title_key) as title,
        reviews.year_hint as "yearHint", reviews.kind, aliases.media_type as "mediaType", aliases.tmdb_id as "tmdbId",
        reviews.found, aliases.decided_by as "decidedBy", date_trunc('milliseconds', aliases.decided_at) as "decidedAt",
        aliases.used_count as uses, aliases.last_used_at as "lastUsedAt"
      from title_aliases as aliases left join match_reviews as reviews on reviews.id = aliases.review_id
      where true ${after} ${matching}
      order by date_trunc('milliseconds', aliases.decided_at) desc, aliases.title_key desc limit ${limit + 1}
    )
    select page.*, works.work_id as "workId", works.title as "workTitle", counted.reopens, counted.written
    from page
    left join works on works.media_type = page."mediaType" and works.tmdb_id = page."tmdbId"
    cross join lateral (
      select count(*) filter (where not is_written)::int as reopens, count(*) filter (where is_written)::int as written
      from (
        select rows.status = 'success' and not jobs.dry_run and (jobs.catalogue <> 'builtin' or not jobs.has_ledger) as is_written
        from import_rows as rows join import_jobs as jobs on jobs.id = rows.job_id
        where rows.decision_key = page.key and rows.status <> 'review' and rows.status <> 'processing'
          and jobs.undo_status is null
        limit ${MOST_COUNTED}
      ) as few
    ) as counted
    order by page."decidedAt" desc, page.key desc`.execute(db);
  const aliases = rows.slice(0, limit).map(({ mediaType, tmdbId, ...alias }) => ({
    ...alias,
    target: mediaType === null || tmdbId === null ? null : { mediaType, tmdbId },
  }));
  const last = rows.length > limit ? aliases.at(-1) : undefined;
  return { aliases, next: last ? { decidedAt: last.decidedAt.toISOString(), key: last.key } : null };
}

/** How many aliases were learnt since this month began, in UTC. */
export async function countNewAliases(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from title_aliases
    where decided_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'`.execute(db);
  return rows[0]?.count ?? 0;
}
