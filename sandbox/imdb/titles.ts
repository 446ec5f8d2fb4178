import { stableNumber } from "../stable-hash.ts";
import type { Film } from "../titles/film.ts";
import { generatedFilm } from "../titles/generated.ts";
import { allFilms, type Library } from "../titles/library.ts";
import { allSeries } from "../titles/series.ts";

/** A title as IMDb's pages name it. */
export type PageTitle = {
  id: string;
  title: string;
  original: string;
  year: number | null;
  type: "movie" | "tvSeries" | "tvEpisode";
};

const YEARS_OF_GENERATED = 76;
const FIRST_GENERATED_YEAR = 1950;

function pageTitle(film: Film): PageTitle | null {
  if (film.imdbId === null) return null;
  return {
    id: film.imdbId,
    title: film.title,
    original: film.originalTitle,
    year: film.released === "" ? null : Number(film.released.slice(0, 4)),
    type: "movie",
  };
}

/** An episode of which TMDB's stand-in knows nothing: its id finds nothing there, as happens with real ones. */
function episode(key: string): PageTitle {
  const number = stableNumber(key, 90) + 1;
  const id = `tt8${String(stableNumber(`${key} episode`, 9_999_999)).padStart(7, "0")}`;
  return {
    id,
    title: `Episode #1.${number}`,
    original: `Episode #1.${number}`,
    year: 2011,
    type: "tvEpisode",
  };
}

/**
 * So many titles, each once, always the same for the same key: the sandbox's own films first, synthetic ones after them, every
 * 23rd a series and every 61st an episode. All but the episodes are found at TMDB's stand-in.
 */
export function titlesFor(key: string, count: number, library: Library): PageTitle[] {
  const offset = stableNumber(`${key} offset`, 500_000);
  const films = [...allFilms.slice(offset % allFilms.length), ...allFilms.slice(0, offset % allFilms.length)];
  const series = allSeries.flatMap((one) => (one.imdbId === null ? [] : [{ ...one, imdbId: one.imdbId }]));
  const titles = new Map<string, PageTitle>();
  let nextFilm = 0;
  for (let at = 1; titles.size < count && at < count * 3 + 100; at += 1) {
    const one = series[Math.floor(at / 23)];
    const title =
      at % 61 === 0
        ? episode(`${key} ${at}`)
        : at % 23 === 0 && one
          ? {
              ...{ id: one.imdbId, title: one.name, original: one.originalName, type: "tvSeries" as const },
              year: Number(one.firstAired.slice(0, 4)),
            }
          : pageTitle(films[nextFilm++] ?? generatedFilm(offset + at));
    if (title !== null && (title.type !== "movie" || library.filmByImdbId(title.id)))
      titles.set(title.id, title);
  }
  return [...titles.values()];
}

/** Films of a year, real ones first: what an event of that time may honour. */
export function filmsOf(year: number, count: number, library: Library): Film[] {
  const real = allFilms.filter((film) => film.imdbId !== null && film.released.startsWith(String(year)));
  const generated = Array.from({ length: count * 2 }, (_, nth) =>
    generatedFilm(
      ((((year - FIRST_GENERATED_YEAR) % YEARS_OF_GENERATED) + YEARS_OF_GENERATED) % YEARS_OF_GENERATED) +
        (nth + 13) * YEARS_OF_GENERATED,
    ),
  );
  return [...real, ...generated]
    .filter((film) => film.imdbId !== null && library.filmByImdbId(film.imdbId))
    .slice(0, count);
}
