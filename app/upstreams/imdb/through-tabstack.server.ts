import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { eventPath, IMDB_ORIGIN, listPath } from "#app/upstreams/imdb/addresses.ts";
import {
  EVENT_SCHEMA,
  editionFromExtraction,
  extractedEvent,
  extractedList,
  LIST_SCHEMA,
  listFromExtraction,
} from "#app/upstreams/imdb/extraction.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";
import { extractJson } from "#app/upstreams/tabstack/client.server.ts";
import type { Answer } from "#app/upstreams/upstream.server.ts";

/**
 * One page of a list as Tabstack reads it: a browser opens IMDb's page and a model says what stands on it. Costs credits; nothing
 * is kept. It may be less than the whole page, never more: what has no IMDb id is left out.
 *
 * @returns value null when the page does not exist
 * @throws AppError UPSTREAM_OFF without a token · as `extractJson` · UpstreamError BAD_ANSWER, NOTHING_EXTRACTED: a page without a
 *   single title is a robot check that Tabstack did not pass, not an empty list
 */
export async function extractListPage(
  ctx: UpstreamContext,
  { listId, page = 1 }: { listId: string; page?: number },
): Promise<Answer<ScrapedListPage | null>> {
  const address = { listId, page };
  const found = await extractJson(ctx, {
    pageUrl: IMDB_ORIGIN + listPath(address),
    jsonSchema: LIST_SCHEMA,
    shape: extractedList,
  });
  return answer(found && listFromExtraction(found, address));
}

/**
 * One edition of an event as Tabstack reads it.
 *
 * @returns value null when the page does not exist
 * @throws as `extractListPage`
 */
export async function extractEventEdition(
  ctx: UpstreamContext,
  { eventId, year, instance = 1 }: { eventId: string; year: number; instance?: number },
): Promise<Answer<ScrapedEventEdition | null>> {
  const address = { eventId, year, instance };
  const found = await extractJson(ctx, {
    pageUrl: IMDB_ORIGIN + eventPath(address),
    jsonSchema: EVENT_SCHEMA,
    shape: extractedEvent,
  });
  return answer(found && editionFromExtraction(found, address));
}

/** null: there is no such page; a fault as text: the page came, but not as what was asked for. */
function answer<T extends object>(value: T | { fault: string } | null): Answer<T | null> {
  if (value !== null && "fault" in value)
    throw new UpstreamError("tabstack", "BAD_ANSWER", { detail: value.fault, retryable: false });
  return { value, source: "network", fetchedAt: new Date() };
}
