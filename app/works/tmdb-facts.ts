import type { TmdbMovie, TmdbSeries } from "#app/upstreams/tmdb/shapes.ts";
import type { MetaFacts, RatingFact, SimilarFact, TitleFacts } from "#app/works/title-facts.ts";
import { castOf, crewOf, type ImageUrl } from "#app/works/tmdb-people.ts";
import { videosOf } from "#app/works/tmdb-videos.ts";

const STILLS = 30;
/** TMDB's lists of similar films go on for thousands of pages; the seed keeps ten. */
const SIMILAR = 10;

/** What is asked with every title; an answer that lacks one of them is half an answer. */
const EXPECTED_PARTS = [
  "credits",
  "videos",
  "images",
  "keywords",
  "external_ids",
  "watch/providers",
] as const;

/** PostgreSQL's largest integer. */
const MAX_INTEGER = 2_147_483_647;

const yearOf = (day: string | null): number | null => (day ? Number(day.slice(0, 4)) : null);

/** @param imageBase TMDB_IMAGE_BASE_URL */
export const imageUrls =
  (imageBase: string): ImageUrl =>
  (size, path) =>
    `${imageBase}/${size}${path}`;

/** A film's details with everything appended, as the tables hold it. */
export function movieFacts(movie: TmdbMovie, imageUrl: ImageUrl): TitleFacts {
  return {
    mediaType: "movie",
    tmdbId: movie.id,
    imdbId: movie.imdb_id ?? movie.external_ids?.imdb_id ?? null,
    title: movie.title,
    originalTitle: movie.original_title,
    originalLanguage: movie.original_language,
    year: yearOf(movie.release_date),
    releaseDate: movie.release_date,
    bareKey: null,
    totalSeasons: null,
    totalEpisodes: null,
    seasons: [],
    ratings: tmdbRating(movie),
    similar: similarTo(movie),
    meta: {
      ...commonMeta(movie, imageUrl),
      runtimeMinutes: told(movie, minutesOf(movie.runtime)),
      certification: movie.release_dates ? usCertification(movie.release_dates) : undefined,
      budget: told(movie, movie.budget),
      revenueWorldwide: told(movie, movie.revenue),
    },
  };
}

/** Longer than a month is no runtime. */
const minutesOf = (minutes: number | null): number | null =>
  minutes && minutes > 0 && minutes < 43_200 ? Math.round(minutes) : null;

/** A series' details. Specials (season 0) do not count (S-04). */
export function seriesFacts(series: TmdbSeries, imageUrl: ImageUrl): TitleFacts {
  return {
    mediaType: "tv",
    tmdbId: series.id,
    imdbId: series.external_ids?.imdb_id ?? null,
    title: series.name,
    originalTitle: series.original_name,
    originalLanguage: series.original_language,
    year: yearOf(series.first_air_date),
    releaseDate: series.first_air_date,
    bareKey: null,
    totalSeasons: series.number_of_seasons,
    totalEpisodes: series.number_of_episodes,
    seasons: series.seasons.map((season) => ({
      seasonNumber: season.season_number,
      name: season.name,
      episodeCount: season.episode_count ?? 0,
      airDate: season.air_date,
      posterUrl: season.poster_path ? imageUrl("w154", season.poster_path) : null,
    })),
    ratings: tmdbRating(series),
    meta: {
      ...commonMeta(series, imageUrl),
      runtimeMinutes: told(series, minutesOf(series.episode_run_time[0] ?? null)),
    },
  };
}

function tmdbRating(title: { vote_average: number | null; vote_count: number | null }): RatingFact[] {
  const { vote_average: average, vote_count: votes } = title;
  // 0 with no votes means "not rated", not "bad".
  if (!average || !votes || average < 0 || average > 10 || votes < 0) return [];
  return [
    {
      sourceName: "TMDB",
      scaleType: "0-10",
      valueRaw: String(average),
      value0To100: Math.round(average * 1000) / 100,
      votesCount: Math.round(Math.min(votes, MAX_INTEGER)),
    },
  ];
}

/** Whether every part is there that was asked for. */
function isWhole(title: TmdbMovie | TmdbSeries): boolean {
  const parts = EXPECTED_PARTS.every((name) => title[name] !== null);
  return parts && (!("release_dates" in title) || title.release_dates !== null);
}

/** "There is none" is believed of a whole answer; half an answer must not wipe out what is known. */
function told<T>(title: TmdbMovie | TmdbSeries, value: T | null): T | null | undefined {
  return value ?? (isWhole(title) ? null : undefined);
}

function toldList<T>(title: TmdbMovie | TmdbSeries, values: T[]): T[] | undefined {
  return values.length > 0 || isWhole(title) ? values : undefined;
}

function commonMeta(
  title: TmdbMovie | TmdbSeries,
  imageUrl: ImageUrl,
): Omit<MetaFacts, "runtimeMinutes" | "certification" | "budget" | "revenueWorldwide"> {
  return {
    tagline: told(title, title.tagline),
    overview: told(title, title.overview),
    genres: toldList(
      title,
      title.genres.map((genre) => genre.name),
    ),
    ...pictures(title, imageUrl),
    cast: castOf(title, imageUrl),
    crew: crewOf(title, imageUrl),
    trailers: videosOf(title),
    streaming: title["watch/providers"]?.results,
    keywords:
      title.keywords?.keywords.concat(title.keywords.results).map((keyword) => keyword.name) ?? undefined,
    productionCompanies: toldList(
      title,
      title.production_companies.map((company) => ({
        id: company.id,
        name: company.name,
        logo_url: company.logo_path ? imageUrl("w154", company.logo_path) : null,
        country: company.origin_country,
      })),
    ),
    productionCountries: toldList(
      title,
      title.production_countries.map((country) => country.iso_3166_1),
    ),
    isWhole: isWhole(title),
  };
}

function pictures(
  title: TmdbMovie | TmdbSeries,
  imageUrl: ImageUrl,
): Pick<MetaFacts, "posterUrls" | "backdropUrls" | "stillImages"> {
  const { poster_path: poster, backdrop_path: backdrop } = title;
  const posterUrls = poster && {
    small: imageUrl("w185", poster),
    medium: imageUrl("w342", poster),
    large: imageUrl("w500", poster),
    original: imageUrl("original", poster),
  };
  const backdropUrls = backdrop && { full: imageUrl("w1280", backdrop), mobile: imageUrl("w780", backdrop) };
  return {
    posterUrls: told(title, posterUrls || null),
    backdropUrls: told(title, backdropUrls || null),
    stillImages: title.images?.backdrops.slice(0, STILLS).map((image) => imageUrl("w780", image.file_path)),
  };
}

/** TMDB's release types: theatrical first, then limited, digital, physical, television, premiere. */
const CERTIFICATION_ORDER = [3, 2, 4, 5, 6, 1];

/** The certification in the United States of the release that counts most; empty ones are skipped. */
function usCertification(dates: NonNullable<TmdbMovie["release_dates"]>): string | null {
  const releases = dates.results.find((country) => country.iso_3166_1 === "US")?.release_dates ?? [];
  const certified = releases.filter((release) => release.certification);
  const rank = (type: number | null) => (CERTIFICATION_ORDER.indexOf(type ?? 0) + 99) % 99;
  return certified.sort((a, b) => rank(a.type) - rank(b.type))[0]?.certification ?? null;
}

/** The first ten, in TMDB's order. TMDB gives no measure of likeness, so ours is what the genres have in common. */
function similarTo(movie: TmdbMovie): SimilarFact[] | undefined {
  if (!movie.similar) return undefined;
  const own = new Set(movie.genres.map((genre) => genre.id));
  const unique = new Map(movie.similar.results.map((film) => [film.id, film]));
  return [...unique.values()]
    .filter((film) => film.id !== movie.id && !film.adult)
    .slice(0, SIMILAR)
    .map((film) => ({
      tmdbId: film.id,
      title: film.title,
      year: yearOf(film.release_date),
      confidence: likeness(own, new Set(film.genre_ids)),
    }));
}

function likeness(own: Set<number>, other: Set<number>): number | null {
  if (own.size === 0 || other.size === 0) return null;
  return Math.round((own.intersection(other).size / own.union(other).size) * 1000) / 1000;
}
