import type { AppContext } from "#app/context.server.ts";
import { formatHandText } from "#app/quotes/hand-text.ts";
import { listQuotes, quotesOverviewOf } from "#app/quotes/work-quotes.server.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";

const QUOTES_SHOWN = 20;

export type WorkQuotes = Awaited<ReturnType<typeof loadWorkQuotes>>;
export type WorkQuote = WorkQuotes["quotes"][number];

/**
 * A page of a work's quotes, and what can be done about them.
 *
 * @param cursor the `quotes` parameter of the page
 * @throws AppError BAD_CURSOR (400)
 */
export async function loadWorkQuotes(
  { db, config }: Pick<AppContext, "db" | "config">,
  work: { workId: string; mediaType: "movie" | "tv"; imdbId: string | null },
  cursor: string | undefined,
) {
  const [{ quotes, nextCursor }, overview] = await Promise.all([
    listQuotes(db, work.workId, { limit: QUOTES_SHOWN, cursor }),
    quotesOverviewOf(db, work.workId),
  ]);
  return {
    ...overview,
    quotes: quotes.map((quote) => ({ ...quote, text: formatHandText(quote.lines) })),
    nextCursor,
    /** Why they cannot be fetched from IMDb; null when they can. */
    cannotFetch: whyNot(work, isOn("tabstack", config)),
  };
}

function whyNot(work: { mediaType: "movie" | "tv"; imdbId: string | null }, isOnNow: boolean): string | null {
  if (work.mediaType === "tv") return "Quotes are fetched for films alone; add some by hand";
  if (work.imdbId === null) return "It has no IMDb id to fetch them by; add some by hand";
  return isOnNow ? null : offSentence("tabstack");
}
