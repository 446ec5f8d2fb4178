import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { QuoteLine } from "#app/quotes/line-type.ts";
import type { MergePlan, StoredQuote } from "#app/quotes/plan-merge.ts";
import { nameKey, wordsOf } from "#app/quotes/words.ts";
import { wordsKey } from "#app/quotes/words-key.server.ts";

/**
 * Makes whoever writes quotes of a work wait for whoever does already.
 *
 * @returns what it is; undefined when it is gone
 */
export async function lockWork(
  trx: Kysely<Database>,
  workId: string,
): Promise<{ mediaType: "movie" | "tv"; imdbId: string | null } | undefined> {
  const { rows } = await sql<{ mediaType: "movie" | "tv"; imdbId: string | null }>`
    select media_type as "mediaType", imdb_id as "imdbId" from works where work_id = ${workId}::bigint for no key update`.execute(
    trx,
  );
  return rows[0];
}

/** Every quote of a work, deleted ones included. */
export async function readStored(
  trx: Kysely<Database>,
  workId: string,
): Promise<(StoredQuote & { imdbTitleId: string | null })[]> {
  const { rows } = await sql<StoredQuote & { imdbTitleId: string | null }>`
    select quote_id as "quoteId", source, imdb_quote_id as "imdbQuoteId", imdb_title_id as "imdbTitleId",
      words_key as "wordsKey", source_words_key as "sourceWordsKey", edited_at is not null as "isEdited",
      deleted_at is not null as "isDeleted", coalesce(lines, '[]') as lines
    from quotes
    left join lateral (
      select json_agg(json_build_object('type', line_type, 'character', characters.name, 'text', text) order by position) as lines
      from quote_lines left join characters using (character_id)
      where quote_lines.quote_id = quotes.quote_id
    ) as spoken on true
    where work_id = ${workId}::bigint
    order by quote_id`.execute(trx);
  return rows;
}

/**
 * Carries out what a fetch changes. Call it with the work locked.
 *
 * @returns how many characters are new
 */
export async function storeMerge(
  trx: Kysely<Database>,
  work: { workId: string; imdbId: string },
  plan: Pick<MergePlan, "create" | "update">,
): Promise<number> {
  if (plan.create.length + plan.update.length === 0) return 0;
  const ids = await newQuoteIds(trx, plan.create.length);
  const quotes = [...plan.create.map((quote, at) => ({ quoteId: ids[at] ?? "", quote })), ...plan.update].map(
    ({ quoteId, quote }) => ({
      quoteId,
      imdbQuoteId: quote.imdbQuoteId,
      key: wordsKey(wordsOf(quote.lines)),
      lines: quote.lines,
    }),
  );
  await sql`
    insert into quotes as stored (quote_id, work_id, source, imdb_quote_id, imdb_title_id, words_key, source_words_key)
    overriding system value
    select "quoteId", ${work.workId}::bigint, 'imdb', "imdbQuoteId", ${work.imdbId}, key, key
    from json_to_recordset(${JSON.stringify(quotes)}::json) as quote ("quoteId" bigint, "imdbQuoteId" text, key text)
    on conflict (quote_id) do update set imdb_quote_id = coalesce(excluded.imdb_quote_id, stored.imdb_quote_id),
      imdb_title_id = excluded.imdb_title_id, words_key = excluded.words_key,
      source_words_key = excluded.source_words_key, updated_at = clock_timestamp()`.execute(trx);
  return writeLines(trx, work.workId, quotes);
}

async function newQuoteIds(trx: Kysely<Database>, count: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('quotes', 'quote_id')) as id from generate_series(1, ${count})`.execute(
    trx,
  );
  return rows.map(({ id }) => id);
}

/**
 * Puts these lines in the place of those that quotes had. A character is created once per work, and goes with its last line.
 *
 * @returns how many characters are new
 */
export async function writeLines(
  trx: Kysely<Database>,
  workId: string,
  quotes: readonly { quoteId: string; lines: readonly QuoteLine[] }[],
): Promise<number> {
  const lines = quotes.flatMap(({ quoteId, lines: own }) =>
    own.map(({ type, character, text }, position) => ({
      quoteId,
      position,
      type,
      name: character,
      nameKey: character === null ? null : nameKey(character),
      text,
    })),
  );
  const created = await sql`
    insert into characters (work_id, name, name_key)
    select distinct on ("nameKey") ${workId}::bigint, name, "nameKey"
    from json_to_recordset(${JSON.stringify(lines)}::json) as line (name text, "nameKey" text)
    where "nameKey" is not null
    on conflict (work_id, name_key) do nothing`.execute(trx);
  await sql`
    delete from quote_lines where quote_id = any(${sql.val(quotes.map(({ quoteId }) => quoteId))}::bigint[])`.execute(
    trx,
  );
  await sql`
    insert into quote_lines (quote_id, position, line_type, character_id, text)
    select "quoteId", position, type, character_id, text
    from json_to_recordset(${JSON.stringify(lines)}::json)
      as line ("quoteId" bigint, position smallint, type text, "nameKey" text, text text)
    left join characters on characters.work_id = ${workId}::bigint and characters.name_key = "nameKey"`.execute(
    trx,
  );
  await dropSilentCharacters(trx, workId);
  return Number(created.numAffectedRows ?? 0n);
}

/** Characters without a line are nobody's. */
export async function dropSilentCharacters(trx: Kysely<Database>, workId: string): Promise<void> {
  await sql`
    delete from characters where work_id = ${workId}::bigint
      and not exists (select from quote_lines where quote_lines.character_id = characters.character_id)`.execute(
    trx,
  );
}
