import { decodeHTML } from "entities/decode";
import { at, cleanText, listAt, textAt, wholeAt } from "./json-path.ts";
import { kindOf, markdownText, readTitle, titleIdIn } from "./read-title.ts";
import type { ScrapedListEntry } from "./scraped.ts";

/** A list as one of the page's data blocks has it; ids and page numbers are the page's to check. */
export interface FoundList {
  listId: string | null;
  name: string | null;
  declaredTotal: number | null;
  /** null: the data does not say. */
  hasNextPage: boolean | null;
  nextCursor: string | null;
  entries: ScrapedListEntry[];
  notTitles: number;
}

/** What a page of a list holds at most; later pages without positions of their own go on from here. */
export const PAGE_SIZE = 250;

/** A list in `__NEXT_DATA__`: a list of its own, or somebody's watchlist. null when there is none. */
export function listFromNextData(nextData: unknown, page: number): FoundList | null {
  const column = at(nextData, "props", "pageProps", "mainColumnData");
  const list = at(column, "list") ?? at(column, "predefinedList");
  const search = at(list, "titleListItemSearch");
  if (!Array.isArray(at(search, "edges"))) return null;
  const edges = listAt(search, "edges");
  const entries = edges.map((edge, index) => readEdge(edge, (page - 1) * PAGE_SIZE + index + 1));
  return {
    listId: listIdIn(textAt(list, "id")),
    name: textAt(list, "name", "originalText") ?? textAt(list, "name", "text"),
    declaredTotal: wholeAt(0, search, "total"),
    hasNextPage: flagAt(search, "pageInfo", "hasNextPage"),
    nextCursor: textAt(search, "pageInfo", "endCursor"),
    ...uniqueEntries(entries),
  };
}

/** One edge. The page has the title as `listItem`, IMDb's own client as `title`. */
function readEdge(edge: unknown, fallback: number): ScrapedListEntry | null {
  const title = readTitle(at(edge, "listItem") ?? at(edge, "title") ?? at(edge, "node", "title"));
  if (title === null) return null;
  const node = at(edge, "node") ?? edge;
  const said = at(node, "description");
  return {
    ...title,
    position: wholeAt(1, node, "absolutePosition") ?? wholeAt(1, edge, "absolutePosition") ?? fallback,
    description: markdownText(at(said, "originalText") ?? said),
  };
}

/** A list among the `application/ld+json` blocks: names in the reader's language, no years. null when there is none. */
export function listFromLinkedData(blocks: readonly unknown[], page: number): FoundList | null {
  const list = blocks
    .flatMap((block) => [block, ...(Array.isArray(block) ? block : []), ...listAt(block, "@graph")])
    .find((block) => at(block, "@type") === "ItemList" && Array.isArray(at(block, "itemListElement")));
  if (list === undefined) return null;
  const items = listAt(list, "itemListElement");
  return {
    listId: listIdIn(/\/list\/(ls\d+)/.exec(textAt(list, "url") ?? "")?.[1] ?? null),
    name: decoded(textAt(list, "name")),
    declaredTotal: wholeAt(0, list, "numberOfItems"),
    hasNextPage: null,
    nextCursor: null,
    ...uniqueEntries(items.map((item, index) => readItem(item, (page - 1) * PAGE_SIZE + index + 1))),
  };
}

const LINKED_TYPES: Readonly<Record<string, string>> = {
  Movie: "movie",
  TVSeries: "tvSeries",
  TVEpisode: "tvEpisode",
  VideoGame: "videoGame",
};

function readItem(item: unknown, fallback: number): ScrapedListEntry | null {
  const thing = at(item, "item") ?? item;
  const imdbId = titleIdIn(/\/title\/(tt\d+)/.exec(textAt(thing, "url") ?? "")?.[1]);
  const title = decoded(textAt(thing, "name"));
  if (imdbId === null || title === null) return null;
  const type = textAt(thing, "@type") ?? "";
  return {
    imdbId,
    title,
    originalTitle: null,
    year: null,
    kind: kindOf(Object.hasOwn(LINKED_TYPES, type) ? (LINKED_TYPES[type] ?? null) : null),
    position: wholeAt(1, item, "position") ?? fallback,
    // What stands there is the plot, not the list keeper's words.
    description: null,
  };
}

/** Linked data carries entities within its JSON. */
function decoded(text: string | null): string | null {
  return text === null ? null : cleanText(decodeHTML(text));
}

function listIdIn(text: string | null): string | null {
  return text !== null && /^ls\d{5,12}$/.test(text) ? text : null;
}

function flagAt(value: unknown, ...path: readonly string[]): boolean | null {
  const found = at(value, ...path);
  return typeof found === "boolean" ? found : null;
}

/** Each title once: a list cannot hold one twice, but a page that repeats itself can. */
export function uniqueEntries(found: readonly (ScrapedListEntry | null)[]): {
  entries: ScrapedListEntry[];
  notTitles: number;
} {
  const entries = new Map<string, ScrapedListEntry>();
  for (const entry of found)
    if (entry !== null && !entries.has(entry.imdbId)) entries.set(entry.imdbId, entry);
  return { entries: [...entries.values()], notTitles: found.filter((entry) => entry === null).length };
}
