import type { Film } from "./film.ts";
import { films1970To1989 } from "./films-1970-1989.ts";
import { films1990To1999 } from "./films-1990-1999.ts";
import { films2000To2009 } from "./films-2000-2009.ts";
import { films2010To2016 } from "./films-2010-2016.ts";
import { filmsBefore1970 } from "./films-before-1970.ts";
import { filmsSince2017 } from "./films-since-2017.ts";
import { generatedFilm, generatedIndexOfId, generatedIndexOfTitle } from "./generated.ts";
import { normalizeTitle } from "./normalize.ts";
import { recentFilm, recentIndexOfId } from "./recent.ts";
import { allSeries, type Series } from "./series.ts";

/** Every real film of the sandbox. */
export const allFilms: readonly Film[] = [
  ...filmsBefore1970,
  ...films1970To1989,
  ...films1990To1999,
  ...films2000To2009,
  ...films2010To2016,
  ...filmsSince2017,
];

type Indexed<T> = { title: T; words: readonly (readonly string[])[] };

function indexed<T>(title: T, variants: readonly string[]): Indexed<T> {
  return { title, words: [...new Set(variants.map(normalizeTitle))].map((variant) => variant.split(" ")) };
}

const filmIndex = allFilms.map((film) =>
  indexed(film, [film.title, film.originalTitle, ...film.alternativeTitles]),
);
const seriesIndex = allSeries.map((one) =>
  indexed(one, [one.name, one.originalName, ...one.alternativeNames]),
);
const filmById = new Map(allFilms.map((film) => [film.id, film]));
const filmByImdbId = new Map(
  allFilms.flatMap((film) => (film.imdbId === null ? [] : [[film.imdbId, film] as const])),
);
const seriesById = new Map(allSeries.map((one) => [one.id, one]));

/** Whole words anywhere in one title; the last word typed may be unfinished. */
function matches(query: readonly string[], title: readonly string[]): boolean {
  const last = query.length - 1;
  return query.every((word, at) =>
    title.some((titleWord) => (at === last ? titleWord.startsWith(word) : titleWord === word)),
  );
}

/** Most popular first, like the real search, which is why the exact title is often not the first answer. */
function byPopularity(a: { popularity: number; id: number }, b: { popularity: number; id: number }): number {
  return b.popularity - a.popularity || a.id - b.id;
}

function search<T extends { popularity: number; id: number }>(
  index: readonly Indexed<T>[],
  query: string,
): T[] {
  const words = normalizeTitle(query)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  return index
    .filter((entry) => entry.words.some((variant) => matches(words, variant)))
    .map((entry) => entry.title)
    .sort(byPopularity);
}

/** The titles all stand-ins answer from: the real ones, `generatedCount` synthetic films, and four of each day since 2015. */
export class Library {
  readonly #generatedCount: number;

  constructor(generatedCount: number) {
    this.#generatedCount = generatedCount;
  }

  /** Films whose title, original title or an alternative title holds all words of the query. */
  searchFilms(query: string): Film[] {
    const generated = generatedIndexOfTitle(normalizeTitle(query), this.#generatedCount);
    const found = search(filmIndex, query);
    return generated === null ? found : [...found, generatedFilm(generated)];
  }

  searchSeries(query: string): Series[] {
    return search(seriesIndex, query);
  }

  film(id: number): Film | null {
    const recent = recentIndexOfId(id);
    if (recent !== null) return recentFilm(recent);
    const generated = generatedIndexOfId(id, this.#generatedCount);
    return generated === null ? (filmById.get(id) ?? null) : generatedFilm(generated);
  }

  filmByImdbId(imdbId: string): Film | null {
    const recent = recentIndexOfId(imdbId);
    if (recent !== null) return recentFilm(recent);
    const generated = generatedIndexOfId(imdbId, this.#generatedCount);
    return generated === null ? (filmByImdbId.get(imdbId) ?? null) : generatedFilm(generated);
  }

  series(id: number): Series | null {
    return seriesById.get(id) ?? null;
  }

  seriesByImdbId(imdbId: string): Series | null {
    return allSeries.find((one) => one.imdbId === imdbId) ?? null;
  }

  seriesByTvdbId(tvdbId: number): Series | null {
    return allSeries.find((one) => one.tvdbId === tvdbId) ?? null;
  }

  /** Films that share a genre, most popular first, for "similar". */
  similarTo(film: Film): Film[] {
    return allFilms
      .filter((other) => other.id !== film.id && other.genres.some((genre) => film.genres.includes(genre)))
      .sort(byPopularity);
  }
}

/** Years of a film's releases anywhere: what TMDB's `year` parameter looks at. */
export function releaseYears(film: Film): Set<number> {
  return new Set(
    [film.released, ...film.alsoReleased.map((release) => release.date)].map((date) =>
      Number(date.slice(0, 4)),
    ),
  );
}
