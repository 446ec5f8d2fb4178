import type { FilmFilter } from "#app/quotes/films.server.ts";
import { type QuoteStatus, readQuoteStatus } from "#app/quotes/quote-status.ts";

/** What of the page of quotes is on screen, out of its URL. */
export interface QuotesView {
  tab: "films" | "runs";
  status: QuoteStatus | null;
  search: string | undefined;
  cursor: string | undefined;
}

/** Longer searches are nobody's title. */
const LONGEST_SEARCH = 200;

/** Reads `tab`, `state`, `q`, `cursor`. What is unknown counts as absent. */
export function readQuotesView(params: URLSearchParams): QuotesView {
  return {
    tab: params.get("tab") === "runs" ? "runs" : "films",
    status: readQuoteStatus(params.get("state")),
    search: params.get("q")?.trim().slice(0, LONGEST_SEARCH) || undefined,
    cursor: /^\d{1,18}$/.exec(params.get("cursor") ?? "")?.[0],
  };
}

/** The films that the bulk button is about: those of the chosen state, else all that were never fetched or failed. */
export function chosenFilms({ status, search }: Pick<QuotesView, "status" | "search">): FilmFilter {
  return { statuses: status ? [status] : ["unasked", "failed"], search };
}
