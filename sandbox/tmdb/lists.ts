import { type Answer, json } from "../answer.ts";
import type { Film } from "../titles/film.ts";
import { allFilms } from "../titles/library.ts";
import { recentFilm, recentIndex } from "../titles/recent.ts";
import { allSeries } from "../titles/series.ts";
import { dayOf } from "./days.ts";
import type { TitleEdits } from "./edits.ts";
import { tmdbError } from "./errors.ts";
import { filmItem, seriesItem } from "./items.ts";
import { PAGE_SIZE, pageNumber } from "./pages.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** What popular claims to have; beyond page 500 it refuses all the same. */
const POPULAR_PAGES = 45_984;
const TRENDING_RESULTS = 10_000;
const NOW_PLAYING_DAYS = 42;
const SOON_DAYS = 3;

const famous = allFilms.toSorted((a, b) => b.popularity - a.popularity || a.id - b.id);

export type ListWorld = {
  edits: TitleEdits;
  now: number;
  /** By how many places everything moves back (or, below 0, forward) from one page to the next while a client reads. */
  listDrift: number;
  /** Whether the lists hold what they should not: an adult film, and in trending a series and a person. */
  oddListItems: boolean;
};

type Ranking = { at: (rank: number) => Film; count: number };

/** The film `back` releases before the last one that comes out in the next few days. */
function latest(now: number, back: number): Film {
  return recentFilm(recentIndex(dayOf(now, SOON_DAYS), 3) - back);
}

/** Famous and new films take turns; when the famous ones are used up, new ones follow into the past. */
function mixed(now: number, shift: number): (rank: number) => Film {
  const both = 2 * famous.length;
  return (rank) => {
    const known = famous[(Math.floor(rank / 2) + shift) % famous.length];
    if (rank < both && rank % 2 === 1 && known !== undefined) return known;
    return latest(now, rank < both ? rank / 2 : rank - famous.length);
  };
}

function rankings(name: string, now: number): Ranking | null {
  if (name === "popular") return { at: mixed(now, 0), count: POPULAR_PAGES * PAGE_SIZE };
  if (name === "trending") return { at: mixed(now, Math.floor(now / WEEK_MS) * 17), count: TRENDING_RESULTS };
  if (name !== "now_playing") return null;
  const count = (NOW_PLAYING_DAYS + SOON_DAYS) * 4;
  // 37 has no factor in common with the count: every film once, in another order than by date.
  return { at: (rank) => latest(now, (rank * 37) % count), count };
}

function edited(film: Film, edits: TitleEdits): Record<string, unknown> {
  const item = filmItem(film);
  const fields = Object.entries(edits.of(film.id).fields ?? {}).filter(([name]) => name in item);
  return { ...item, ...Object.fromEntries(fields) };
}

function oddItems(name: string): Record<string, unknown>[] {
  const adult = filmItem(recentFilm(0));
  const [series] = allSeries;
  if (name !== "trending" || series === undefined) return [adult];
  return [
    { ...adult, media_type: "movie" },
    { ...seriesItem(series), media_type: "tv" },
    { id: 7_000_001, name: "Actor 1", media_type: "person", known_for: [], gender: 0, profile_path: null },
  ];
}

/** GET /movie/popular, /movie/now_playing and /trending/movie/week. */
export function movieList(name: string, query: URLSearchParams, world: ListWorld): Answer {
  const ranking = rankings(name, world.now);
  if (ranking === null) return tmdbError(34);
  const page = pageNumber(query);
  if (page === null) return tmdbError(22);
  const start = Math.max(0, (page - 1) * (PAGE_SIZE - world.listDrift));
  const length = Math.max(0, Math.min(PAGE_SIZE, ranking.count - start));
  const items = Array.from({ length }, (_, at) => ranking.at(start + at))
    // Deleted films leave the lists at once.
    .filter((film) => !world.edits.of(film.id).deleted)
    .map((film) => edited(film, world.edits))
    .map((item) => (name === "trending" ? { ...item, media_type: "movie" } : item));
  return json(200, {
    ...(name === "now_playing" && {
      dates: { maximum: dayOf(world.now, SOON_DAYS), minimum: dayOf(world.now, -NOW_PLAYING_DAYS) },
    }),
    page,
    results: world.oddListItems ? [...items, ...oddItems(name)] : items,
    total_pages: Math.ceil(ranking.count / PAGE_SIZE),
    total_results: ranking.count,
  });
}
