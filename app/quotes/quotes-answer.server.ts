import type { Db } from "#app/db/client.server.ts";
import type { QuoteList } from "#app/quotes/quote-answers.ts";
import { listQuotes, quotesOverviewOf } from "#app/quotes/work-quotes.server.ts";
import { findWork } from "#app/works/work-detail.server.ts";

/**
 * A page of a work's quotes for machines.
 *
 * @throws AppError WORK_NOT_FOUND (404) · BAD_CURSOR (400)
 */
export async function quotesAnswer(
  db: Db,
  id: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<QuoteList> {
  const { workId } = await findWork(db, id);
  const [{ quotes, nextCursor }, { count, fetch }] = await Promise.all([
    listQuotes(db, workId, page),
    quotesOverviewOf(db, workId),
  ]);
  return {
    quotes: quotes.map((quote) => ({
      id: quote.quoteId,
      source: quote.source,
      imdb_quote_id: quote.imdbQuoteId,
      share_link: quote.shareLink,
      edited: quote.isEdited,
      lines: quote.lines.map(({ type, character, text }) => ({ type, character, text })),
      created_at: quote.createdAt.toISOString(),
      updated_at: quote.updatedAt.toISOString(),
    })),
    total: count,
    status: fetch?.status ?? null,
    fetched_at: fetch?.fetchedAt?.toISOString() ?? null,
    nextCursor,
  };
}
