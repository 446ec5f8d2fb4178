import { type Answer, json } from "../answer.ts";
import { type Library, releaseYears } from "../titles/library.ts";
import type { Series } from "../titles/series.ts";
import { tmdbError } from "./errors.ts";
import { filmItem, seriesItem } from "./items.ts";
import { pageAnswer } from "./pages.ts";

/** A year parameter: null when absent, "bad" when it is no four digits. */
function yearOf(query: URLSearchParams, name: string): number | null | "bad" {
  const text = query.get(name);
  if (text === null || text === "") return null;
  return /^\d{4}$/.test(text) ? Number(text) : "bad";
}

/** Without a query TMDB answers 422 code 5 with a text of its own. */
function queryMissing(): Answer {
  return json(422, { success: false, status_code: 5, status_message: "query must be provided" });
}

/**
 * GET /search/movie: `primary_release_year` looks at the primary date alone, `year` at any release anywhere.
 */
export function searchMovies(library: Library, query: URLSearchParams): Answer {
  const text = query.get("query");
  if (text === null || text === "") return queryMissing();
  const primaryYear = yearOf(query, "primary_release_year");
  const anyYear = yearOf(query, "year");
  if (primaryYear === "bad" || anyYear === "bad") return tmdbError(5);
  const adults = query.get("include_adult") === "true";
  const found = library
    .searchFilms(text)
    .filter((film) => adults || !film.adult)
    .filter((film) => primaryYear === null || Number(film.released.slice(0, 4)) === primaryYear)
    .filter((film) => anyYear === null || releaseYears(film).has(anyYear));
  return pageAnswer(found, query, filmItem);
}

function airedIn(series: Series, year: number): boolean {
  return Number(series.firstAired.slice(0, 4)) <= year && year <= Number(series.lastAired.slice(0, 4));
}

/** GET /search/tv: `first_air_date_year` looks at the first year alone, `year` at any year it was on air. */
export function searchTv(library: Library, query: URLSearchParams): Answer {
  const text = query.get("query");
  if (text === null || text === "") return queryMissing();
  const firstYear = yearOf(query, "first_air_date_year");
  const anyYear = yearOf(query, "year");
  if (firstYear === "bad" || anyYear === "bad") return tmdbError(5);
  const found = library
    .searchSeries(text)
    .filter((series) => firstYear === null || Number(series.firstAired.slice(0, 4)) === firstYear)
    .filter((series) => anyYear === null || airedIn(series, anyYear));
  return pageAnswer(found, query, seriesItem);
}
