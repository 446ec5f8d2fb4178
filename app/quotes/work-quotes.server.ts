import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { QuoteLine } from "#app/quotes/line-type.ts";
import type { QuoteStatus } from "#app/quotes/quote-status.ts";
import { shareLinkOf } from "#app/quotes/share-link.ts";

/** A quote as pages and the machine API show it. */
export interface QuoteView {
  quoteId: string;
  source: "imdb" | "manual";
  imdbQuoteId: string | null;
  /** Where it stands at IMDb; null when that is not known. */
  shareLink: string | null;
  /** Somebody has changed IMDb's words. */
  isEdited: boolean;
  lines: QuoteLine[];
  createdAt: Date;
  updatedAt: Date;
}

/** How far the fetching of a work's quotes is. */
export interface QuoteFetchView {
  status: QuoteStatus;
  fetchedAt: Date | null;
  statistics: Record<string, unknown> | null;
  errorMessage: string | null;
}

type QuoteRow = Omit<QuoteView, "shareLink"> & { imdbTitleId: string | null };

/**
 * A page of a work's quotes, in the order in which they came.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function listQuotes(
  db: Kysely<Database>,
  workId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ quotes: QuoteView[]; nextCursor: string | null }> {
  const after = readCursor(page.cursor);
  const { rows } = await sql<QuoteRow>`
    select quotes.quote_id as "quoteId", source, imdb_quote_id as "imdbQuoteId", imdb_title_id as "imdbTitleId",
      edited_at is not null as "isEdited", lines, created_at as "createdAt", updated_at as "updatedAt"
    from quotes
    cross join lateral (
      select coalesce(json_agg(json_build_object('type', line_type, 'character', characters.name, 'text', text)
        order by position), '[]') as lines
      from quote_lines left join characters using (character_id)
      where quote_lines.quote_id = quotes.quote_id
    ) as spoken
    where work_id = ${workId}::bigint and deleted_at is null and quote_id > ${after}::bigint
    order by quote_id limit ${page.limit + 1}`.execute(db);
  const shown = rows.slice(0, page.limit);
  return {
    quotes: shown.map(({ imdbTitleId, ...quote }) => ({
      ...quote,
      shareLink:
        imdbTitleId !== null && quote.imdbQuoteId !== null
          ? shareLinkOf(imdbTitleId, quote.imdbQuoteId)
          : null,
    })),
    nextCursor: rows.length > page.limit ? (shown.at(-1)?.quoteId ?? null) : null,
  };
}

function readCursor(cursor: string | undefined): string {
  if (cursor === undefined) return "0";
  if (/^\d{1,18}$/.test(cursor)) return cursor;
  throw new AppError(
    "BAD_CURSOR",
    400,
    "The cursor is not one that this list gave out. Start again without it.",
  );
}

/** Quotes that a work has, and how far their fetching is; `fetch` null: a work that is not asked about. */
export async function quotesOverviewOf(
  db: Kysely<Database>,
  workId: string,
): Promise<{ count: number; fetch: QuoteFetchView | null }> {
  const { rows } = await sql<{ count: number } & (QuoteFetchView | { status: null })>`
    select counted.count, status, fetched_at as "fetchedAt", statistics, error_message as "errorMessage"
    from (
      select count(*)::int as count from quotes where work_id = ${workId}::bigint and deleted_at is null
    ) as counted
    left join quote_fetches on quote_fetches.work_id = ${workId}::bigint`.execute(db);
  const { count = 0, ...fetch } = rows[0] ?? { status: null };
  return { count, fetch: fetch.status === null ? null : fetch };
}
