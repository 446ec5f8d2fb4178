import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table seasons (
      work_id bigint not null constraint seasons_work_id_fkey references works (work_id) on delete cascade,
      -- 0 holds the specials, which never count (S-04).
      season_number integer not null constraint seasons_season_number_check check (season_number >= 0),
      name text,
      episode_count integer not null constraint seasons_episode_count_check check (episode_count >= 0),
      air_date date,
      poster_url text,
      updated_at timestamptz not null default now(),
      constraint seasons_pkey primary key (work_id, season_number)
    )`.execute(db);

  await sql`
    alter table works
      -- Why a series has no totals, as a sentence for people; null when it has them or nobody has looked yet.
      add column totals_note text,
      add column totals_checked_at timestamptz`.execute(db);
  // A series that TMDB does not know, or could not be asked about, is one work all the same.
  await sql`create unique index works_bare_title_key on works (media_type, title_key)
    where tmdb_id is null and imdb_id is null`.execute(db);
  await sql`create index works_missing_totals_idx on works (totals_checked_at nulls first)
    where media_type = 'tv' and total_episodes is null`.execute(db);

  // Some exports name episodes by number, others by title alone. A number, where there is one, is the episode, whatever
  // language its title is in.
  await sql`
    alter table viewings add column episode_key text generated always as
      (case when episode_number is not null then episode_number::text else lower(episode_title) end) stored`.execute(
    db,
  );
  await sql`alter table viewings drop constraint viewings_natural_key`.execute(db);
  await sql`alter table viewings add constraint viewings_natural_key
    unique nulls not distinct (work_id, season_number, episode_key, viewed_on, occurrence)`.execute(db);

  // The library sorts by it over a hundred thousand works: moved by the statement that writes viewings.
  await sql`alter table works add column last_viewed_on date`.execute(db);
  // One index per sort, by kind: the list of both kinds is merged from two. Works without a TMDB id have theirs, since few of
  // many would not be found in the others.
  const sorts = {
    added: sql`created_at`,
    title: sql`lower(title)`,
    seen: sql`coalesce(last_viewed_on, '-infinity'::date)`,
  };
  for (const [name, column] of Object.entries(sorts)) {
    const index = sql.id(`works_library_${name}_idx`);
    const unmatched = sql.id(`works_library_unmatched_${name}_idx`);
    await sql`create index ${index} on works (media_type, (${column}), work_id)`.execute(db);
    await sql`create index ${unmatched} on works (media_type, (${column}), work_id) where tmdb_id is null`.execute(
      db,
    );
  }
  // Words of the title and the original title as the matcher normalises them: accents and case do not matter in a search, and
  // a hundred thousand titles are not read one by one. No extension is needed for it.
  await sql`alter table works add column search_text text not null default ''`.execute(db);
  await sql`update works set search_text = lower(concat_ws(' ', title, original_title))`.execute(db);
  // Stored, so that a walk over many works looks at their words without making them anew.
  await sql`alter table works add column search_words tsvector not null
    generated always as (to_tsvector('simple', search_text)) stored`.execute(db);
  await sql`create index works_search_words_idx on works using gin (search_words)`.execute(db);
  await sql`update works set last_viewed_on =
    (select max(viewed_on) from viewings where viewings.work_id = works.work_id)`.execute(db);

  // A rating may be of one episode: IMDb's exports hold both.
  await sql`
    alter table own_ratings
      add column id bigint generated always as identity,
      add column season_number integer,
      add column episode_number integer`.execute(db);
  await sql`alter table own_ratings drop constraint own_ratings_pkey`.execute(db);
  await sql`alter table own_ratings add constraint own_ratings_pkey primary key (id)`.execute(db);
  await sql`alter table own_ratings add constraint own_ratings_natural_key
    unique nulls not distinct (work_id, season_number, episode_number)`.execute(db);

  // An id may name an episode: then the match is its series, with the place of the episode in it.
  await sql`alter table title_matches add column season_number integer, add column episode_number integer`.execute(
    db,
  );

  // What has been sent to a remote catalogue under a key of its own kind: one record per season, whatever rows ask for it.
  await sql`
    create table remote_writes (
      catalogue text not null,
      natural_key text not null,
      idempotency_key text not null,
      record_id text,
      import_job_id uuid,
      started_at timestamptz not null default clock_timestamp(),
      constraint remote_writes_pkey primary key (catalogue, natural_key)
    )`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table remote_writes, seasons`.execute(db);
  await sql`alter table title_matches drop column season_number, drop column episode_number`.execute(db);
  await sql`delete from own_ratings where season_number is not null`.execute(db);
  await sql`alter table own_ratings drop constraint own_ratings_natural_key, drop constraint own_ratings_pkey`.execute(
    db,
  );
  await sql`alter table own_ratings drop column id, drop column season_number, drop column episode_number`.execute(
    db,
  );
  await sql`alter table own_ratings add constraint own_ratings_pkey primary key (work_id)`.execute(db);
  await sql`alter table viewings drop constraint viewings_natural_key`.execute(db);
  await sql`alter table viewings add constraint viewings_natural_key
    unique nulls not distinct (work_id, season_number, episode_number, viewed_on, occurrence)`.execute(db);
  await sql`alter table viewings drop column episode_key`.execute(db);
  await sql`alter table works drop column last_viewed_on, drop column search_words, drop column search_text`.execute(
    db,
  );
  await sql`drop index works_library_added_idx, works_library_title_idx, works_library_unmatched_added_idx,
    works_library_unmatched_title_idx`.execute(db);
  await sql`drop index works_bare_title_key, works_missing_totals_idx`.execute(db);
  await sql`alter table works drop column totals_note, drop column totals_checked_at`.execute(db);
}
