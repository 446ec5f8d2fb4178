import type { Film } from "./film.ts";
import { film } from "./film.ts";

/** Ids of films of these days start here, far above TMDB's own and the synthetic ones. */
const FIRST_RECENT_ID = 20_000_000;
const FIRST_DAY = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;
const FILMS_A_DAY = 4;
const LAST_INDEX = 100_000;

const ADJECTIVES = ["Silver", "Lonely", "Borrowed", "Frozen", "Wandering", "Second", "Salt", "Invisible"];
const NOUNS = [
  "Ferry",
  "Clockmaker",
  "Library",
  "Summer",
  "Witness",
  "Bridge",
  "Cartographer",
  "Choir",
  "Tide",
];
const PLACES = [
  "Oslo",
  "Lisbon",
  "Trieste",
  "Osaka",
  "Cork",
  "Tallinn",
  "Porto",
  "Bergen",
  "Split",
  "Ghent",
  "Galway",
];
const GENRES = ["Drama", "Comedy, Romance", "Thriller, Crime", "Science Fiction, Drama", "Animation, Family"];

/** The film's number in the order of release, by its UTC day and its place on that day (0 to 3). */
export function recentIndex(day: string, place: number): number {
  return Math.floor((Date.parse(`${day}T00:00:00Z`) - FIRST_DAY) / DAY_MS) * FILMS_A_DAY + place;
}

/** Four films come out every day, for ever: the same id is always the same film, whatever day it is now. */
export function recentFilm(index: number): Film {
  const pick = (list: readonly string[], step: number) => list[(index * step) % list.length] ?? "";
  const released = new Date(FIRST_DAY + Math.floor(index / FILMS_A_DAY) * DAY_MS).toISOString().slice(0, 10);
  const made = film(
    FIRST_RECENT_ID + index,
    index % 29 === 0 ? null : `tt8${String(index).padStart(8, "0")}`,
    `The ${pick(ADJECTIVES, 3)} ${pick(NOUNS, 4)} of ${pick(PLACES, 5)}`,
    released,
    index % 41 === 0 ? null : 80 + ((index * 7) % 80),
    [Math.round((5 + (index % 40) / 10) * 10) / 10, 20 + ((index * 37) % 3000)],
    pick(GENRES, 2),
    `Director ${index % 400}`,
    { cast: `Actor ${index % 300}, Actor ${(index * 3) % 300}, Actor ${(index * 11) % 300}` },
  );
  // Lists leave adult films out; one of them strays in where that is asked for.
  const adult = index === 0;
  return index % 31 === 0 ? { ...made, adult, hasPoster: false, hasOverview: false } : { ...made, adult };
}

/** Number behind a TMDB id or IMDb id of such a film, or null. */
export function recentIndexOfId(id: number | string): number | null {
  const index =
    typeof id === "number" ? id - FIRST_RECENT_ID : /^tt8\d{8}$/.test(id) ? Number(id.slice(3)) : -1;
  if (index < 0 || index > LAST_INDEX) return null;
  return typeof id === "string" && recentFilm(index).imdbId === null ? null : index;
}
