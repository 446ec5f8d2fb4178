import { type Kysely, sql } from "kysely";

/**
 * Scores, pre-built cards and re-hosted images (seed 002 §1, §2). Triggers say which cards are out of date and which works
 * have images to look at: every writer of a work is covered so, the ones still to be written and people's own SQL included
 * (decisions 15, 16).
 */
export async function up(db: Kysely<any>): Promise<void> {
  await createScores(db);
  await createImages(db);
  await createCards(db);
}

async function createScores(db: Kysely<any>): Promise<void> {
  await sql`
    create table aggregates (
      work_id bigint not null constraint aggregates_work_id_fkey references works (work_id) on delete cascade,
      -- 0: not computed yet.
      method_version integer not null,
      ai_score numeric(5, 2) constraint aggregates_ai_score_check check (ai_score between 0 and 100),
      ai_score_low numeric(5, 2),
      ai_score_high numeric(5, 2),
      -- By source: what it said, with how many votes, and its share in the score.
      source_scores jsonb not null default '{}',
      computed_at timestamptz not null default clock_timestamp(),
      constraint aggregates_pkey primary key (work_id, method_version),
      constraint aggregates_interval_check check (ai_score_low <= ai_score and ai_score <= ai_score_high),
      constraint aggregates_computed_check check (method_version = 0 or num_nulls(ai_score, ai_score_low, ai_score_high) = 0)
    )`.execute(db);
  await sql`create index aggregates_method_version_idx on aggregates (method_version, work_id)`.execute(db);
  // Works that were rated before there were scores are behind every method: the sweep computes them.
  await sql`
    insert into aggregates (work_id, method_version)
    select distinct work_id, 0 from rating_sources where value_0_100 is not null`.execute(db);
}

async function createImages(db: Kysely<any>): Promise<void> {
  await sql`
    create table images (
      image_id bigint generated always as identity primary key,
      source_url text not null constraint images_source_url_key unique,
      status text not null default 'pending' constraint images_status_check check (status in ('pending', 'stored', 'failed')),
      -- Of the contents; two addresses with the same contents share one file.
      sha256 text constraint images_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
      content_type text constraint images_content_type_check
        check (content_type in ('image/jpeg', 'image/png', 'image/webp')),
      -- What the file is called in the store and under /images.
      file_name text generated always as (
        sha256 || case content_type when 'image/jpeg' then '.jpg' when 'image/png' then '.png' else '.webp' end) stored,
      bytes integer,
      width integer,
      height integer,
      attempts smallint not null default 0,
      error text,
      -- When it may be tried (again); also the claim of whoever tries it now. Null: never again.
      next_try_at timestamptz default clock_timestamp(),
      fetched_at timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      constraint images_stored_check check (
        status <> 'stored' or num_nulls(sha256, content_type, bytes, fetched_at) = 0)
    )`.execute(db);
  await sql`create index images_sha256_idx on images (sha256) where sha256 is not null`.execute(db);
  await sql`
    create table work_images (
      work_id bigint not null constraint work_images_work_id_fkey references works (work_id) on delete cascade,
      role text not null constraint work_images_role_check
        check (role in ('poster_medium', 'poster_large', 'backdrop', 'cast', 'still', 'trailer')),
      position smallint not null default 0,
      image_id bigint not null constraint work_images_image_id_fkey references images (image_id),
      constraint work_images_pkey primary key (work_id, role, position)
    )`.execute(db);
  await sql`create index work_images_image_id_idx on work_images (image_id)`.execute(db);

  await sql`alter table works_meta add column images_due_at timestamptz default clock_timestamp()`.execute(
    db,
  );
  await sql`comment on column works_meta.images_due_at is 'When its images are to be looked at; null: all is done'`.execute(
    db,
  );
  await sql`create index works_meta_images_due_at_idx on works_meta (images_due_at) where images_due_at is not null`.execute(
    db,
  );
  await sql`
    create function note_images_due() returns trigger language plpgsql as $$
    begin
      new.images_due_at := clock_timestamp();
      return new;
    end $$`.execute(db);
  await sql`
    create trigger works_meta_images_due before update on works_meta for each row
    when ((old.poster_url_medium, old.poster_url_large, old.backdrop_url_mobile, old.cast_members, old.still_images, old.trailers)
      is distinct from
      (new.poster_url_medium, new.poster_url_large, new.backdrop_url_mobile, new.cast_members, new.still_images, new.trailers))
    execute function note_images_due()`.execute(db);
}

async function createCards(db: Kysely<any>): Promise<void> {
  await sql`
    create table work_cards_cache (
      work_id bigint primary key constraint work_cards_cache_work_id_fkey references works (work_id) on delete cascade,
      payload jsonb,
      payload_short jsonb,
      etag text,
      computed_at timestamptz,
      -- Version of the card's shape that built it; 0: something that it shows has changed since, or it was never built.
      card_version integer not null default 0,
      constraint work_cards_cache_built_check
        check (card_version = 0 or num_nulls(payload, payload_short, etag, computed_at) = 0)
    )`.execute(db);
  await sql`create index work_cards_cache_stale_idx on work_cards_cache (work_id) where card_version = 0`.execute(
    db,
  );
  await sql`insert into work_cards_cache (work_id) select work_id from works`.execute(db);

  // The works are locked first, whatever was written: who builds a card locks its work too, so it waits for the writer and
  // reads what was written. One order for everybody, work before card, so that nobody waits in a circle.
  await sql`
    create function mark_cards_stale(work_ids bigint[]) returns void language plpgsql as $$
    begin
      if cardinality(work_ids) = 0 then return; end if;
      perform from works where work_id = any (work_ids) order by work_id for no key update;
      update work_cards_cache set card_version = 0 where work_id = any (work_ids) and card_version <> 0;
    end $$`.execute(db);
  await sql`
    create function mark_own_card_stale() returns trigger language plpgsql as $$
    begin
      perform mark_cards_stale(array[old.work_id, new.work_id]);
      return null;
    end $$`.execute(db);
  await sql`
    create function mark_changed_cards_stale() returns trigger language plpgsql as $$
    begin
      perform mark_cards_stale(array(select distinct work_id from changed));
      return null;
    end $$`.execute(db);
  await sql`
    create function add_cards() returns trigger language plpgsql as $$
    begin
      insert into work_cards_cache (work_id) select work_id from changed;
      return null;
    end $$`.execute(db);
  // A card counts the distinct episodes of a series: films, specials and viewings without an episode change nothing.
  await sql`
    create function mark_watched_cards_stale() returns trigger language plpgsql as $$
    begin
      perform mark_cards_stale(array(
        select distinct works.work_id from changed join works on works.work_id = changed.work_id
        where works.media_type = 'tv' and changed.episode_key is not null and changed.season_number is distinct from 0));
      return null;
    end $$`.execute(db);
  await sql`
    create function mark_cards_of_image_stale() returns trigger language plpgsql as $$
    begin
      perform mark_cards_stale(array(select distinct work_id from work_images where image_id = new.image_id));
      return null;
    end $$`.execute(db);

  await sql`
    create trigger works_add_cards after insert on works
    referencing new table as changed for each statement execute function add_cards()`.execute(db);
  // Not: counters, times of looking, what the last refresh said.
  await sql`
    create trigger works_mark_card after update on works for each row
    when ((old.media_type, old.tmdb_id, old.imdb_id, old.title, old.original_title, old.original_language, old.year,
        old.release_date, old.total_seasons, old.total_episodes) is distinct from
      (new.media_type, new.tmdb_id, new.imdb_id, new.title, new.original_title, new.original_language, new.year,
        new.release_date, new.total_seasons, new.total_episodes))
    execute function mark_own_card_stale()`.execute(db);
  await sql`
    create trigger works_meta_mark_card after update on works_meta for each row
    when ((old.work_id, old.runtime_minutes, old.runtime_display, old.tagline, old.overview, old.overview_short, old.genres,
        old.certification, old.poster_url_medium, old.poster_url_large, old.backdrop_url_mobile, old.cast_members,
        old.crew_members, old.trailers, old.still_images, old.keywords) is distinct from
      (new.work_id, new.runtime_minutes, new.runtime_display, new.tagline, new.overview, new.overview_short, new.genres,
        new.certification, new.poster_url_medium, new.poster_url_large, new.backdrop_url_mobile, new.cast_members,
        new.crew_members, new.trailers, new.still_images, new.keywords))
    execute function mark_own_card_stale()`.execute(db);
  await sql`
    create trigger images_mark_cards after update on images for each row
    when ((old.status, old.sha256, old.content_type, old.source_url) is distinct from
      (new.status, new.sha256, new.content_type, new.source_url))
    execute function mark_cards_of_image_stale()`.execute(db);
  // By statement, not by row: a hundred thousand rows written at once are one mark.
  const whole = ["insert", "delete"] as const;
  await markByStatement(db, "works_meta", whole, "mark_changed_cards_stale");
  await markByStatement(db, "work_images", whole, "mark_changed_cards_stale");
  await markByStatement(db, "rating_sources", [...whole, "update"], "mark_changed_cards_stale");
  await markByStatement(db, "aggregates", [...whole, "update"], "mark_changed_cards_stale");
  await markByStatement(db, "viewings", [...whole, "update"], "mark_watched_cards_stale");
}

/** What is moved to another work, or to another episode, changes two cards: an update is looked at before and after. */
async function markByStatement(
  db: Kysely<any>,
  table: string,
  events: readonly ("insert" | "update" | "delete")[],
  marks: string,
): Promise<void> {
  const tables = { insert: ["new"], update: ["old", "new"], delete: ["old"] };
  for (const event of events)
    for (const rows of tables[event])
      await sql`
        create trigger ${sql.ref(`${table}_mark_cards_${event}_${rows}`)} after ${sql.raw(event)} on ${sql.ref(table)}
        referencing ${sql.raw(rows)} table as changed for each statement execute function ${sql.raw(marks)}()`.execute(
        db,
      );
}

export async function down(db: Kysely<any>): Promise<void> {
  const functions = [
    "mark_own_card_stale",
    "mark_changed_cards_stale",
    "mark_watched_cards_stale",
    "add_cards",
  ];
  for (const name of [...functions, "mark_cards_of_image_stale", "note_images_due"])
    await sql`drop function ${sql.ref(name)}() cascade`.execute(db);
  await sql`drop function mark_cards_stale(bigint[])`.execute(db);
  await sql`drop table work_images, images, work_cards_cache, aggregates`.execute(db);
  await sql`alter table works_meta drop column images_due_at`.execute(db);
}
