import type { Film } from "../titles/film.ts";
import type { Series } from "../titles/series.ts";
import { genreIds } from "./genres.ts";
import { imagePath } from "./image-paths.ts";
import { countryName } from "./places.ts";

/** Our own summary: real ones are TMDB's text. "" where TMDB has none either. */
export function filmOverview(film: Film): string {
  if (!film.hasOverview) return "";
  const kind = `${film.genres[0] ?? "Feature"} film`;
  const by = film.directors.length === 0 ? "" : ` directed by ${film.directors.join(" and ")}`;
  const cast = film.cast.length === 0 ? "" : `, with ${film.cast.join(", ")}`;
  return `${kind}${by}${cast}. ${countryName(film.country)}, ${film.released.slice(0, 4)}.`;
}

export function seriesOverview(series: Series): string {
  const kind = `${series.genres[0] ?? "Television"} series`;
  return `${kind}, first shown by ${series.network} in ${series.firstAired.slice(0, 4)}. ${countryName(series.country)}.`;
}

/**
 * A film as lists and searches give it. `softcore` is a key TMDB added in 2026: clients must let unknown
 * keys pass, so the sandbox sends it too.
 */
export function filmItem(film: Film): Record<string, unknown> {
  return {
    adult: film.adult,
    backdrop_path: film.hasPoster ? imagePath("backdrop", film.id) : null,
    genre_ids: genreIds(film.genres),
    id: film.id,
    original_language: film.language,
    original_title: film.originalTitle,
    overview: filmOverview(film),
    popularity: film.popularity,
    poster_path: film.hasPoster ? imagePath("poster", film.id) : null,
    release_date: film.released,
    softcore: false,
    title: film.title,
    video: false,
    vote_average: film.voteAverage,
    vote_count: film.voteCount,
  };
}

/** A series as lists and searches give it. */
export function seriesItem(series: Series): Record<string, unknown> {
  return {
    adult: false,
    backdrop_path: imagePath("backdrop", `tv${series.id}`),
    genre_ids: genreIds(series.genres),
    id: series.id,
    origin_country: [series.country],
    original_language: series.language,
    original_name: series.originalName,
    overview: seriesOverview(series),
    popularity: series.popularity,
    poster_path: imagePath("poster", `tv${series.id}`),
    first_air_date: series.firstAired,
    softcore: false,
    name: series.name,
    vote_average: series.voteAverage,
    vote_count: series.voteCount,
  };
}
