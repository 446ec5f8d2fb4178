import { AppError, RetryLater } from "#app/errors.ts";
import type { TitleKind } from "#app/matching/title.ts";
import type { TitleId } from "#app/matching/title-id.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { findByExternalId, getMovie, getSeries } from "#app/upstreams/tmdb/client.server.ts";
import type { TmdbMovie, TmdbSeries } from "#app/upstreams/tmdb/shapes.ts";

/** What a person needs to know of a title to tell it from others. */
export interface TitleDetails {
  mediaType: TitleKind;
  tmdbId: number;
  title: string;
  originalTitle: string;
  /** Of the release, or of the first episode. */
  year: number | null;
  /** Of a series: the year of its last episode; null while it runs. */
  lastYear: number | null;
  isRunning: boolean;
  posterPath: string | null;
  originalLanguage: string;
  /** ISO 3166-1. */
  countries: string[];
  voteCount: number;
  /** Of a film, in minutes. */
  runtime: number | null;
  /** Of a series, specials left out. */
  seasons: number | null;
  episodes: number | null;
  directors: string[];
  overview: string;
}

/**
 * One title at TMDB, out of the same cached call that an import of it makes.
 *
 * @returns null when TMDB has none of this id
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError
 */
export async function titleDetails(
  ctx: UpstreamContext,
  title: { mediaType: TitleKind; tmdbId: number },
): Promise<TitleDetails | null> {
  if (title.mediaType === "tv") {
    const { value } = await getSeries(ctx, title.tmdbId);
    return value && seriesDetails(value);
  }
  const { value } = await getMovie(ctx, title.tmdbId);
  return value && movieDetails(value);
}

/**
 * The titles that an entered id may name: one as a rule; two where a film and a series have the same number at TMDB, and the
 * operator did not say which.
 *
 * @throws AppError TITLE_UNKNOWN (404) when there is none · TITLE_NOT_LOOKED_UP (503) when TMDB cannot be asked
 */
export async function lookUpTitles(ctx: UpstreamContext, asked: TitleId): Promise<TitleDetails[]> {
  try {
    const titles = await candidatesOf(ctx, asked);
    const found = await Promise.all(titles.map((title) => titleDetails(ctx, title)));
    const known = found.filter((details) => details !== null);
    if (known.length === 0) throw unknown(asked);
    return known;
  } catch (error) {
    if (error instanceof RetryLater || error instanceof UpstreamError)
      throw new AppError(
        "TITLE_NOT_LOOKED_UP",
        503,
        `The id could not be looked up: ${error.message} Enter it again later.`,
      );
    throw error;
  }
}

async function candidatesOf(ctx: UpstreamContext, asked: TitleId) {
  if (asked.service === "tmdb") {
    const kinds = asked.kind ? [asked.kind] : (["movie", "tv"] as const);
    return kinds.map((mediaType) => ({ mediaType, tmdbId: asked.id }));
  }
  const { value } = await findByExternalId(ctx, "imdb_id", asked.id);
  const series = [
    ...value.tv_results.map(({ id }) => id),
    // The id of an episode or season stands for its series: what rows are matched to.
    ...value.tv_episode_results.map(({ show_id }) => show_id),
    ...value.tv_season_results.map(({ show_id }) => show_id),
  ].filter((id) => id !== null);
  return [
    ...value.movie_results.map(({ id }) => ({ mediaType: "movie" as const, tmdbId: id })),
    ...[...new Set(series)].map((tmdbId) => ({ mediaType: "tv" as const, tmdbId })),
  ].slice(0, 5);
}

function unknown(asked: TitleId): AppError {
  const what =
    asked.service === "imdb"
      ? `no film or series with the IMDb id ${asked.id}`
      : `no ${asked.kind === "movie" ? "film" : asked.kind === "tv" ? "series" : "film or series"} with the id ${asked.id}`;
  return new AppError(
    "TITLE_UNKNOWN",
    404,
    `TMDB knows ${what}. Check the id on the page of the title; it may have been mistyped, deleted or merged.`,
  );
}

const yearOf = (day: string | null): number | null => (day ? Number(day.slice(0, 4)) : null);
const MOST_DIRECTORS = 2;

function movieDetails(movie: TmdbMovie): TitleDetails {
  return {
    ...common(movie),
    mediaType: "movie",
    title: movie.title,
    originalTitle: movie.original_title ?? movie.title,
    year: yearOf(movie.release_date),
    lastYear: null,
    isRunning: false,
    runtime: movie.runtime,
    seasons: null,
    episodes: null,
  };
}

function seriesDetails(series: TmdbSeries): TitleDetails {
  const isRunning = series.in_production ?? false;
  return {
    ...common(series),
    mediaType: "tv",
    title: series.name,
    originalTitle: series.original_name ?? series.name,
    year: yearOf(series.first_air_date),
    lastYear: isRunning ? null : yearOf(series.last_air_date),
    isRunning,
    runtime: null,
    seasons: series.number_of_seasons,
    episodes: series.number_of_episodes,
  };
}

function common(details: TmdbMovie | TmdbSeries) {
  const made = details.production_countries.map(({ iso_3166_1 }) => iso_3166_1);
  return {
    tmdbId: details.id,
    posterPath: details.poster_path,
    originalLanguage: details.original_language ?? "",
    countries: details.origin_country.length > 0 ? details.origin_country : made,
    voteCount: details.vote_count ?? 0,
    directors: (details.credits?.crew ?? [])
      .filter(({ job }) => job === "Director")
      .slice(0, MOST_DIRECTORS)
      .map(({ name }) => name),
    overview: details.overview ?? "",
  };
}
