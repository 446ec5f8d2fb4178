import type { LibraryFilter, LibrarySort } from "#app/works/library.server.ts";

/** What narrows the library, as its chips name it. */
const shows = ["films", "series", "unmatched"] as const;
export type Show = (typeof shows)[number];

const sorts = ["added", "title", "seen"] as const satisfies readonly LibrarySort[];

/** What of the library is on screen, out of its URL. */
export interface LibraryView {
  layout: "grid" | "table";
  show: Show | null;
  sort: LibrarySort;
  search: string | undefined;
  cursor: string | undefined;
}

/** Longer searches are nobody's title. */
const LONGEST_SEARCH = 200;

/**
 * Reads the view out of a URL: `view`, `show`, `sort`, `q`, `cursor`. What is unknown counts as absent, so that an old or
 * mistyped address still shows a list.
 */
export function readLibraryView(params: URLSearchParams): LibraryView {
  return {
    layout: params.get("view") === "table" ? "table" : "grid",
    show: shows.find((show) => show === params.get("show")) ?? null,
    sort: sorts.find((sort) => sort === params.get("sort")) ?? "added",
    search: params.get("q")?.trim().slice(0, LONGEST_SEARCH) || undefined,
    cursor: params.get("cursor") || undefined,
  };
}

/** The same as the list of works is asked for it. */
export function libraryFilter({ show, search }: Pick<LibraryView, "show" | "search">): LibraryFilter {
  if (show === "films") return { mediaType: "movie", search };
  if (show === "series") return { mediaType: "tv", search };
  return show === "unmatched" ? { match: "unmatched", search } : { search };
}

/** Whether anything is left out: an empty list then means "nothing matches", not "nothing yet". */
export function isFiltered({ show, search, cursor }: LibraryView): boolean {
  return show !== null || search !== undefined || cursor !== undefined;
}
