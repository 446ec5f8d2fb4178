import type { Candidate } from "#app/matching/candidate.ts";
import type { TmdbMovie, TmdbMovieItem, TmdbSeries, TmdbSeriesItem } from "#app/upstreams/tmdb/shapes.ts";

const yearOf = (day: string | null): number | null => (day ? Number(day.slice(0, 4)) : null);

/** A film of a TMDB search, `/find` or details answer as the matcher reads it. */
export function movieCandidate(item: TmdbMovieItem | TmdbMovie): Candidate {
  return {
    tmdbId: item.id,
    mediaType: "movie",
    title: item.title,
    originalTitle: item.original_title ?? item.title,
    releaseDate: item.release_date,
    year: yearOf(item.release_date),
    popularity: item.popularity ?? 0,
    voteCount: item.vote_count ?? 0,
    posterPath: item.poster_path,
    originalLanguage: item.original_language ?? "",
    adult: item.adult ?? false,
    ...("video" in item ? { video: item.video ?? false } : {}),
  };
}

/** A series, with its name, original name and first air date in the common fields. */
export function seriesCandidate(item: TmdbSeriesItem | TmdbSeries): Candidate {
  return {
    tmdbId: item.id,
    mediaType: "tv",
    title: item.name,
    originalTitle: item.original_name ?? item.name,
    releaseDate: item.first_air_date,
    year: yearOf(item.first_air_date),
    popularity: item.popularity ?? 0,
    voteCount: item.vote_count ?? 0,
    posterPath: item.poster_path,
    originalLanguage: item.original_language ?? "",
    countries: item.origin_country,
  };
}
