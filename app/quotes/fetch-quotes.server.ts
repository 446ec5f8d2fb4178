import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { Permanent, RetryLater } from "#app/errors.ts";
import { extraction, extractionSchema } from "#app/quotes/extraction.ts";
import { parseQuotes, type ReadQuote } from "#app/quotes/parse-quotes.ts";
import { planMerge } from "#app/quotes/plan-merge.ts";
import { quotesPageOf } from "#app/quotes/share-link.ts";
import { lockWork, readStored, storeMerge } from "#app/quotes/store-quotes.server.ts";
import { wordsKey } from "#app/quotes/words-key.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { extractJson } from "#app/upstreams/tabstack/client.server.ts";

/** Jobs that were queued while Tabstack was on wait for it without using up attempts. */
const OFF_MS = 10 * 60_000;

/** What a fetch did, as a run's statistics. */
export type QuoteStatistics = {
  outcome: "complete" | "none" | "suspicious";
  /** Quotes on IMDb's page. */
  quotesFound: number;
  quotesImported: number;
  quotesUpdated: number;
  quotesUnchanged: number;
  quotesSkipped: number;
  charactersCreated: number;
};

type Skipped = { outcome: "skipped"; reason: string };

interface FetchContext extends UpstreamContext {
  isLastAttempt: boolean;
}

/**
 * `fetchQuotes`; and when no attempt follows a failed one, the film says so.
 *
 * @throws what `fetchQuotes` throws
 */
export async function fetchQuotesOrGiveUp(
  ctx: FetchContext,
  workId: string,
): Promise<QuoteStatistics | Skipped> {
  try {
    return await fetchQuotes(ctx, workId);
  } catch (error) {
    const comesAgain =
      error instanceof RetryLater ||
      !(ctx.isLastAttempt || error instanceof Permanent) ||
      ctx.signal?.aborted;
    if (!comesAgain) await noteFailure(ctx.db, workId, error);
    throw error;
  }
}

/**
 * Reads the quotes of a film from IMDb, through Tabstack, and merges them with what stands. A page without quotes, or none at all,
 * is an answer: nothing is done. A film that has quotes from IMDb and now yields none is suspicious; nothing is taken from it.
 *
 * @returns statistics
 * @throws RetryLater · UpstreamPaused · BudgetWait: come again · UpstreamError: try again
 */
async function fetchQuotes(ctx: UpstreamContext, workId: string): Promise<QuoteStatistics | Skipped> {
  const film = await ctx.db
    .selectFrom("works")
    .select(["media_type as mediaType", "imdb_id as imdbId"])
    .where("work_id", "=", workId)
    .executeTakeFirst();
  if (!film) return skipped("The film is not in the catalogue any more.");
  if (film.mediaType !== "movie") return skipped("Quotes are fetched for films alone.");
  const { imdbId } = film;
  if (imdbId === null) return skipped("The film has no IMDb id.");
  if (!isOn("tabstack", ctx.config)) throw new RetryLater(offSentence("tabstack"), OFF_MS);
  const found = await extractJson(ctx, {
    pageUrl: quotesPageOf(imdbId),
    jsonSchema: extractionSchema,
    shape: extraction,
  });
  const quotes = parseQuotes(found?.quotes ?? []);
  return ctx.db.transaction().execute((trx) => mergeQuotes(trx, { workId, imdbId }, quotes));
}

const skipped = (reason: string): Skipped => ({ outcome: "skipped", reason });

/**
 * Merges what IMDb has with what stands, and notes on the film what came of it.
 *
 * @param film with the IMDb id that was asked about: when it has another one by now, the answer is about another film
 */
export async function mergeQuotes(
  trx: Kysely<Database>,
  film: { workId: string; imdbId: string },
  quotes: readonly ReadQuote[],
): Promise<QuoteStatistics | Skipped> {
  const now = await lockWork(trx, film.workId);
  if (now?.imdbId !== film.imdbId) return skipped("The film got another IMDb id meanwhile.");
  const stored = await readStored(trx, film.workId);
  const plan = planMerge(stored, quotes, wordsKey);
  const charactersCreated = await storeMerge(trx, film, plan);
  const statistics: QuoteStatistics = {
    outcome: "complete",
    quotesFound: quotes.length,
    quotesImported: plan.create.length,
    quotesUpdated: plan.update.length,
    quotesUnchanged: plan.unchanged,
    quotesSkipped: plan.skipped,
    charactersCreated,
  };
  if (quotes.length === 0) {
    const hadQuotes = stored.some((one) => !one.isDeleted && one.imdbTitleId === film.imdbId);
    statistics.outcome = hadQuotes && !(await isEmptyAccepted(trx, film.workId)) ? "suspicious" : "none";
  }
  await noteFetched(trx, film.workId, statistics);
  return statistics;
}

async function isEmptyAccepted(trx: Kysely<Database>, workId: string): Promise<boolean> {
  const row = await trx
    .selectFrom("quote_fetches")
    .select("is_empty_accepted")
    .where("work_id", "=", workId)
    .executeTakeFirst();
  return row?.is_empty_accepted ?? false;
}

async function noteFetched(
  trx: Kysely<Database>,
  workId: string,
  statistics: QuoteStatistics,
): Promise<void> {
  await sql`
    insert into quote_fetches as fetched (work_id, status, due_at, fetched_at, statistics)
    values (${workId}::bigint, ${statistics.outcome}, null, clock_timestamp(), ${JSON.stringify(statistics)}::jsonb)
    on conflict (work_id) do update set status = excluded.status, due_at = null, is_bulk = false,
      is_empty_accepted = fetched.is_empty_accepted and ${statistics.quotesFound === 0},
      fetched_at = excluded.fetched_at, statistics = excluded.statistics, error_code = null, error_message = null,
      updated_at = clock_timestamp()`.execute(trx);
}

async function noteFailure(db: Kysely<Database>, workId: string, error: unknown): Promise<void> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
  await sql`
    update quote_fetches set status = 'failed', due_at = null, error_code = ${code},
      error_message = ${error instanceof Error ? error.message : String(error)}, updated_at = clock_timestamp()
    where work_id = ${workId}::bigint`.execute(db);
}
