import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { episodeDisplay } from "#app/works/episode-display.ts";
import { type FoundPicture, findPictures } from "#app/works/images/find-pictures.server.ts";
import { readRules } from "#app/works/refresh-rules.ts";
import { findScore, type WorkScore } from "#app/works/score.server.ts";
import {
  type AgeTier,
  type DueReason,
  dayNumber,
  dayNumberOf,
  everyDays,
  tierOn,
} from "#app/works/staleness.ts";
import { workNotFound } from "#app/works/work-not-found.ts";
import { findSeasons, type WorkSeason } from "#app/works/work-seasons.server.ts";

export type { WorkSeason };

/** A work with everything that is known about it but its viewings one by one: see `listViewings`. */
export interface WorkDetail {
  workId: string;
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
  title: string;
  originalTitle: string | null;
  originalLanguage: string | null;
  year: number | null;
  /** `YYYY-MM-DD`; a series' first air date. */
  releaseDate: string | null;
  totalSeasons: number | null;
  totalEpisodes: number | null;
  totalsNote: string | null;
  /** Distinct episodes seen, specials left out; 0 for films. */
  watchedEpisodes: number;
  episodeDisplay: string | null;
  lastViewedOn: string | null;
  /** When TMDB was last asked, and when any source was: where the facts come from. */
  lastTmdbUpdate: Date | null;
  lastRefreshedAt: Date | null;
  /** Why the last refresh brought nothing, as a sentence for people. */
  refreshNote: string | null;
  due: WorkDue;
  createdAt: Date;
  updatedAt: Date;
  meta: WorkMeta;
  ratings: WorkRating[];
  /** By number, those without one last; empty for films. */
  seasons: WorkSeason[];
  /** null: nobody has rated it. */
  score: WorkScore | null;
  /** Re-hosted, or to be. */
  pictures: FoundPicture[];
  /** The poster's name in the store; null: not re-hosted. */
  posterFile: string | null;
  viewingsCount: number;
  wish: (Origin & { wishedOn: string | null }) | null;
  /** Of the work first, then of its episodes. */
  ownRatings: (Origin & {
    season: number | null;
    episode: number | null;
    rating: number;
    ratedOn: string | null;
  })[];
}

/** When a work is refreshed by itself next, and why then (T-04). */
export interface WorkDue {
  /** null: never by itself. */
  at: Date | null;
  /** null: not computed yet. */
  reason: DueReason | null;
  isDue: boolean;
  /** Of its release, on that day; and how often such works are refreshed. */
  tier: AgeTier;
  everyDays: number;
}

export interface WorkMeta {
  runtimeMinutes: number | null;
  runtimeDisplay: string | null;
  tagline: string | null;
  overview: string | null;
  genres: string[];
  certification: string | null;
  posterUrl: string | null;
  backdropUrl: string | null;
  /** null: only the title is known so far. */
  fetchedAt: Date | null;
}

export interface WorkRating {
  source: string;
  /** On its own scale, as the source writes it: "8.7", "87%". */
  value: string;
  scale: string;
  votes: number | null;
  lastSeenAt: Date;
}

/** Where a fact was read: an import's row, or null throughout for what came by API. */
export interface Origin {
  importJobId: string | null;
  fileName: string | null;
  rowNumber: number | null;
}

/** One viewing with its origin. */
export interface WorkViewing extends Origin {
  viewingId: string;
  season: number | null;
  episode: number | null;
  episodeTitle: string | null;
  viewedOn: string | null;
  rewatch: boolean;
  rating: number | null;
  sourceUri: string | null;
  createdAt: Date;
}

/** Own ratings of single episodes that are listed; nobody reads more of them on one page. */
const MOST_OWN_RATINGS = 500;

/** @throws AppError WORK_NOT_FOUND (404), also for what is no id at all */
export async function findWork(db: Kysely<Database>, workId: string): Promise<WorkDetail> {
  const work = await findFacts(db, workId);
  const [ratings, score, pictures, seasons, viewingsCount, wish, ownRatings] = await Promise.all([
    findRatings(db, work.workId),
    findScore(db, work.workId),
    findPictures(db, work.workId),
    work.mediaType === "tv" ? findSeasons(db, work.workId) : [],
    countViewings(db, work.workId),
    findWish(db, work.workId),
    findOwnRatings(db, work.workId),
  ]);
  const watchedEpisodes = seasons
    .filter((season) => season.seasonNumber !== 0)
    .reduce((sum, season) => sum + season.watched, 0);
  const display = episodeDisplay({
    mediaType: work.mediaType,
    watched: watchedEpisodes,
    total: work.totalEpisodes,
  });
  return {
    ...work,
    watchedEpisodes,
    episodeDisplay: display,
    ratings,
    score,
    pictures,
    posterFile: posterOf(pictures, work.meta.posterUrl),
    seasons,
    viewingsCount,
    wish,
    ownRatings,
  };
}

/** Our copy of the very poster that the work names now. */
function posterOf(pictures: readonly FoundPicture[], url: string | null): string | null {
  const poster = pictures.find((picture) => picture.role === "poster_large" && picture.url === url);
  return poster?.fileName ?? null;
}

async function findFacts(db: Kysely<Database>, workId: string) {
  const row = /^\d{1,18}$/.test(workId)
    ? await db
        .selectFrom("works")
        .leftJoin("works_meta as meta", "meta.work_id", "works.work_id")
        .select([
          "works.work_id as workId",
          "media_type as mediaType",
          "tmdb_id as tmdbId",
          "imdb_id as imdbId",
          "title",
          "original_title as originalTitle",
          "original_language as originalLanguage",
          "year",
          "release_date as releaseDate",
          "total_seasons as totalSeasons",
          "total_episodes as totalEpisodes",
          "totals_note as totalsNote",
          "last_viewed_on as lastViewedOn",
          "last_tmdb_update as lastTmdbUpdate",
          "last_refreshed_at as lastRefreshedAt",
          "ingestion_error as refreshNote",
          "due_at as dueAt",
          "due_reason as dueReason",
          "works.created_at as createdAt",
          "works.updated_at as updatedAt",
        ])
        .select([
          "meta.runtime_minutes as runtimeMinutes",
          "meta.runtime_display as runtimeDisplay",
          "meta.tagline",
          "meta.overview",
          "meta.genres",
          "meta.certification",
          "meta.poster_url_large as posterUrl",
          "meta.backdrop_url as backdropUrl",
          "meta.fetched_at as fetchedAt",
        ])
        .select([
          sql<boolean>`coalesce(due_at <= now(), false)`.as("isDue"),
          sql<unknown>`(select rules from refresh_rules order by id desc limit 1)`.as("rules"),
        ])
        .where("works.work_id", "=", workId)
        .executeTakeFirst()
    : undefined;
  if (!row) throw workNotFound();
  const { runtimeMinutes, runtimeDisplay, tagline, overview, genres, certification, posterUrl, ...rest } =
    row;
  const { backdropUrl, fetchedAt, dueAt, dueReason, isDue, rules, ...facts } = rest;
  const meta = {
    runtimeMinutes,
    runtimeDisplay,
    tagline,
    overview,
    genres: genres ?? [],
    certification,
    posterUrl,
    backdropUrl,
    fetchedAt,
  };
  return { ...facts, meta, due: dueFacts({ at: dueAt, reason: dueReason, isDue }, facts.releaseDate, rules) };
}

function dueFacts(
  due: Pick<WorkDue, "at" | "reason" | "isDue">,
  releaseDate: string | null,
  stored: unknown,
): WorkDue {
  const rules = readRules(stored);
  const day = dayNumber(due.at ?? new Date());
  const tier = tierOn(releaseDate === null ? null : dayNumberOf(releaseDate), day, rules);
  return { ...due, tier, everyDays: everyDays(tier, rules) };
}

function findRatings(db: Kysely<Database>, workId: string): Promise<WorkRating[]> {
  return db
    .selectFrom("rating_sources")
    .select([
      "source_name as source",
      "value_raw as value",
      "scale_type as scale",
      "votes_count as votes",
      "last_seen_at as lastSeenAt",
    ])
    .where("work_id", "=", workId)
    .orderBy("source_name")
    .execute();
}

async function countViewings(db: Kysely<Database>, workId: string): Promise<number> {
  const row = await db
    .selectFrom("viewings")
    .select(sql<number>`count(*)::int`.as("count"))
    .where("work_id", "=", workId)
    .executeTakeFirstOrThrow();
  return row.count;
}

async function findWish(db: Kysely<Database>, workId: string): Promise<WorkDetail["wish"]> {
  const row = await db
    .selectFrom("wishes")
    .leftJoin("import_jobs as job", "job.id", "wishes.import_job_id")
    .select(["wished_on as wishedOn", "import_job_id as importJobId"])
    .select(["job.file_name as fileName", "row_number as rowNumber"])
    .where("work_id", "=", workId)
    .executeTakeFirst();
  return row ?? null;
}

async function findOwnRatings(db: Kysely<Database>, workId: string): Promise<WorkDetail["ownRatings"]> {
  const rows = await db
    .selectFrom("own_ratings as own")
    .leftJoin("import_jobs as job", "job.id", "own.import_job_id")
    .select(["season_number as season", "episode_number as episode", "rating", "rated_on as ratedOn"])
    .select(["import_job_id as importJobId", "job.file_name as fileName", "row_number as rowNumber"])
    .where("work_id", "=", workId)
    .orderBy(sql`season_number nulls first, episode_number nulls first`)
    .limit(MOST_OWN_RATINGS)
    .execute();
  return rows.map((row) => ({ ...row, rating: Number(row.rating) }));
}

/**
 * Viewings of a work with their origin, newest first, those without a day last; by keyset.
 *
 * @param page.cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listViewings(
  db: Kysely<Database>,
  workId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ viewings: WorkViewing[]; nextCursor: string | null }> {
  const after = page.cursor === undefined ? sql`true` : afterClause(page.cursor);
  const { rows } = await sql<Omit<WorkViewing, "rating"> & { rating: string | null }>`
    select viewing.id as "viewingId", season_number as season, episode_number as episode, episode_title as "episodeTitle",
      viewed_on as "viewedOn", rewatch, rating, source_uri as "sourceUri", viewing.created_at as "createdAt",
      import_job_id as "importJobId", job.file_name as "fileName", row_number as "rowNumber"
    from viewings as viewing left join import_jobs as job on job.id = viewing.import_job_id
    where viewing.work_id = ${workId}::bigint and ${after}
    order by viewed_on desc nulls last, viewing.id desc
    limit ${page.limit + 1}`.execute(db);
  const shown = rows
    .slice(0, page.limit)
    .map((row) => ({ ...row, rating: row.rating === null ? null : Number(row.rating) }));
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { viewings: shown, nextCursor: last ? `${last.viewedOn ?? ""}~${last.viewingId}` : null };
}

/** Behind a viewing without a day there are only such. */
function afterClause(cursor: string) {
  const [, day, id] = /^(\d{4}-\d\d-\d\d)?~(\d{1,18})$/.exec(cursor) ?? [];
  if (id === undefined || (day !== undefined && Number.isNaN(Date.parse(day))))
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  if (day === undefined) return sql`(viewed_on is null and viewing.id < ${id}::bigint)`;
  return sql`(viewed_on < ${day}::date or (viewed_on = ${day}::date and viewing.id < ${id}::bigint) or viewed_on is null)`;
}
