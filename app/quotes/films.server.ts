import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type QuoteStatus, quoteStatuses } from "#app/quotes/quote-status.ts";
import { searchQuery } from "#app/works/search-text.ts";

/** What narrows the films; no status: all that have an IMDb id. */
export interface FilmFilter {
  statuses?: readonly QuoteStatus[] | undefined;
  search?: string | undefined;
}

/** A film in the list, with what is known of its quotes. */
export interface QuoteFilm {
  workId: string;
  title: string;
  year: number | null;
  imdbId: string | null;
  status: QuoteStatus;
  /** It waits for its turn, and has no job yet. */
  isWaiting: boolean;
  quotes: number;
  fetchedAt: Date | null;
  statistics: Record<string, unknown> | null;
  errorMessage: string | null;
}

/** The `from` and `where` of such films. */
export function filmsThat({ statuses, search }: FilmFilter): RawBuilder<unknown> {
  return sql`quote_fetches join ${worksNamed(search)} as works using (work_id) where ${ofStatus(statuses)}`;
}

/** One status is compared by itself: only then does the index give films in their order. */
function ofStatus(statuses: FilmFilter["statuses"]): RawBuilder<unknown> {
  if (!statuses) return sql`true`;
  const [only, ...others] = statuses;
  return others.length === 0 && only
    ? sql`quote_fetches.status = ${only}`
    : sql`quote_fetches.status = any(${sql.val(statuses)}::text[])`;
}

/** `offset 0` has the index of words asked first: a word that occurs nowhere would otherwise be looked for in every film. */
function worksNamed(search: string | undefined): RawBuilder<unknown> {
  if (!search?.trim()) return sql`works`;
  const words = searchQuery(search);
  const named = words ? sql`search_words @@ to_tsquery('simple', ${words})` : sql`false`;
  return sql`(select work_id, title, year, imdb_id from works where ${named} offset 0)`;
}

/** A page of films, the newest in the catalogue first. */
export async function listFilms(
  db: Kysely<Database>,
  filter: FilmFilter,
  page: { limit: number; before?: string | undefined },
): Promise<{ films: QuoteFilm[]; next: string | null }> {
  const before = page.before === undefined ? sql`true` : sql`quote_fetches.work_id < ${page.before}::bigint`;
  const { rows } = await sql<QuoteFilm>`
    select page.*, (select count(*)::int from quotes where quotes.work_id = page."workId" and deleted_at is null) as quotes
    from (
      select quote_fetches.work_id as "workId", title, year, imdb_id as "imdbId", status, quote_fetches.due_at is not null as "isWaiting",
        fetched_at as "fetchedAt", statistics, error_message as "errorMessage"
      from ${filmsThat(filter)} and ${before}
      order by quote_fetches.work_id desc limit ${page.limit + 1}
    ) as page order by "workId" desc`.execute(db);
  const films = rows.slice(0, page.limit);
  return { films, next: rows.length > page.limit ? (films.at(-1)?.workId ?? null) : null };
}

/** How many films a choice holds, up to a bound: nobody reads more of it than that. */
export async function countFilms(db: Kysely<Database>, filter: FilmFilter, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from ${filmsThat(filter)} and quote_fetches.status <> 'pending' limit ${most}) as found`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** All films with an IMDb id, by status. Passes over an index of one entry a film. */
export async function countByStatus(db: Kysely<Database>): Promise<Record<QuoteStatus, number>> {
  const rows = await db
    .selectFrom("quote_fetches")
    .select((select) => ["status", select.fn.countAll<number>().as("count")])
    .groupBy("status")
    .execute();
  const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]));
  const entries = quoteStatuses.map((status) => [status, counts.get(status) ?? 0] as const);
  return Object.fromEntries(entries) as Record<QuoteStatus, number>;
}

/** How many films wait for somebody to say whether IMDb really has none; for a statement that asks more. */
export const suspiciousFilms = (): RawBuilder<number> =>
  sql<number>`(select count(*)::int from quote_fetches where status = 'suspicious')`;

/** The same by itself. */
export async function countSuspicious(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select ${suspiciousFilms()} as count`.execute(db);
  return rows[0]?.count ?? 0;
}
