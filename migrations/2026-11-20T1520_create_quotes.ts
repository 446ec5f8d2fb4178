import { type Kysely, sql } from "kysely";

/**
 * Quotes of films (seed 000 §2, §5): characters, quotes and their lines, and for every film with an IMDb id how far the fetching
 * of its quotes is. Triggers put a film on the waiting list, whoever writes it (decision 23).
 */
export async function up(db: Kysely<any>): Promise<void> {
  await createQuotes(db);
  await createFetches(db);
}

async function createQuotes(db: Kysely<any>): Promise<void> {
  await sql`
    create table characters (
      character_id bigint generated always as identity primary key,
      work_id bigint not null constraint characters_work_id_fkey references works (work_id) on delete cascade,
      name text not null,
      -- Folded: "NEO" and "Neo" are one.
      name_key text not null,
      created_at timestamptz not null default clock_timestamp(),
      constraint characters_work_id_name_key_key unique (work_id, name_key)
    )`.execute(db);
  await sql`
    create table quotes (
      quote_id bigint generated always as identity primary key,
      work_id bigint not null constraint quotes_work_id_fkey references works (work_id) on delete cascade,
      source text not null constraint quotes_source_check check (source in ('imdb', 'manual')),
      imdb_quote_id text constraint quotes_imdb_quote_id_check check (imdb_quote_id ~ '^qt[0-9]{7,12}$'),
      -- The title at IMDb that it was read from: a film's id there may be corrected later.
      imdb_title_id text,
      -- Hash of the normalised words.
      words_key text not null,
      -- What IMDb's words were when they were last taken over: an edited or deleted quote is known again by them.
      source_words_key text,
      edited_at timestamptz,
      -- An IMDb quote that somebody deleted stays as a mark, without lines, so that the next fetch does not bring it back.
      deleted_at timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      constraint quotes_manual_check check (
        source = 'imdb' or num_nonnulls(imdb_quote_id, imdb_title_id, source_words_key, deleted_at) = 0)
    )`.execute(db);
  await sql`
    create unique index quotes_work_id_imdb_quote_id_key on quotes (work_id, imdb_quote_id)
    where imdb_quote_id is not null`.execute(db);
  await sql`create index quotes_work_id_idx on quotes (work_id, quote_id) where deleted_at is null`.execute(
    db,
  );
  await sql`
    create table quote_lines (
      quote_id bigint not null constraint quote_lines_quote_id_fkey references quotes (quote_id) on delete cascade,
      position smallint not null,
      line_type text not null constraint quote_lines_line_type_check
        check (line_type in ('dialogue', 'stage_direction', 'narration')),
      character_id bigint constraint quote_lines_character_id_fkey references characters (character_id) on delete set null,
      text text not null,
      constraint quote_lines_pkey primary key (quote_id, position)
    )`.execute(db);
  await sql`create index quote_lines_character_id_idx on quote_lines (character_id) where character_id is not null`.execute(
    db,
  );
}

async function createFetches(db: Kysely<any>): Promise<void> {
  await sql`
    create table quote_fetches (
      work_id bigint primary key constraint quote_fetches_work_id_fkey references works (work_id) on delete cascade,
      status text not null default 'pending' constraint quote_fetches_status_check
        check (status in ('unasked', 'pending', 'complete', 'none', 'suspicious', 'failed')),
      -- Since when it waits for its job; null: it has one, or waits for none.
      due_at timestamptz default clock_timestamp(),
      -- Asked for with many others: goes behind films that have just come.
      is_bulk boolean not null default false,
      -- Somebody has said that IMDb having none is right: the next empty answer is no news.
      is_empty_accepted boolean not null default false,
      fetched_at timestamptz,
      -- What the last fetch found and did.
      statistics jsonb,
      error_code text,
      error_message text,
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index quote_fetches_due_idx on quote_fetches (is_bulk, due_at) where due_at is not null`.execute(
    db,
  );
  // Those that have a job, which are few however many wait.
  await sql`
    create index quote_fetches_queued_idx on quote_fetches (work_id) where status = 'pending' and due_at is null`.execute(
    db,
  );
  await sql`create index quote_fetches_status_idx on quote_fetches (status, work_id)`.execute(db);
  // Films that were here before are asked about when somebody says so.
  await sql`
    insert into quote_fetches (work_id, status, due_at)
    select work_id, 'unasked', null from works where media_type = 'movie' and imdb_id is not null`.execute(
    db,
  );

  await sql`
    create function await_quotes_of_new_films() returns trigger language plpgsql as $$
    begin
      insert into quote_fetches (work_id) select work_id from added where media_type = 'movie' and imdb_id is not null;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger works_await_quotes_insert after insert on works
    referencing new table as added for each statement execute function await_quotes_of_new_films()`.execute(
    db,
  );
  await sql`
    create function await_quotes_of_film() returns trigger language plpgsql as $$
    begin
      if new.imdb_id is null then
        delete from quote_fetches where work_id = new.work_id;
      else
        insert into quote_fetches (work_id) values (new.work_id)
        on conflict (work_id) do update set status = 'pending', due_at = clock_timestamp(), is_bulk = false,
          is_empty_accepted = false, error_code = null, error_message = null, updated_at = clock_timestamp();
      end if;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger works_await_quotes_update after update on works for each row
    when (new.media_type = 'movie' and old.imdb_id is distinct from new.imdb_id)
    execute function await_quotes_of_film()`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  for (const name of ["await_quotes_of_new_films", "await_quotes_of_film"])
    await sql`drop function ${sql.ref(name)}() cascade`.execute(db);
  await sql`drop table quote_fetches, quote_lines, quotes, characters`.execute(db);
}
