import type { EventAddress } from "./parse-event-page.ts";
import type { ListAddress } from "./parse-list-page.ts";

/**
 * Where IMDb has its pages, below its origin. A list's first page is asked for without any parameter: sorted or filtered addresses are
 * refused to most clients. Later pages exist only as `?page=n`.
 */
export function listPath({ listId, page }: ListAddress): string {
  return page === 1 ? `/list/${listId}/` : `/list/${listId}/?page=${page}`;
}

export function eventPath({ eventId, year, instance }: EventAddress): string {
  return `/event/${eventId}/${year}/${instance}/`;
}

/** What people open in their browser, wherever this house itself reads pages from. */
export const IMDB_ORIGIN = "https://www.imdb.com";

/** The id in an address or by itself: what an operator pastes. null when there is none. */
export function listIdFrom(text: string): string | null {
  return /(?:^|\/list\/)(ls\d{5,12})(?!\d)/.exec(text.trim())?.[1] ?? null;
}

/** The event in an address or by itself, with the year and the instance where the address has them. */
export function eventFrom(
  text: string,
): { eventId: string; year: number | null; instance: number | null } | null {
  const [, eventId, year, instance] =
    /(?:^|\/event\/)(ev\d{5,10})(?!\d)(?:\/(\d{4})(?:\/(\d{1,2}))?(?!\d))?/.exec(text.trim()) ?? [];
  if (eventId === undefined) return null;
  return {
    eventId,
    year: year === undefined ? null : Number(year),
    instance: instance === undefined ? null : Number(instance),
  };
}
