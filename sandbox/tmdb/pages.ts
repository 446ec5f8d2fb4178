import { type Answer, json } from "../answer.ts";
import { tmdbError } from "./errors.ts";

export const PAGE_SIZE = 20;
const LAST_PAGE = 500;

/** One page of a result list: `{page, results, total_pages, total_results}`. */
export function pageBody<T>(items: readonly T[], page: number, toItem: (item: T) => Record<string, unknown>) {
  return {
    page,
    results: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(toItem),
    total_pages: items.length === 0 ? 1 : Math.ceil(items.length / PAGE_SIZE),
    total_results: items.length,
  };
}

/** The `page` parameter, 1 when absent; null when it is not a whole number from 1 to 500. */
export function pageNumber(query: URLSearchParams): number | null {
  const text = query.get("page") ?? "1";
  const page = Number(text);
  return /^\d+$/.test(text) && page >= 1 && page <= LAST_PAGE ? page : null;
}

/** The page that was asked for, or 400 code 22. */
export function pageAnswer<T>(
  items: readonly T[],
  query: URLSearchParams,
  toItem: (item: T) => Record<string, unknown>,
): Answer {
  const page = pageNumber(query);
  return page === null ? tmdbError(22) : json(200, pageBody(items, page, toItem));
}
