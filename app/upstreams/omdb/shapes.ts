import { z } from "zod";
import { imdbTitleId, list, text } from "#app/upstreams/lenient.ts";

/** OMDb sends every value as a string and writes "N/A" for a missing one. */
const value = text.transform((raw) => (raw === null || raw.trim().toUpperCase() === "N/A" ? null : raw));

/** The body as OMDb writes it, unknown keys dropped: this is what the cache keeps. */
export const omdbTitle = z.object({
  Title: z.string().trim().min(1),
  Year: value,
  Rated: value,
  Released: value,
  Runtime: value,
  Genre: value,
  Director: value,
  Writer: value,
  Actors: value,
  Plot: value,
  Language: value,
  Country: value,
  Awards: value,
  Poster: value,
  Ratings: list(z.object({ Source: z.string(), Value: z.string() })).optional(),
  Metascore: value,
  imdbRating: value,
  imdbVotes: value,
  imdbID: imdbTitleId,
  Type: value,
  totalSeasons: value,
});

export type OmdbBody = z.infer<typeof omdbTitle>;

/** A title with its values read. Scales stay the sources' own. */
export interface OmdbTitle {
  title: string;
  imdbId: string | null;
  /** `movie`, `series`, `episode`, `game` */
  type: string | null;
  /** First year; a series' last year is `endYear`. */
  year: number | null;
  endYear: number | null;
  released: string | null;
  runtimeMinutes: number | null;
  rated: string | null;
  genres: string[];
  directors: string[];
  actors: string[];
  languages: string[];
  countries: string[];
  plot: string | null;
  awards: string | null;
  posterUrl: string | null;
  totalSeasons: number | null;
  /** 0–10, and how many have voted. */
  imdbRating: number | null;
  imdbVotes: number | null;
  /** 0–100. */
  rottenTomatoes: number | null;
  /** 0–100. */
  metacritic: number | null;
}

function wholeNumber(raw: string | null): number | null {
  const digits = /\d[\d,]*/.exec(raw ?? "")?.[0];
  return digits === undefined ? null : Number(digits.replaceAll(",", ""));
}

function within(raw: string | null | undefined, max: number): number | null {
  const number = Number.parseFloat(raw ?? "");
  return Number.isFinite(number) && number >= 0 && number <= max ? number : null;
}

function names(raw: string | null): string[] {
  return (raw ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}

/** "142 min", and in old bodies "1 h 30 min". */
function minutes(raw: string | null): number | null {
  const hours = /(\d+)\s*h/i.exec(raw ?? "")?.[1];
  const rest = /([\d,]+)\s*min/i.exec(raw ?? "")?.[1];
  if (hours === undefined && rest === undefined) return null;
  return Number(hours ?? 0) * 60 + Number((rest ?? "0").replaceAll(",", ""));
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** "14 Oct 1994" of a title, "1994-10-14" of an episode list. */
function releaseDay(raw: string | null): string | null {
  const iso = /^\d{4}-\d{2}-\d{2}$/.exec(raw ?? "")?.[0];
  if (iso) return iso;
  const [, date, month, year] = /^(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})$/.exec(raw ?? "") ?? [];
  const index = MONTHS.indexOf((month ?? "").toLowerCase());
  if (index < 0 || date === undefined) return null;
  return `${year}-${String(index + 1).padStart(2, "0")}-${date.padStart(2, "0")}`;
}

/** Reads OMDb's strings: numbers, days, lists; "N/A" as null. */
export function readTitle(body: OmdbBody): OmdbTitle {
  // "1997–2007" and "2017–", with U+2013; sometimes a plain hyphen.
  const [, from, to] = /^(\d{4})(?:\s*[–-]\s*(\d{4})?)?/.exec(body.Year ?? "") ?? [];
  const rating = (source: string) => body.Ratings?.find((entry) => entry.Source === source)?.Value;
  return {
    title: body.Title,
    imdbId: body.imdbID,
    type: body.Type?.toLowerCase() ?? null,
    year: from === undefined ? null : Number(from),
    endYear: to === undefined ? null : Number(to),
    released: releaseDay(body.Released),
    runtimeMinutes: minutes(body.Runtime),
    rated: body.Rated,
    genres: names(body.Genre),
    directors: names(body.Director),
    actors: names(body.Actors),
    languages: names(body.Language),
    countries: names(body.Country),
    plot: body.Plot,
    awards: body.Awards,
    posterUrl: body.Poster,
    totalSeasons: wholeNumber(body.totalSeasons),
    imdbRating: within(body.imdbRating ?? rating("Internet Movie Database"), 10),
    imdbVotes: wholeNumber(body.imdbVotes),
    rottenTomatoes: within(rating("Rotten Tomatoes"), 100),
    metacritic: within(body.Metascore ?? rating("Metacritic"), 100),
  };
}
