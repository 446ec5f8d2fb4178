import { isChallenge } from "./challenge.ts";
import { listFromHtml } from "./list-from-html.ts";
import { type FoundList, listFromLinkedData, listFromNextData } from "./list-from-json.ts";
import { pageParts, statedId } from "./page-parts.ts";
import { notUnderstood, type PageReading } from "./page-reading.ts";
import type { ReadFrom, ScrapedListPage } from "./scraped.ts";

export interface ListAddress {
  /** `ls…` */
  listId: string;
  /** From 1. */
  page: number;
}

/**
 * Reads one page of a list: its embedded data first, its linked data next, its links last.
 *
 * @param mustSayWhich a page that came without an address of ours (a saved one) must say itself which list it is
 */
export function parseListPage(
  html: string,
  asked: ListAddress,
  { mustSayWhich = false }: { mustSayWhich?: boolean } = {},
): PageReading<ScrapedListPage> {
  const parts = pageParts(html);
  const [found, readFrom] = findList(html, asked.page, parts);
  if (found === null) {
    if (isChallenge(html, parts)) return { kind: "challenge" };
    return notUnderstood(parts.nextData === null ? "JSON_CUT_OFF" : "NO_LIST");
  }
  const stated = found.listId ?? statedId(parts, "ls");
  if (stated !== null && stated !== asked.listId) return { kind: "other", found: stated };
  if (stated === null && mustSayWhich) return notUnderstood("NO_ID");
  if (found.entries.length === 0 && found.declaredTotal !== 0 && found.notTitles === 0)
    return notUnderstood("NO_TITLES");
  if (isFirstPageAgain(found, asked.page)) return { kind: "other", found: "page 1" };
  const last = Math.max(0, ...found.entries.map((entry) => entry.position));
  return {
    kind: "page",
    page: {
      listId: asked.listId,
      name: found.name,
      declaredTotal: found.declaredTotal,
      page: asked.page,
      hasNextPage: found.hasNextPage ?? (found.declaredTotal ?? 0) > last + found.notTitles,
      nextCursor: found.nextCursor,
      entries: found.entries,
      notTitles: found.notTitles,
      readFrom,
    },
  };
}

function findList(
  html: string,
  page: number,
  parts: ReturnType<typeof pageParts>,
): [FoundList | null, ReadFrom] {
  const embedded = listFromNextData(parts.nextData, page);
  if (embedded) return [embedded, "next_data"];
  const linked = listFromLinkedData(parts.linkedData, page);
  if (linked && linked.entries.length > 0) return [linked, "linked_data"];
  // Embedded data that can be read and holds no list is the page of something else, and its links are not a list's.
  const isElse = parts.nextData !== undefined && parts.nextData !== null;
  return [isElse ? null : listFromHtml(html, page), "html"];
}

/** IMDb answers with the first page when it does not know the number: its positions begin at 1 again. */
function isFirstPageAgain(found: FoundList, page: number): boolean {
  return page > 1 && found.entries.some((entry) => entry.position === 1);
}
