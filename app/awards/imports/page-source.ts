import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

/** A page as it was read, and how it came. */
export interface ReadPage<Page> {
  page: Page;
  way: string;
}

/** Where the pages of one list come from. null: IMDb has no such list, or no such edition. */
export interface PageSource {
  listPage(listId: string, page: number): Promise<ReadPage<ScrapedListPage> | null>;
  edition(eventId: string, year: number, instance: number): Promise<ReadPage<ScrapedEventEdition> | null>;
}
