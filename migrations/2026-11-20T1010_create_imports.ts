import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table import_jobs (
      id uuid primary key default gen_random_uuid(),
      type text not null constraint import_jobs_type_check check (type in ('movies', 'shows')),
      source text not null,
      format text not null,
      status text not null default 'queued' constraint import_jobs_status_check
        check (status in ('queued', 'processing', 'completed', 'partial', 'failed', 'cancelled')),
      dry_run boolean not null default false,
      skip_duplicates boolean not null default true,
      -- Where records go: 'builtin', or the address of the remote catalogue as it was when the file was taken in.
      catalogue text not null default 'builtin',
      file_name text not null,
      file_bytes integer not null,
      file_sha256 text not null,
      -- What the preview decided and the worker obeys: format, encoding, delimiter, preamble.
      parse_options jsonb not null,
      columns text[] not null,
      total_rows integer not null default 0,
      processed_rows integer not null default 0,
      success_rows integer not null default 0,
      failed_rows integer not null default 0,
      skipped_rows integer not null default 0,
      review_rows integer not null default 0,
      -- Distinct titles and those already decided: the ETA counts titles, because titles cost upstream calls and rows do not.
      distinct_titles integer not null default 0,
      uploaded_by text,
      idempotency_key text,
      error_code text,
      error_message text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      started_at timestamptz,
      completed_at timestamptz,
      constraint import_jobs_counters_check check (
        processed_rows = success_rows + failed_rows + skipped_rows + review_rows
        and processed_rows between 0 and total_rows
        and least(success_rows, failed_rows, skipped_rows, review_rows) >= 0
      )
    )`.execute(db);
  await sql`create index import_jobs_created_at_idx on import_jobs (created_at desc, id desc)`.execute(db);
  await sql`create index import_jobs_status_created_at_idx on import_jobs (status, created_at desc, id desc)`.execute(
    db,
  );
  await sql`create index import_jobs_updated_at_idx on import_jobs (updated_at)`.execute(db);
  await sql`create index import_jobs_review_idx on import_jobs (review_rows) where review_rows > 0`.execute(
    db,
  );
  await sql`create index import_jobs_file_sha256_idx on import_jobs (file_sha256)`.execute(db);
  await sql`create unique index import_jobs_idempotency_key_key on import_jobs (uploaded_by, idempotency_key)
    where idempotency_key is not null`.execute(db);

  // The bytes stay apart: the job row is updated many times a second and must stay narrow.
  await sql`
    create table import_files (
      job_id uuid primary key constraint import_files_job_id_fkey references import_jobs (id) on delete cascade,
      content bytea not null
    )`.execute(db);

  await sql`
    create table import_rows (
      id uuid primary key default gen_random_uuid(),
      job_id uuid not null constraint import_rows_job_id_fkey references import_jobs (id) on delete cascade,
      row_number integer not null,
      line_number integer not null,
      raw_payload jsonb not null,
      normalized_payload jsonb,
      status text not null default 'pending' constraint import_rows_status_check
        check (status in ('pending', 'processing', 'success', 'failed', 'skipped', 'review')),
      error_code text,
      error_message text,
      -- What stands behind the outcome: the line or record it doubles, candidates with their scores, strategy and reason.
      outcome jsonb,
      title_key text,
      dedupe_key text,
      work_id bigint,
      target_record_id text,
      attempt_count integer not null default 0,
      -- Claims lost to a worker that died with the row in hand; three, and the row is put aside.
      lost_claims integer not null default 0,
      claimed_by text,
      claim_token uuid,
      lease_until timestamptz,
      -- Set before a remote catalogue is called: after a crash the same key is sent again, never a new one.
      write_key text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint import_rows_claim_check check ((status = 'processing') = (claim_token is not null))
    )`.execute(db);
  // Row numbers are dense, so one index serves chunks, pages and "go on after a crash in the middle of the intake".
  await sql`create unique index import_rows_job_id_row_number_key on import_rows (job_id, row_number)`.execute(
    db,
  );
  await sql`create index import_rows_job_id_dedupe_key_idx on import_rows (job_id, dedupe_key, row_number)
    where dedupe_key is not null`.execute(db);
  // Serves the claims of a chunk, the counters that filter, and "failed and doubtful first". Status changes are never HOT in any
  // design that filters by status (measured 0 %), so one full index costs no more than several partial ones.
  await sql`create index import_rows_job_id_status_idx on import_rows (job_id, status, row_number)`.execute(
    db,
  );
  // Groups the failures by reason and filters by one; costs nothing where rows succeed.
  await sql`create index import_rows_failures_idx on import_rows (job_id, error_code, row_number) include (updated_at)
    where status = 'failed'`.execute(db);
  // One decision settles every row of that title, in whichever import it waits.
  await sql`create index import_rows_review_title_key_idx on import_rows (title_key) where status = 'review'`.execute(
    db,
  );
  await sql`create index import_rows_lease_until_idx on import_rows (lease_until) where status = 'processing'`.execute(
    db,
  );
  await sql`create index import_rows_work_id_idx on import_rows (work_id) where work_id is not null`.execute(
    db,
  );

  await sql`
    create table import_job_events (
      id bigint generated always as identity primary key,
      job_id uuid not null constraint import_job_events_job_id_fkey references import_jobs (id) on delete cascade,
      level text not null default 'info' constraint import_job_events_level_check check (level in ('info', 'warn', 'error')),
      kind text not null,
      message text not null,
      meta jsonb,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index import_job_events_job_id_idx on import_job_events (job_id, id desc)`.execute(db);

  // A remote catalogue read once per import, so that duplicates are found without a call per row.
  await sql`
    create table remote_records (
      catalogue text not null,
      media_type text not null constraint remote_records_media_type_check check (media_type in ('movie', 'tv')),
      record_id text not null,
      title_key text not null,
      tmdb_id integer,
      imdb_id text,
      viewed_on date,
      seen_at timestamptz not null default clock_timestamp(),
      constraint remote_records_pkey primary key (catalogue, media_type, record_id)
    )`.execute(db);
  await sql`create index remote_records_tmdb_id_idx on remote_records (catalogue, media_type, tmdb_id, viewed_on)`.execute(
    db,
  );
  await sql`create index remote_records_title_key_idx on remote_records (catalogue, title_key, viewed_on)`.execute(
    db,
  );
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table remote_records, import_job_events, import_rows, import_files, import_jobs`.execute(db);
}
