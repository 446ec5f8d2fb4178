import { AppError } from "#app/errors.ts";

export const listCategories = ["awards", "critics", "curated", "festivals", "personal", "registry"] as const;
export type ListCategory = (typeof listCategories)[number];

export type SourceType = "imdb" | "imdb_event";

/** What a list's address says. */
export interface ListSource {
  sourceType: SourceType;
  /** `ls…` or `ev…` */
  sourceId: string;
  /** The address, put right. */
  sourceUrl: string;
  /** The edition that an event's address names. */
  year: number | null;
}

const ID = /^(ls\d{5,12}|ev\d{5,10})$/;
const HOSTS = new Set(["imdb.com", "www.imdb.com", "m.imdb.com"]);
const PATH = /^\/(?:[a-z]{2}\/)?(?:list\/(ls\d{5,12})|event\/(ev\d{5,10})(?:\/(\d{4})(?:\/\d{1,2})?)?)\/?$/;

/**
 * Reads the address of an IMDb list or event, or its bare id.
 *
 * @param text `https://www.imdb.com/list/ls…/`, `https://www.imdb.com/event/ev…/2024/1/`, `ls…` or `ev…`
 * @throws AppError BAD_LIST_ADDRESS (422)
 */
export function readListSource(text: string): ListSource {
  const given = text.trim();
  if (ID.test(given)) return sourceOf(given, null);
  const path = pathOf(given);
  const [, listId, eventId, year] = (path && PATH.exec(path)) || [];
  const id = listId ?? eventId;
  if (id) return sourceOf(id, year ? Number(year) : null);
  throw new AppError(
    "BAD_LIST_ADDRESS",
    422,
    "This is no address of an IMDb list or event. It looks like https://www.imdb.com/list/ls… or https://www.imdb.com/event/ev…; correct it and save again.",
    { field: "address" },
  );
}

function pathOf(address: string): string | null {
  const url = URL.parse(/^https?:\/\//.test(address) ? address : `https://${address}`);
  return url && HOSTS.has(url.hostname) ? url.pathname : null;
}

function sourceOf(id: string, year: number | null): ListSource {
  const isEvent = id.startsWith("ev");
  return {
    sourceType: isEvent ? "imdb_event" : "imdb",
    sourceId: id,
    sourceUrl: isEvent
      ? `https://www.imdb.com/event/${id}/${year === null ? "" : `${year}/1/`}`
      : `https://www.imdb.com/list/${id}/`,
    year,
  };
}

/** A key for a list that has none yet: its name in lower case, or its id. */
export function keyFor(name: string, sourceId: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, 60);
  return words || sourceId;
}
