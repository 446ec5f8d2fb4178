import { type Kysely, sql } from "kysely";

/** What imports have changed, so that one can be undone (I-16), and how failed rows were corrected (I-13). */
export async function up(db: Kysely<any>): Promise<void> {
  await createLedger(db);
  await createCorrections(db);
}

async function createLedger(db: Kysely<any>): Promise<void> {
  // The key is the natural one: a row makes one thing of a kind at most. It serves the walk by batches and the row's page alike,
  // so that a written row costs one index entry more and no second index.
  await sql`
    create table import_changes (
      job_id uuid not null constraint import_changes_job_id_fkey references import_jobs (id) on delete cascade,
      row_number integer not null,
      kind text not null constraint import_changes_kind_check
        check (kind in ('work', 'viewing', 'wish', 'rating', 'remote_film', 'remote_season')),
      -- Of works, viewings, own_ratings; of a wish its work; the record over there.
      record_id text not null,
      -- The day of the viewing as it was written: another one now means that somebody has moved it.
      viewed_on date,
      -- The own rating that this one replaced; null: there was none.
      before jsonb,
      -- Null until the import is undone.
      undo_result text constraint import_changes_undo_result_check check (undo_result in ('removed', 'left', 'gone')),
      -- Why it was left, or is gone.
      undo_reason text,
      constraint import_changes_pkey primary key (job_id, row_number, kind)
    )`.execute(db);
  await sql`
    alter table import_jobs
      -- False for imports that were taken in before there was a ledger: what they have written is not known.
      add column has_ledger boolean not null default false,
      add column undo_status text constraint import_jobs_undo_status_check
        check (undo_status in ('queued', 'processing', 'completed', 'partial', 'failed')),
      add column undo_requested_by text,
      add column undo_requested_at timestamptz,
      add column undone_at timestamptz,
      add column undo_total integer not null default 0,
      add column undo_removed integer not null default 0,
      add column undo_left integer not null default 0,
      add column undo_error text`.execute(db);
  await sql`alter table import_jobs alter column has_ledger set default true`.execute(db);

  // Somebody has stated something about this work since: an undone import leaves it.
  await sql`alter table works add column changed_by_hand_at timestamptz`.execute(db);
}

async function createCorrections(db: Kysely<any>): Promise<void> {
  // The line as it was stays in import_rows.raw_payload; each correction lies beside it, the newest holds.
  await sql`
    create table import_row_corrections (
      id bigint generated always as identity primary key,
      job_id uuid not null constraint import_row_corrections_job_id_fkey references import_jobs (id) on delete cascade,
      row_number integer not null,
      -- Column to its cell, all of those that differ from the line as it was.
      cells jsonb not null,
      -- What the file has no column for: year, TMDB id, IMDb id.
      additions jsonb not null default '{}',
      -- The failure that it mends.
      error_code text,
      corrected_by text not null,
      -- The corrected file that it came from; null: typed in.
      repair_id uuid,
      corrected_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index import_row_corrections_row_idx on import_row_corrections (job_id, row_number, id desc)`.execute(
    db,
  );
  await sql`
    create table import_repairs (
      id uuid primary key default gen_random_uuid(),
      job_id uuid not null constraint import_repairs_job_id_fkey references import_jobs (id) on delete cascade,
      file_name text not null,
      file_sha256 text not null,
      uploaded_by text not null,
      replaced_rows integer not null,
      refused_rows integer not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index import_repairs_file_sha256_idx on import_repairs (file_sha256)`.execute(db);
  // Only what was exported can come back corrected: it tells two imports of one file apart.
  await sql`alter table import_jobs add column failed_rows_exported_at timestamptz`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table import_repairs, import_row_corrections, import_changes`.execute(db);
  await sql`alter table works drop column changed_by_hand_at`.execute(db);
  await sql`
    alter table import_jobs drop column failed_rows_exported_at, drop column has_ledger, drop column undo_status,
      drop column undo_requested_by, drop column undo_requested_at, drop column undone_at, drop column undo_total,
      drop column undo_removed, drop column undo_left, drop column undo_error`.execute(db);
}
