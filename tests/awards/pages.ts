import type {
  ScrapedEventEdition,
  ScrapedListEntry,
  ScrapedListPage,
  ScrapedNomination,
  ScrapedTitle,
} from "#app/upstreams/imdb/scraped.ts";

/** A title as a page names it. */
export const title = (imdbId: string, name: string, more: Partial<ScrapedTitle> = {}): ScrapedTitle => ({
  imdbId,
  title: name,
  originalTitle: null,
  year: null,
  kind: "movie",
  ...more,
});

export const entry = (
  position: number,
  imdbId: string,
  name: string,
  more: Partial<ScrapedListEntry> = {},
): ScrapedListEntry => ({ ...title(imdbId, name), position, description: null, ...more });

/** A page of the seeded list. */
export const listPage = (
  entries: ScrapedListEntry[],
  more: Partial<ScrapedListPage> = {},
): ScrapedListPage => ({
  listId: "ls527026601",
  name: "Best of the best",
  declaredTotal: entries.length,
  page: 1,
  hasNextPage: false,
  nextCursor: null,
  entries,
  notTitles: 0,
  readFrom: "next_data",
  ...more,
});

export const nomination = (more: Partial<ScrapedNomination>): ScrapedNomination => ({
  id: null,
  isWinner: false,
  notes: null,
  awarded: "titles",
  titles: [],
  persons: [],
  companies: [],
  episodes: [],
  songs: [],
  ...more,
});

/** An edition of the seeded Oscars, by category. */
export const edition = (
  categories: Record<string, ScrapedNomination[]>,
  more: Partial<ScrapedEventEdition> = {},
): ScrapedEventEdition => ({
  eventId: "ev0000003",
  eventName: "Academy Awards, USA",
  year: 2024,
  instance: 1,
  location: null,
  startDate: "2024-03-10",
  endDate: "2024-03-10",
  otherEditions: [],
  awards: [
    {
      id: null,
      name: "Oscar",
      declaredTotal: null,
      hasMore: false,
      categories: Object.entries(categories).map(([name, nominations]) => ({
        name,
        declaredTotal: nominations.length,
        hasMore: false,
        nominations,
      })),
    },
  ],
  readFrom: "next_data",
  ...more,
});
