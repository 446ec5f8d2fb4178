import { type Kysely, sql } from "kysely";

/** The ingest of one film (T-03): who is at it, what is similar to it, what changed in it. */
export async function up(db: Kysely<any>): Promise<void> {
  // Beside `works`, not in it: a film that is new has no row yet, and must not get one before TMDB has said what it is.
  await sql`
    create table ingest_claims (
      tmdb_id integer primary key,
      token uuid not null,
      lease_until timestamptz not null,
      claimed_at timestamptz not null default clock_timestamp()
    )`.execute(db);

  await sql`
    create table similar_movies (
      work_id bigint not null constraint similar_movies_work_id_fkey references works (work_id) on delete cascade,
      similar_tmdb_id integer not null,
      source text not null,
      rank_order smallint not null constraint similar_movies_rank_order_check check (rank_order >= 1),
      confidence numeric(4, 3) constraint similar_movies_confidence_check check (confidence between 0 and 1),
      -- So that a page can name films that the catalogue does not have.
      title text not null,
      year integer,
      notes text,
      created_at timestamptz not null default now(),
      constraint similar_movies_work_id_similar_tmdb_id_source_key unique (work_id, similar_tmdb_id, source)
    )`.execute(db);
  await sql`create index similar_movies_similar_tmdb_id_idx on similar_movies (similar_tmdb_id)`.execute(db);

  await sql`
    create table work_changes (
      id bigint generated always as identity primary key,
      work_id bigint not null constraint work_changes_work_id_fkey references works (work_id) on delete cascade,
      at timestamptz not null default clock_timestamp(),
      source text not null,
      -- Field to {before, after}; of lists, what went and what came.
      changes jsonb not null
    )`.execute(db);
  await sql`create index work_changes_work_id_idx on work_changes (work_id, id desc)`.execute(db);
  await sql`create index work_changes_at_idx on work_changes (at desc, id desc)`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table work_changes, similar_movies, ingest_claims`.execute(db);
}
