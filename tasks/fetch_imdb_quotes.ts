import { defineTask } from "#app/queue/define-task.server.ts";
import { fetchQuotesOrGiveUp } from "#app/quotes/fetch-quotes.server.ts";

export default defineTask("fetch_imdb_quotes", ({ workId }, run) => fetchQuotesOrGiveUp(run, String(workId)));
