import type { MovieList } from "#app/awards/lists/lists.server.ts";

/** What an operator can do when IMDb does not let us read a page, in the order in which it is least work. */
export function offeredWays(
  list: Pick<MovieList, "sourceType" | "fetchWay">,
  { isTabstackOn }: { isTabstackOn: boolean },
): string {
  const ways = [
    ...(isTabstackOn ? [] : ["set TABSTACK_TOKEN and restart, so that Tabstack reads the page"]),
    "open the page in your browser, save it, and upload the saved page here",
    ...(list.sourceType === "imdb" ? ["upload the list's own CSV export from IMDb"] : []),
  ];
  const last = ways.pop();
  const sentence = ways.length > 0 ? `${ways.join(", ")}, or ${last}` : last;
  return `${sentence?.charAt(0).toUpperCase()}${sentence?.slice(1)}.`;
}
