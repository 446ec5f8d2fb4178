import type { Film } from "./film.ts";
import { film } from "./film.ts";

/** Ids of synthetic films start here, far above TMDB's own. */
const FIRST_GENERATED_ID = 10_000_000;

const FIRST_WORDS = [
  "Quiet",
  "Amber",
  "Hollow",
  "Distant",
  "Crimson",
  "Silent",
  "Golden",
  "Broken",
  "Winter",
  "Secret",
  "Velvet",
  "Northern",
  "Burning",
  "Paper",
  "Hidden",
  "Endless",
];
const SECOND_WORDS = [
  "Harbor",
  "Meridian",
  "Orchard",
  "Station",
  "Lantern",
  "Passage",
  "Horizon",
  "Garden",
  "Signal",
  "Cathedral",
  "Island",
  "Mirror",
  "Valley",
];
const FIRST_YEAR = 1950;
const YEARS = 76;
const INDEX_DIGITS = 5;
const INDEX_BY_TITLE = /^(\p{L}+) (\p{L}+) (\d{5,7})$/u;

/** Title of synthetic film `index`, e.g. "Quiet Harbor 00042"; the number makes every title distinct. */
function generatedTitle(index: number): string {
  const first = FIRST_WORDS[index % FIRST_WORDS.length];
  const second = SECOND_WORDS[index % SECOND_WORDS.length];
  return `${first} ${second} ${String(index).padStart(INDEX_DIGITS, "0")}`;
}

/** Release year of synthetic film `index`, 1950 to 2025. */
function generatedYear(index: number): number {
  return FIRST_YEAR + (index % YEARS);
}

/** IMDb-shaped id of synthetic film `index`; nine digits, so it can never be a real title's. */
function generatedImdbId(index: number): string {
  return `tt9${String(index).padStart(8, "0")}`;
}

/**
 * Synthetic film `index` (0 or more), computed and never stored. Every 97th has no IMDb id, every 89th no
 * poster and every 83rd an unknown runtime, because TMDB's long tail has such holes too.
 */
export function generatedFilm(index: number): Film {
  const year = generatedYear(index);
  const released = `${year}-${String(1 + (index % 12)).padStart(2, "0")}-${String(1 + (index % 28)).padStart(2, "0")}`;
  const runtime = index % 83 === 0 ? (index % 166 === 0 ? 0 : null) : 75 + (index % 90);
  const made = film(
    FIRST_GENERATED_ID + index,
    index % 97 === 0 ? null : generatedImdbId(index),
    generatedTitle(index),
    released,
    runtime,
    [Math.round((4 + (index % 50) / 10) * 10) / 10, 3 + (index % 400)],
    index % 3 === 0 ? "Drama" : "Drama, Thriller",
    `Director ${index % 1000}`,
  );
  return index % 89 === 0 ? { ...made, hasPoster: false, hasOverview: false } : made;
}

/** The synthetic films 0 … count-1, one at a time: rows for load tests without holding them. */
export function* generatedFilms(count: number): Generator<Film> {
  for (let index = 0; index < count; index += 1) yield generatedFilm(index);
}

/**
 * Index of the synthetic film with exactly this normalised title ("quiet harbor 00042"), or null.
 * Partial titles find none: that would mean walking all of them.
 */
export function generatedIndexOfTitle(normalizedTitle: string, count: number): number | null {
  const parts = INDEX_BY_TITLE.exec(normalizedTitle);
  if (parts === null) return null;
  const index = Number(parts[3]);
  if (index >= count) return null;
  return generatedTitle(index).toLowerCase() === normalizedTitle ? index : null;
}

/** Index behind a TMDB id or IMDb id of a synthetic film, or null. */
export function generatedIndexOfId(id: number | string, count: number): number | null {
  const index =
    typeof id === "number" ? id - FIRST_GENERATED_ID : /^tt9\d{8}$/.test(id) ? Number(id.slice(3)) : -1;
  if (!Number.isInteger(index) || index < 0 || index >= count) return null;
  return typeof id === "string" && generatedFilm(index).imdbId === null ? null : index;
}
