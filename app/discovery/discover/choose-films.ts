/** A film as a list names it. */
export interface ListedFilm {
  tmdbId: number;
  title: string;
  year: number | null;
  /** TMDB marks it as for adults. */
  adult: boolean;
}

/** One page of one list, as it was read. */
export interface ListedPage {
  source: string;
  page: number;
  films: ListedFilm[];
}

/**
 * Why a film is not taken: the catalogue has it; an operator does not want it; it is marked as for adults; as many as were
 * asked for came before it; another run that is under way has it.
 */
export type SkipReason = "known" | "excluded" | "adult" | "over_limit" | "in_other_run";

export interface ChosenFilm extends ListedFilm {
  /** The list that named it first. */
  source: string;
  skip: SkipReason | null;
}

/**
 * What a discovery run takes of the pages that were read, in their order: each film once, however often lists and shifting
 * pages repeat it.
 *
 * @param known ids that the catalogue has · @param excluded ids that nobody wants
 * @param maxFilms so many are taken at most
 */
export function chooseFilms(
  pages: readonly ListedPage[],
  known: ReadonlySet<number>,
  excluded: ReadonlySet<number>,
  maxFilms: number,
): ChosenFilm[] {
  const chosen = new Map<number, ChosenFilm>();
  let taken = 0;
  for (const { source, films } of pages)
    for (const film of films) {
      if (chosen.has(film.tmdbId)) continue;
      const skip = known.has(film.tmdbId)
        ? "known"
        : excluded.has(film.tmdbId)
          ? "excluded"
          : film.adult
            ? "adult"
            : taken >= maxFilms
              ? "over_limit"
              : null;
      if (skip === null) taken += 1;
      chosen.set(film.tmdbId, { ...film, source, skip });
    }
  return [...chosen.values()];
}

export const takenOf = (films: readonly ChosenFilm[]): number =>
  films.filter((film) => film.skip === null).length;
