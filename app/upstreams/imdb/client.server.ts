import type { z } from "zod";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";
import type { HttpAnswer } from "#app/upstreams/http.server.ts";
import { eventPath, listPath } from "#app/upstreams/imdb/addresses.ts";
import { imdb, judgeImdb } from "#app/upstreams/imdb/definition.server.ts";
import type { PageReading } from "#app/upstreams/imdb/page-reading.ts";
import { type EventAddress, parseEventPage } from "#app/upstreams/imdb/parse-event-page.ts";
import { parseListPage } from "#app/upstreams/imdb/parse-list-page.ts";
import {
  type ScrapedEventEdition,
  type ScrapedListPage,
  scrapedEventEdition,
  scrapedListPage,
} from "#app/upstreams/imdb/scraped.ts";
import type { Verdict } from "#app/upstreams/judge.server.ts";
import { type Answer, askCached } from "#app/upstreams/upstream.server.ts";

const HOUR_MS = 3_600_000;
/** Long enough that a job that is tried again asks only for the pages it lacks; short enough that the next import sees changes. */
const RECENT_MS = HOUR_MS;
/** Editions of past years change by corrections only. */
const PAST_EDITION_MS = 7 * 24 * HOUR_MS;
const NOTHING_THERE_MS = HOUR_MS;

/** A page of 250 titles is 2–4 MB; one of a large event about as much. */
const MAX_PAGE_BYTES = 10 * 1024 * 1024;

/** `detail` of an UpstreamError BAD_ANSWER: the page came, and nothing could be made of it. */
const NOT_UNDERSTOOD = "PAGE_NOT_UNDERSTOOD";
/** `detail` of an UpstreamError REFUSED: IMDb gives the first page only. */
const LATER_PAGE = "LATER_PAGE";

/**
 * One page of a list, as IMDb shows it. Kept for an hour; never given when it is older, because there are other ways on.
 *
 * @returns value null when IMDb has no such list, or it is private
 * @throws UpstreamPaused (CHALLENGED) · BudgetWait · UpstreamError; `needsAnotherWay` tells which of them end this way
 */
export function fetchListPage(
  ctx: UpstreamContext,
  { listId, page = 1 }: { listId: string; page?: number },
): Promise<Answer<ScrapedListPage | null>> {
  const address = { listId, page };
  return fetchPage(ctx, {
    endpoint: page === 1 ? "/list/{id}/" : "/list/{id}/?page={n}",
    path: listPath(address),
    read: (html) => parseListPage(html, address),
    // Later pages are refused where the first one is given: that is no reason to close the door on everything.
    refusal: page === 1 ? undefined : LATER_PAGE,
    shape: scrapedListPage,
    keptMs: RECENT_MS,
  });
}

/**
 * One edition of an event, as IMDb shows it: every award, category and nomination that its page holds.
 *
 * @param instance from 1; 2 is the second edition of the same year
 * @returns value null when IMDb has nothing for that year
 * @throws as `fetchListPage`
 */
export function fetchEventEdition(
  ctx: UpstreamContext,
  { eventId, year, instance = 1 }: { eventId: string; year: number; instance?: number },
): Promise<Answer<ScrapedEventEdition | null>> {
  const address: EventAddress = { eventId, year, instance };
  return fetchPage(ctx, {
    endpoint: "/event/{id}/{year}/{n}/",
    path: eventPath(address),
    read: (html) => parseEventPage(html, address),
    shape: scrapedEventEdition,
    keptMs: year < new Date().getUTCFullYear() - 1 ? PAST_EDITION_MS : RECENT_MS,
  });
}

interface PageQuestion<T> {
  endpoint: string;
  path: string;
  read(html: string): PageReading<T>;
  refusal?: string | undefined;
  shape: z.ZodType<T>;
  keptMs: number;
}

/** What lists and events share: budget, circuit, cache of good pages alone, log, and the verdict on what came. */
function fetchPage<T>(ctx: UpstreamContext, question: PageQuestion<T>): Promise<Answer<T | null>> {
  const { endpoint, path, shape } = question;
  return askCached(
    ctx,
    { ...imdb, judge: (answer) => judgePage(answer, question) },
    {
      endpoint,
      path,
      reads: "page",
      shape,
      maxBytes: MAX_PAGE_BYTES,
      cacheKey: path,
      neverStale: true,
      ttlMs: (value) => (value ? question.keptMs : NOTHING_THERE_MS),
    },
  );
}

function judgePage<T>(answer: HttpAnswer, { read, refusal }: PageQuestion<T>): Verdict | undefined {
  const isRefusal = answer.status === 403 && answer.headers["x-amzn-waf-action"] === undefined;
  if (refusal !== undefined && isRefusal)
    return { kind: "fault", fault: "REFUSED", details: { detail: refusal } };
  const verdict = judgeImdb(answer);
  if (verdict) return verdict;
  if (answer.status !== 200 || "problem" in answer.body || typeof answer.body.value !== "string")
    return undefined;
  const reading = read(answer.body.value);
  switch (reading.kind) {
    case "page":
      return { kind: "good", value: reading.page };
    case "challenge":
      return { kind: "fault", fault: "CHALLENGED" };
    case "not_understood": {
      // A page that was cut off may come whole the next time; one of another shape stays what it is.
      const retryable = reading.why === "JSON_CUT_OFF";
      return {
        kind: "fault",
        fault: "BAD_ANSWER",
        details: { detail: `${NOT_UNDERSTOOD}, ${reading.why}`, retryable },
      };
    }
    case "other":
      return {
        kind: "fault",
        fault: "BAD_ANSWER",
        details: { detail: `${NOT_UNDERSTOOD}, OTHER_PAGE`, retryable: false },
      };
  }
}

/**
 * Whether an error of the two above says that IMDb will not show us this page, so that the next way is due: Tabstack, or a page
 * that an operator saves. Everything else passes by itself (a full budget, a connection that broke).
 */
export function needsAnotherWay(error: unknown): boolean {
  if (error instanceof UpstreamPaused) return error.service === "imdb" && error.reasonCode === "CHALLENGED";
  if (!(error instanceof UpstreamError) || error.service !== "imdb") return false;
  return error.detail === LATER_PAGE || (error.detail?.startsWith(NOT_UNDERSTOOD) ?? false);
}
