import type { ScrapedNomination } from "#app/upstreams/imdb/scraped.ts";

/** What tells two nominations of one category apart. */
type Nominated = Pick<ScrapedNomination, "titles" | "persons" | "companies" | "songs" | "notes">;

/** Kept apart from ids and names. */
const PART = "|";

/**
 * The natural keys of a category's nominations, in their order. A film alone is no key: two actors of one film stand in one
 * category, and so do two songs of one composer. Titles, people, companies, songs and notes together are one; of nominations
 * that are alike in all of that the second is `…#2`.
 *
 * Whether it won is not part of the key: winners are announced after nominees. Nor is IMDb's own id, which not every way to a
 * page brings: see `matchNominations`.
 */
export function nominationKeys(nominations: readonly Nominated[]): string[] {
  const met = new Map<string, number>();
  return nominations.map((nomination) => {
    const key = contentKey(nomination);
    const occurrence = (met.get(key) ?? 0) + 1;
    met.set(key, occurrence);
    return occurrence === 1 ? key : `${key}#${occurrence}`;
  });
}

function contentKey({ titles, persons, companies, songs, notes }: Nominated): string {
  return [
    titles.map((title) => title.imdbId),
    persons.map(nameKey),
    companies.map(nameKey),
    songs.map(plain),
    notes ? [plain(notes)] : [],
  ]
    .map((part) => part.sort().join(","))
    .join(PART);
}

const plain = (words: string): string =>
  words
    .replaceAll(/[\s|,#]+/g, " ")
    .trim()
    .toLowerCase();

/** Names rather than ids: an id may be missing on one way to a page and there on another. */
const nameKey = ({ name }: { name: string }): string => plain(name);

/** A nomination that is stored. */
export interface StoredNomination {
  id: string;
  categoryId: string;
  key: string;
  imdbId: string | null;
}

/**
 * Which stored nomination each of those on a page is: the one with IMDb's id, in the same category, else the one with its key.
 *
 * @returns one id per given nomination, in their order; null for a new one. No stored one is given out twice
 */
export function matchNominations(
  given: readonly { categoryId: string; key: string; imdbId: string | null }[],
  stored: readonly StoredNomination[],
): (string | null)[] {
  const free = new Map(stored.map((one) => [one.id, one]));
  const take = (isIt: (one: StoredNomination) => boolean): string | null => {
    const found = [...free.values()].find(isIt);
    if (found) free.delete(found.id);
    return found?.id ?? null;
  };
  const byId = given.map(({ categoryId, imdbId }) =>
    imdbId === null ? null : take((one) => one.categoryId === categoryId && one.imdbId === imdbId),
  );
  return given.map(
    ({ categoryId, key, imdbId }, index) =>
      byId[index] ??
      take(
        (one) => one.categoryId === categoryId && one.key === key && (one.imdbId === null || imdbId === null),
      ) ??
      null,
  );
}
