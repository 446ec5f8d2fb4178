import { isChallenge } from "./challenge.ts";
import { editionFromHtml } from "./event-from-html.ts";
import { editionFromNextData, type FoundEdition } from "./event-from-json.ts";
import { type PageParts, pageParts, statedId } from "./page-parts.ts";
import { notUnderstood, type PageReading } from "./page-reading.ts";
import type { ReadFrom, ScrapedEventEdition } from "./scraped.ts";

export interface EventAddress {
  /** `ev…` */
  eventId: string;
  year: number;
  /** From 1: the last part of the address, for years with two editions. */
  instance: number;
}

/**
 * Reads the page of one edition of an event: its embedded data first, its award sections next. An edition without awards is
 * one that IMDb knows nothing of yet, and is read as such; a page of another year is never taken for it.
 *
 * @param asked year and instance may be left open for a page that has to say them itself
 * @param mustSayWhich a page that came without an address of ours (a saved one) must say itself which edition it is
 */
export function parseEventPage(
  html: string,
  asked: Pick<EventAddress, "eventId"> & Partial<EventAddress>,
  { mustSayWhich = false }: { mustSayWhich?: boolean } = {},
): PageReading<ScrapedEventEdition> {
  const parts = pageParts(html);
  const [found, readFrom] = findEdition(html, parts);
  if (found === null) {
    if (isChallenge(html, parts)) return { kind: "challenge" };
    return notUnderstood(parts.nextData === null ? "JSON_CUT_OFF" : "NO_EVENT");
  }
  const stated = {
    eventId: found.eventId ?? statedId(parts, "ev"),
    ...statedEdition(found, parts),
  };
  if (stated.eventId !== null && stated.eventId !== asked.eventId)
    return { kind: "other", found: stated.eventId };
  const year = stated.year ?? (mustSayWhich ? null : (asked.year ?? null));
  if (year === null || (mustSayWhich && stated.eventId === null)) return notUnderstood("NO_ID");
  const instance = stated.instance ?? asked.instance ?? 1;
  if (asked.year !== undefined && asked.year !== year) return { kind: "other", found: String(year) };
  if (asked.instance !== undefined && asked.instance !== instance)
    return { kind: "other", found: `${year}/${instance}` };
  return { kind: "page", page: { ...found, eventId: asked.eventId, year, instance, readFrom } };
}

function findEdition(html: string, parts: PageParts): [FoundEdition | null, ReadFrom] {
  const embedded = editionFromNextData(parts.nextData);
  if (embedded) return [embedded, "next_data"];
  const isElse = parts.nextData !== undefined && parts.nextData !== null;
  return [isElse ? null : editionFromHtml(html), "html"];
}

/** Year and instance by the data, else by the address that the page states for itself. */
function statedEdition(
  found: FoundEdition,
  parts: PageParts,
): { year: number | null; instance: number | null } {
  if (found.year !== null) return { year: found.year, instance: found.instance };
  const [, year, instance] =
    /\/event\/ev\d+\/(\d{4})(?:\/(\d{1,2}))?(?:[/?#]|$)/.exec(parts.statedAddress ?? "") ?? [];
  return {
    year: year === undefined ? null : Number(year),
    instance: instance === undefined ? null : Number(instance),
  };
}
