import { type Kysely, sql } from "kysely";

/** Metadata backfill (T-13): works, or records of a remote catalogue, that lack something, with the fate of each. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table backfills (
      id uuid primary key default gen_random_uuid(),
      -- Address of the remote catalogue; null: the built-in one.
      catalogue text,
      filter jsonb not null,
      fields text[] not null,
      status text not null default 'queued' constraint backfills_status_check
        check (status in ('queued', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
      total_rows integer not null default 0,
      success_rows integer not null default 0,
      failed_rows integer not null default 0,
      skipped_rows integer not null default 0,
      -- A job of other people's SQL that is run again after its worker was killed meets its own backfill.
      queue_job_id bigint constraint backfills_queue_job_id_key unique,
      requested_by text not null,
      error_message text,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      completed_at timestamptz,
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index backfills_created_at_idx on backfills (created_at desc, id)`.execute(db);

  await sql`
    create table backfill_rows (
      backfill_id uuid not null constraint backfill_rows_backfill_id_fkey references backfills (id) on delete cascade,
      row_number integer not null,
      work_id bigint constraint backfill_rows_work_id_fkey references works (work_id) on delete set null,
      record_id text,
      media_type text not null constraint backfill_rows_media_type_check check (media_type in ('movie', 'tv')),
      title text not null,
      year integer,
      tmdb_id integer,
      imdb_id text,
      lacks text[] not null,
      status text not null default 'pending' constraint backfill_rows_status_check
        check (status in ('pending', 'processing', 'success', 'failed', 'skipped')),
      -- Field to the value that it has now.
      filled jsonb,
      error_code text,
      error_message text,
      attempt_count integer not null default 0,
      claim_token uuid,
      lease_until timestamptz,
      updated_at timestamptz not null default clock_timestamp(),
      constraint backfill_rows_pkey primary key (backfill_id, row_number)
    )`.execute(db);
  await sql`create index backfill_rows_status_idx on backfill_rows (backfill_id, status, row_number)`.execute(
    db,
  );
  await sql`create index backfill_rows_work_id_idx on backfill_rows (work_id) where work_id is not null`.execute(
    db,
  );
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table backfill_rows, backfills`.execute(db);
}
