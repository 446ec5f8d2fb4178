import type { z } from "zod";
import { readMany } from "#app/upstreams/cache.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { tmdb } from "#app/upstreams/tmdb/definition.server.ts";
import {
  configuration,
  findResults,
  movieDetails,
  movieSearchPage,
  seriesDetails,
  seriesSearchPage,
  type TmdbConfiguration,
  type TmdbFind,
  type TmdbMovie,
  type TmdbMovieSearch,
  type TmdbSeries,
  type TmdbSeriesSearch,
} from "#app/upstreams/tmdb/shapes.ts";
import { type Answer, askCached, type CachedQuestion, logHit } from "#app/upstreams/upstream.server.ts";

const DAY_MS = 86_400_000;
const NOTHING_FOUND_MS = DAY_MS;
const SEARCH_MS = 7 * DAY_MS;
const DETAILS_MS = 30 * DAY_MS;
/** Longer queries find nothing at TMDB and make addresses that proxies refuse. */
const MAX_QUERY = 300;

function normalizeQuery(query: string): string {
  const words = query.normalize("NFC").replaceAll(/\s+/g, " ").trim();
  return Array.from(words).slice(0, MAX_QUERY).join("").trim();
}

export interface SearchInput {
  query: string;
  /** Any release in any country (films), any season (series): wider than the first one only, and the caller scores anyway. */
  year?: number | null | undefined;
}

interface Page {
  results: unknown[];
}

function searchQuestion<T extends Page>(
  kind: "movie" | "tv",
  input: SearchInput,
  shape: z.ZodType<T>,
): CachedQuestion<T> {
  const query = normalizeQuery(input.query);
  const year = input.year ? String(input.year) : "";
  // Searching takes no notice of case, so one answer serves all spellings. The series key is the one that the seed names.
  const prefix = kind === "movie" ? "search/movie" : "series";
  return {
    endpoint: `/search/${kind}`,
    path: `/search/${kind}`,
    query: { query, include_adult: "false", language: "en-US", page: "1", ...(year ? { year } : {}) },
    shape,
    cacheKey: `${prefix}:${query.toLowerCase()}${year ? `|year=${year}` : ""}`,
    ttlMs: (value) => (isEmpty(value) ? NOTHING_FOUND_MS : SEARCH_MS),
    isEmpty,
  };
}

const isEmpty = (page: Page | null): boolean => page === null || page.results.length === 0;

function orEmpty<T extends Page>(answer: Answer<T | null>, empty: T): Answer<T> {
  return { ...answer, value: answer.value ?? empty };
}

const NO_PAGE = { page: 1, results: [], total_pages: 0, total_results: 0 };

/**
 * Films by title: the first page (20), in TMDB's order, which is not by exactness: score them yourself.
 *
 * @param input.year narrows to films with any release in that year
 * @returns an empty page when nothing matches or the query is blank (no call then)
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError
 */
export async function searchMovies(
  ctx: UpstreamContext,
  input: SearchInput,
): Promise<Answer<TmdbMovieSearch>> {
  if (!normalizeQuery(input.query)) return { value: NO_PAGE, source: "cache", fetchedAt: new Date() };
  return orEmpty(await askCached(ctx, tmdb, searchQuestion("movie", input, movieSearchPage)), NO_PAGE);
}

/** Series by name. As `searchMovies`. */
export async function searchSeries(
  ctx: UpstreamContext,
  input: SearchInput,
): Promise<Answer<TmdbSeriesSearch>> {
  if (!normalizeQuery(input.query)) return { value: NO_PAGE, source: "cache", fetchedAt: new Date() };
  return orEmpty(await askCached(ctx, tmdb, searchQuestion("tv", input, seriesSearchPage)), NO_PAGE);
}

/**
 * What the cache already holds of many film searches, in one round trip and without any call.
 *
 * @returns one entry per input, in order; null where `searchMovies` would have to ask
 */
export async function cachedMovieSearches(
  ctx: UpstreamContext,
  inputs: readonly SearchInput[],
): Promise<(Answer<TmdbMovieSearch> | null)[]> {
  const questions = inputs.map((input) => searchQuestion("movie", input, movieSearchPage));
  const found = await readMany(ctx.db, "tmdb", [...new Set(questions.map((question) => question.cacheKey))]);
  return questions.map((question) => {
    const stored = found.get(question.cacheKey);
    if (!stored?.fresh) return null;
    const parsed = movieSearchPage.safeParse(stored.status === 404 ? NO_PAGE : stored.body);
    if (!parsed.success) return null;
    logHit(ctx, "tmdb", question.endpoint, { status: stored.status, source: "cache" });
    return { value: parsed.data, source: "cache", fetchedAt: stored.fetchedAt };
  });
}

/** Everything that is stored about a film, in one call (T-03). TMDB allows 20. */
export const MOVIE_PARTS = [
  "credits",
  "videos",
  "similar",
  "release_dates",
  "images",
  "keywords",
  "watch/providers",
  "external_ids",
  "alternative_titles",
] as const;

export const SERIES_PARTS = [
  "credits",
  "videos",
  "similar",
  "images",
  "keywords",
  "watch/providers",
  "external_ids",
  "alternative_titles",
] as const;

function detailsQuestion<T>(
  kind: "movie" | "tv",
  tmdbId: number,
  parts: readonly string[],
  isAll: boolean,
  shape: z.ZodType<T>,
): CachedQuestion<T> {
  return {
    endpoint: `/${kind}/{id}`,
    path: `/${kind}/${tmdbId}`,
    query: {
      language: "en-US",
      ...(parts.length > 0 ? { append_to_response: parts.join(",") } : {}),
      // `language` filters images and videos too: without these only English-tagged ones come, and posters without text are lost.
      include_image_language: "en,null",
      include_video_language: "en,null",
    },
    shape,
    cacheKey: `${kind}/${tmdbId}${isAll ? "" : `|parts=${[...parts].sort().join(",")}`}`,
    ttlMs: (value) => (value ? DETAILS_MS : NOTHING_FOUND_MS),
  };
}

/**
 * One film, whole, in one call.
 *
 * @param options.append sub-resources to include; default all of MOVIE_PARTS
 * @returns null when TMDB has no such film
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError
 */
export function getMovie(
  ctx: UpstreamContext,
  tmdbId: number,
  options: { append?: readonly (typeof MOVIE_PARTS)[number][] } = {},
): Promise<Answer<TmdbMovie | null>> {
  const parts = options.append ?? MOVIE_PARTS;
  return askCached(ctx, tmdb, detailsQuestion("movie", tmdbId, parts, !options.append, movieDetails));
}

/** One series, whole, in one call. As `getMovie`. */
export function getSeries(
  ctx: UpstreamContext,
  tmdbId: number,
  options: { append?: readonly (typeof SERIES_PARTS)[number][] } = {},
): Promise<Answer<TmdbSeries | null>> {
  const parts = options.append ?? SERIES_PARTS;
  return askCached(ctx, tmdb, detailsQuestion("tv", tmdbId, parts, !options.append, seriesDetails));
}

const NOTHING_FOUND: TmdbFind = {
  movie_results: [],
  tv_results: [],
  person_results: [],
  tv_season_results: [],
  tv_episode_results: [],
};

const isUnknown = (found: TmdbFind | null): boolean =>
  found === null || Object.values(found).every((hits) => hits.length === 0);

/** What an id of another service stands for at TMDB: all lists empty when it is not known there. */
export async function findByExternalId(
  ctx: UpstreamContext,
  source: "imdb_id" | "tvdb_id",
  externalId: string,
): Promise<Answer<TmdbFind>> {
  const answer = await askCached(ctx, tmdb, {
    endpoint: "/find/{external_id}",
    path: `/find/${encodeURIComponent(externalId)}`,
    query: { external_source: source, language: "en-US" },
    shape: findResults,
    cacheKey: `find:${source}=${externalId}`,
    ttlMs: (value) => (isUnknown(value) ? NOTHING_FOUND_MS : DETAILS_MS),
    isEmpty: isUnknown,
  });
  return { ...answer, value: answer.value ?? NOTHING_FOUND };
}

/** Image sizes and their base address. Also the cheapest call that proves a key. */
export function getConfiguration(ctx: UpstreamContext): Promise<Answer<TmdbConfiguration | null>> {
  return askCached(ctx, tmdb, {
    endpoint: "/configuration",
    path: "/configuration",
    shape: configuration,
    cacheKey: "configuration",
    ttlMs: () => SEARCH_MS,
  });
}
