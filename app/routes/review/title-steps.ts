import type { ReviewData } from "#app/routes/review/load-review.server.ts";
import { withSearch } from "#app/ui/search-params.ts";

type List = Pick<ReviewData["list"], "titles" | "next">;

/** The page with another title open. */
export const hrefOfTitle = (search: string, key: string): string =>
  withSearch(search, { title: key, id: null });

/**
 * Where the titles before and after this one are, in the order of the list. After the last of a page comes the first of the next;
 * after the last of all the first of all, where what was skipped stands. A title that is not on this page is followed by the
 * page's first.
 *
 * @returns `following` null: it is the only one
 */
export function stepsFrom(
  search: string,
  { titles, next }: List,
  key: string,
): { previous: string | null; following: string | null } {
  const at = titles.findIndex((title) => title.key === key);
  const before = at > 0 ? titles[at - 1] : undefined;
  const previous = before ? hrefOfTitle(search, before.key) : null;
  const after = titles[at + 1];
  if (after) return { previous, following: hrefOfTitle(search, after.key) };
  if (next !== null)
    return { previous, following: withSearch(search, { cursor: next, title: null, id: null }) };
  const isAlone = titles.length === 1 && at === 0 && !new URLSearchParams(search).has("cursor");
  const first = titles[0];
  const begin = new URLSearchParams(search).has("cursor") || !first ? null : first.key;
  return {
    previous,
    following: isAlone ? null : withSearch(search, { cursor: null, title: begin, id: null }),
  };
}
