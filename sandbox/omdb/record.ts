import { stableToken } from "../stable-hash.ts";
import type { Film } from "../titles/film.ts";
import type { Series } from "../titles/series.ts";
import { filmOverview, seriesOverview } from "../tmdb/items.ts";
import { countryName, languageName } from "../tmdb/places.ts";

const NOT_AVAILABLE = "N/A";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** OMDb writes year spans with an en dash. */
const EN_DASH = "\u2013";
const GROUPED = new Intl.NumberFormat("en-US");

function orNotAvailable(text: string): string {
  return text === "" ? NOT_AVAILABLE : text;
}

/** "14 Oct 1994" of "1994-10-14". */
function omdbDate(date: string): string {
  const [year = "", month = "", day = ""] = date.split("-");
  return date === "" ? NOT_AVAILABLE : `${day} ${MONTHS[Number(month) - 1]} ${year}`;
}

function posterUrl(key: string): string {
  return `https://m.media-amazon.com/images/M/${stableToken(key, 24)}._V1_SX300.jpg`;
}

/** The year OMDb gives a film: IMDb's, which may be one less than TMDB's. */
export function omdbYear(film: Film): number {
  return film.omdbYear ?? Number(film.released.slice(0, 4));
}

/** "2008–2013", or "2022–" while it goes on. */
function omdbYears(series: Series): string {
  const last = series.status === "Ended" ? series.lastAired.slice(0, 4) : "";
  const first = series.firstAired.slice(0, 4);
  return first === last ? first : `${first}${EN_DASH}${last}`;
}

/** Scores by IMDb and, for well-known titles, by the two others; [] for a title nobody voted on. */
function ratings(average: number, votes: number): { Source: string; Value: string }[] {
  if (votes < 5) return [];
  const imdb = { Source: "Internet Movie Database", Value: `${average.toFixed(1)}/10` };
  if (votes < 1000) return [imdb];
  return [
    imdb,
    { Source: "Rotten Tomatoes", Value: `${Math.round(average * 10)}%` },
    { Source: "Metacritic", Value: `${Math.round(average * 9.5)}/100` },
  ];
}

/** Body of a film. Every value is a string and "N/A" stands for missing, as in the real one. */
export function omdbFilm(film: Film): Record<string, unknown> {
  return {
    Title: film.title,
    Year: String(omdbYear(film)),
    Rated: film.voteCount < 500 ? NOT_AVAILABLE : "R",
    Released: omdbDate(film.released),
    Runtime: film.runtime ? `${film.runtime} min` : NOT_AVAILABLE,
    Genre: orNotAvailable(film.genres.join(", ").replace("Science Fiction", "Sci-Fi")),
    Director: orNotAvailable(film.directors.join(", ")),
    Writer: NOT_AVAILABLE,
    Actors: orNotAvailable(film.cast.join(", ")),
    Plot: orNotAvailable(filmOverview(film)),
    Language: languageName(film.language),
    Country: countryName(film.country),
    Awards: NOT_AVAILABLE,
    Poster: film.hasPoster ? posterUrl(`film${film.id}`) : NOT_AVAILABLE,
    Ratings: ratings(film.voteAverage, film.voteCount),
    Metascore: film.voteCount < 1000 ? NOT_AVAILABLE : String(Math.round(film.voteAverage * 9.5)),
    imdbRating: film.voteAverage.toFixed(1),
    imdbVotes: GROUPED.format(film.voteCount * 60),
    imdbID: film.imdbId,
    Type: "movie",
    DVD: NOT_AVAILABLE,
    BoxOffice: NOT_AVAILABLE,
    Production: NOT_AVAILABLE,
    Website: NOT_AVAILABLE,
    Response: "True",
  };
}

/** Body of a series: no DVD, BoxOffice, Production, Website; totalSeasons instead. */
export function omdbSeries(series: Series): Record<string, unknown> {
  return {
    Title: series.name,
    Year: omdbYears(series),
    Rated: NOT_AVAILABLE,
    Released: omdbDate(series.firstAired),
    Runtime: `${series.episodeMinutes} min`,
    Genre: series.genres.join(", "),
    Director: NOT_AVAILABLE,
    Writer: orNotAvailable(series.createdBy.join(", ")),
    Actors: NOT_AVAILABLE,
    Plot: seriesOverview(series),
    Language: languageName(series.language),
    Country: countryName(series.country),
    Awards: NOT_AVAILABLE,
    Poster: posterUrl(`series${series.id}`),
    Ratings: ratings(series.voteAverage, series.voteCount).slice(0, 1),
    Metascore: NOT_AVAILABLE,
    imdbRating: series.voteAverage.toFixed(1),
    imdbVotes: GROUPED.format(series.voteCount * 60),
    imdbID: series.imdbId,
    Type: "series",
    totalSeasons: String(series.episodesPerSeason.length),
    Response: "True",
  };
}
