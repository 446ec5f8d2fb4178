import type { AppContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { MOST_FILMS } from "#app/quotes/ask-again.server.ts";
import { countByStatus, countFilms, listFilms } from "#app/quotes/films.server.ts";
import { listQuoteRuns } from "#app/quotes/quote-runs.server.ts";
import { chosenFilms, type QuotesView, readQuotesView } from "#app/routes/quotes/quotes-view.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";

const PAGE_SIZE = 50;
const RUNS_SHOWN = 50;

/** Counting passes over an entry for every film: a tenth of a second for a million of them. */
const COUNTS_KEPT_MS = 10_000;

export type QuotesPageData = Awaited<ReturnType<typeof loadQuotes>>;

/** The page of quotes for its URL. Read once for all who look. */
export async function loadQuotes({ db, config }: Pick<AppContext, "db" | "config">, params: URLSearchParams) {
  const view = readQuotesView(params);
  const [counts, list, chosen, runs, isWorkerAlive] = await Promise.all([
    sharedRead("quotes:counts", () => countByStatus(db), { keepMs: COUNTS_KEPT_MS }),
    view.tab === "films" ? sharedRead(`quotes:films ${viewKey(view)}`, () => films(db, view)) : null,
    sharedRead(`quotes:chosen ${viewKey(view)}`, () => countFilms(db, chosenFilms(view), MOST_FILMS), {
      keepMs: COUNTS_KEPT_MS,
    }),
    view.tab === "runs" ? sharedRead("quotes:runs", () => listQuoteRuns(db, RUNS_SHOWN)) : null,
    sharedRead("queue:worker-alive", () => isAnyWorkerAlive(db)),
  ]);
  return {
    view,
    counts,
    films: list?.films ?? [],
    next: list?.next ?? null,
    chosen,
    most: MOST_FILMS,
    runs: runs ?? [],
    isWorkerAlive,
    off: isOn("tabstack", config) ? null : offSentence("tabstack"),
  };
}

function films(db: AppContext["db"], { status, search, cursor }: QuotesView) {
  return listFilms(
    db,
    { statuses: status ? [status] : undefined, search },
    { limit: PAGE_SIZE, before: cursor },
  );
}

const viewKey = ({ status, search, cursor }: QuotesView): string =>
  JSON.stringify([status, search ?? null, cursor ?? null]);
