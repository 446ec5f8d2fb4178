import { type Kysely, sql } from "kysely";

/** Seed 004: IMDb lists and award events, what was imported from them, and how each import went. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table movie_lists (
      id bigint generated always as identity primary key,
      source_key text not null constraint movie_lists_source_key_key unique
        constraint movie_lists_source_key_check check (source_key ~ '^[a-z0-9][a-z0-9_-]{0,79}$'),
      name text not null constraint movie_lists_name_check check (length(name) between 1 and 500),
      description text,
      source_type text not null constraint movie_lists_source_type_check check (source_type in ('imdb', 'imdb_event')),
      source_url text not null,
      source_id text not null,
      category text not null constraint movie_lists_category_check
        check (category in ('awards', 'critics', 'curated', 'festivals', 'personal', 'registry')),
      tracks_awards boolean not null default false,
      active boolean not null default true,
      -- How its pages come: IMDb asked by us, by way of Tabstack, or uploaded by somebody.
      fetch_way text not null default 'page' constraint movie_lists_fetch_way_check
        check (fetch_way in ('page', 'tabstack', 'upload')),
      metadata jsonb not null default '{}',
      last_import_at timestamptz,
      last_import_status text constraint movie_lists_last_import_status_check
        check (last_import_status in ('success', 'failed', 'partial', 'pending')),
      -- Titles of a list, nominations of an event, as of the last import that found any.
      last_movie_count integer,
      total_imports integer not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      constraint movie_lists_source_id_check check (
        source_id ~ case source_type when 'imdb' then '^ls[0-9]{5,12}$' else '^ev[0-9]{5,10}$' end)
    )`.execute(db);
  await sql`create index movie_lists_source_id_idx on movie_lists (source_id)`.execute(db);

  await sql`
    create table list_imports (
      id bigint generated always as identity primary key,
      list_id bigint not null constraint list_imports_list_id_fkey references movie_lists (id) on delete cascade,
      status text not null default 'running' constraint list_imports_status_check
        check (status in ('running', 'completed', 'partial', 'failed')),
      -- How the pages came: fetched by us, or uploaded by somebody.
      trigger_type text not null constraint list_imports_trigger_type_check
        check (trigger_type in ('fetch', 'upload_page', 'upload_csv')),
      -- Whether every page of the list is asked for: only then may titles that were not met be marked as gone.
      is_whole boolean not null default true,
      years integer[] not null default '{}',
      pages_total integer not null default 0,
      pages_done integer not null default 0,
      pages_failed integer not null default 0,
      -- How many titles or nominations the source says there are, and how many were met.
      declared integer,
      found integer not null default 0,
      added integer not null default 0,
      gone integer not null default 0,
      -- What went wrong, page by page: [{at, code, message}].
      errors jsonb not null default '[]',
      error_code text,
      error_message text,
      requested_by text not null,
      queue_job_id bigint constraint list_imports_queue_job_id_key unique,
      started_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz,
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  // One import of a list at a time: whoever asks for a second one joins the first.
  await sql`create unique index list_imports_running_key on list_imports (list_id) where status = 'running'`.execute(
    db,
  );
  await sql`create index list_imports_list_id_idx on list_imports (list_id, id desc)`.execute(db);

  await sql`
    create table list_import_pages (
      import_id bigint not null constraint list_import_pages_import_id_fkey references list_imports (id) on delete cascade,
      -- 0: a list has no years. Of an event, page is the edition's place within its year.
      year integer not null default 0,
      page integer not null constraint list_import_pages_page_check check (page >= 1),
      status text not null default 'pending' constraint list_import_pages_status_check
        check (status in ('pending', 'done', 'failed')),
      found integer,
      declared integer,
      way text,
      error_code text,
      error_message text,
      updated_at timestamptz not null default clock_timestamp(),
      constraint list_import_pages_pkey primary key (import_id, year, page)
    )`.execute(db);

  await sql`
    create table list_entries (
      id bigint generated always as identity primary key,
      list_id bigint not null constraint list_entries_list_id_fkey references movie_lists (id) on delete cascade,
      imdb_id text not null,
      position integer not null,
      title text not null,
      original_title text,
      year integer,
      -- Null: the page does not say.
      kind text constraint list_entries_kind_check check (kind in ('movie', 'tv', 'episode', 'other')),
      description text,
      award_text text,
      -- A work: linked. None and a code: nobody knows it, and why. Neither: it is still looked for.
      work_id bigint constraint list_entries_work_id_fkey references works (work_id) on delete set null,
      unlinked_code text,
      unlinked_reason text,
      last_import_id bigint not null,
      first_seen_at timestamptz not null default clock_timestamp(),
      last_seen_at timestamptz not null default clock_timestamp(),
      -- Since when the list does not have it any more.
      gone_at timestamptz,
      constraint list_entries_list_id_imdb_id_key unique (list_id, imdb_id)
    )`.execute(db);
  await sql`create index list_entries_position_idx on list_entries (list_id, position, id)`.execute(db);
  await sql`create index list_entries_imdb_id_idx on list_entries (imdb_id)`.execute(db);
  await sql`create index list_entries_work_id_idx on list_entries (work_id) where work_id is not null`.execute(
    db,
  );
  await sql`create index list_entries_unlinked_idx on list_entries (list_id, position, id) where work_id is null and gone_at is null`.execute(
    db,
  );
  await createFestivals(db);
  await addKnownLists(db);
}

async function createFestivals(db: Kysely<any>): Promise<void> {
  await sql`
    create table festival_organizations (
      id bigint generated always as identity primary key,
      imdb_event_id text not null constraint festival_organizations_imdb_event_id_key unique,
      name text not null,
      abbreviation text,
      country text,
      founded_year integer,
      website text,
      metadata jsonb not null default '{}',
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`
    create table festival_ceremonies (
      id bigint generated always as identity primary key,
      organization_id bigint not null constraint festival_ceremonies_organization_id_fkey
        references festival_organizations (id) on delete cascade,
      year integer not null,
      -- The Academy Awards were held twice in 1930.
      instance integer not null default 1,
      ceremony_number integer,
      name text not null,
      location text,
      start_date date,
      end_date date,
      -- How many nominations the source says there are (null: it does not), and how many were met.
      declared integer,
      found integer not null default 0,
      -- Of those, how many name a title: an honorary award need not.
      titled integer not null default 0,
      -- Categories of which the source names more nominations than it lists: [{award, category, declared, found}].
      shortfalls jsonb not null default '[]',
      source_url text,
      scraped_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      constraint festival_ceremonies_edition_key unique (organization_id, year, instance)
    )`.execute(db);
  await sql`
    create table festival_categories (
      id bigint generated always as identity primary key,
      organization_id bigint not null constraint festival_categories_organization_id_fkey
        references festival_organizations (id) on delete cascade,
      award_name text not null,
      -- The award's own name where IMDb has no category under it.
      name text not null,
      -- Whether people are nominated in it.
      tracks_person boolean not null default false,
      constraint festival_categories_name_key unique (organization_id, award_name, name)
    )`.execute(db);
  await sql`
    create table festival_nominations (
      id bigint generated always as identity primary key,
      ceremony_id bigint not null constraint festival_nominations_ceremony_id_fkey
        references festival_ceremonies (id) on delete cascade,
      category_id bigint not null constraint festival_nominations_category_id_fkey
        references festival_categories (id) on delete cascade,
      -- Titles, people, companies and notes together: one film has two acting nominees, or two songs, in one category.
      nomination_key text not null,
      -- IMDb's own id of it, where the page has one: what is corrected under it stays the same nomination.
      imdb_id text,
      position integer not null,
      won boolean not null,
      notes text,
      -- Of the first title.
      work_id bigint constraint festival_nominations_work_id_fkey references works (work_id) on delete set null,
      person_imdb_id text,
      person_name text,
      -- All of them: [{imdbId, name}].
      persons jsonb not null default '[]',
      companies text[] not null default '{}',
      songs text[] not null default '{}',
      -- Of a series: [{imdbId, title, year}].
      episodes jsonb not null default '[]',
      created_at timestamptz not null default clock_timestamp(),
      last_seen_at timestamptz not null default clock_timestamp(),
      gone_at timestamptz,
      constraint festival_nominations_natural_key unique (ceremony_id, category_id, nomination_key)
    )`.execute(db);
  await sql`create index festival_nominations_category_id_idx on festival_nominations (category_id)`.execute(
    db,
  );
  await sql`create index festival_nominations_work_id_idx on festival_nominations (work_id) where work_id is not null`.execute(
    db,
  );
  await sql`
    create table festival_nomination_titles (
      nomination_id bigint not null constraint festival_nomination_titles_nomination_id_fkey
        references festival_nominations (id) on delete cascade,
      position integer not null,
      imdb_id text not null,
      title text not null,
      year integer,
      kind text constraint festival_nomination_titles_kind_check check (kind in ('movie', 'tv', 'episode', 'other')),
      work_id bigint constraint festival_nomination_titles_work_id_fkey references works (work_id) on delete set null,
      unlinked_code text,
      unlinked_reason text,
      constraint festival_nomination_titles_pkey primary key (nomination_id, position)
    )`.execute(db);
  await sql`create index festival_nomination_titles_imdb_id_idx on festival_nomination_titles (imdb_id)`.execute(
    db,
  );
  await sql`create index festival_nomination_titles_work_id_idx on festival_nomination_titles (work_id) where work_id is not null`.execute(
    db,
  );
  await sql`create index festival_nomination_titles_unlinked_idx on festival_nomination_titles (nomination_id) where work_id is null`.execute(
    db,
  );
}

/** Those whose ids are known for certain (seed 004). A list without a name of its own takes the one on its page. */
async function addKnownLists(db: Kysely<any>): Promise<void> {
  await sql`
    insert into movie_lists (source_key, name, source_type, source_url, source_id, category, tracks_awards, metadata) values
      ('ls527026601', 'IMDb list ls527026601', 'imdb', 'https://www.imdb.com/list/ls527026601/', 'ls527026601', 'awards', true, '{}'),
      ('oscars_2024', 'Academy Awards 2024', 'imdb_event', 'https://www.imdb.com/event/ev0000003/2024/1/', 'ev0000003', 'awards', true,
        '{"year": 2024, "organization": "Academy Awards", "organization_abbreviation": "AMPAS"}'),
      ('golden_globes_2024', '81st Golden Globe Awards', 'imdb_event', 'https://www.imdb.com/event/ev0000292/2024/1/', 'ev0000292', 'awards', true,
        '{"year": 2024, "organization": "Golden Globe Awards", "organization_abbreviation": "HFPA", "ceremony_number": 81}'),
      ('cannes_2024', 'Cannes Film Festival 2024', 'imdb_event', 'https://www.imdb.com/event/ev0000147/2024/1/', 'ev0000147', 'festivals', true,
        '{"year": 2024, "organization": "Cannes Film Festival", "organization_abbreviation": "CANNES", "ceremony_type": "competition"}'),
      ('venice_2024', 'Venice Film Festival 2024', 'imdb_event', 'https://www.imdb.com/event/ev0000681/2024/1/', 'ev0000681', 'festivals', true,
        '{"year": 2024, "organization": "Venice Film Festival", "organization_abbreviation": "VENICE", "ceremony_type": "competition"}')`.execute(
    db,
  );
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table festival_nomination_titles, festival_nominations, festival_categories, festival_ceremonies,
    festival_organizations, list_entries, list_import_pages, list_imports, movie_lists`.execute(db);
}
