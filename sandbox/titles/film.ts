/** Where and when else a film came out; `type` is TMDB's: 1 premiere, 2 limited, 3 theatrical. */
type ReleaseDate = { country: string; date: string; type: 1 | 2 | 3 };

/** One film as the sandbox knows it, from which every upstream's body is made. */
export type Film = {
  /** TMDB id. */
  id: number;
  imdbId: string | null;
  title: string;
  originalTitle: string;
  /** ISO 639-1. */
  language: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Primary release, YYYY-MM-DD, or "" when TMDB has none. */
  released: string;
  alsoReleased: readonly ReleaseDate[];
  /** Minutes; null and 0 both mean unknown, as at TMDB. */
  runtime: number | null;
  genres: readonly string[];
  /** 0 to 10. */
  voteAverage: number;
  voteCount: number;
  popularity: number;
  directors: readonly string[];
  cast: readonly string[];
  alternativeTitles: readonly string[];
  hasPoster: boolean;
  hasOverview: boolean;
  /** Year by OMDb where it differs from TMDB's: the two sources often disagree by one. */
  omdbYear: number | null;
  adult: boolean;
};

type FilmDetails = {
  original?: string;
  language?: string;
  country?: string;
  alsoReleased?: readonly ReleaseDate[];
  cast?: string;
  alternative?: readonly string[];
  poster?: false;
  overview?: false;
  omdbYear?: number;
};

const NEW_FILM_YEAR = 2019;

/** Splits "Ethan Coen, Joel Coen" into names. */
function names(list: string): string[] {
  return list === "" ? [] : list.split(", ");
}

/**
 * Popularity that orders films as TMDB roughly does: well-voted films first, recent ones lifted.
 * Same-name films differ enough in votes for the order to be stable.
 */
function popularityOf(voteCount: number, released: string): number {
  const recent = Number(released.slice(0, 4)) >= NEW_FILM_YEAR ? 1.6 : 1;
  return Math.round((2 + voteCount / 700) * recent * 1000) / 1000;
}

/**
 * One line of the film lists.
 * @param votes TMDB's average (0 to 10) and count.
 * @param genres comma-separated TMDB genre names.
 * @param directors comma-separated names.
 */
export function film(
  id: number,
  imdbId: string | null,
  title: string,
  released: string,
  runtime: number | null,
  votes: readonly [average: number, count: number],
  genres: string,
  directors: string,
  details: FilmDetails = {},
): Film {
  return {
    id,
    imdbId,
    title,
    originalTitle: details.original ?? title,
    language: details.language ?? "en",
    country: details.country ?? "US",
    released,
    alsoReleased: details.alsoReleased ?? [],
    runtime,
    genres: names(genres),
    voteAverage: votes[0],
    voteCount: votes[1],
    popularity: popularityOf(votes[1], released),
    directors: names(directors),
    cast: names(details.cast ?? ""),
    alternativeTitles: details.alternative ?? [],
    hasPoster: details.poster ?? true,
    hasOverview: details.overview ?? true,
    omdbYear: details.omdbYear ?? null,
    adult: false,
  };
}
