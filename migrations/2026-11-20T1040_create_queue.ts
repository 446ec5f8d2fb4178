import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  // graphile-worker deletes what succeeded and keeps one error message of what failed; here every attempt stays.
  await sql`
    create table job_runs (
      id bigint generated always as identity primary key,
      job_id bigint not null,
      task text not null,
      payload jsonb not null,
      job_key text,
      attempt integer not null,
      max_attempts integer not null,
      worker_id text,
      enqueued_at timestamptz not null,
      run_at timestamptz not null,
      started_at timestamptz not null,
      finished_at timestamptz not null,
      outcome text not null constraint job_runs_outcome_check
        check (outcome in ('completed', 'retrying', 'postponed', 'failed', 'lost')),
      statistics jsonb,
      error_class text,
      error_code text,
      error_message text,
      error_stack text,
      import_job_id uuid,
      work_id bigint
    )`.execute(db);
  await sql`create index job_runs_job_id_idx on job_runs (job_id, id desc)`.execute(db);
  await sql`create index job_runs_finished_at_idx on job_runs (finished_at desc, id desc)`.execute(db);
  await sql`create index job_runs_task_finished_at_idx on job_runs (task, finished_at desc, id desc)`.execute(
    db,
  );
  await sql`create index job_runs_failed_idx on job_runs (finished_at desc, id desc) where outcome in ('failed', 'lost', 'retrying')`.execute(
    db,
  );
  await sql`create index job_runs_import_job_id_idx on job_runs (import_job_id, id desc) where import_job_id is not null`.execute(
    db,
  );

  await sql`
    create table workers (
      id text primary key,
      host text not null,
      pid integer not null,
      version text not null,
      concurrency integer not null,
      -- What graphile-worker writes into locked_by: force_unlock_workers takes these, not worker ids.
      pool_ids text[] not null default '{}',
      memory_bytes bigint,
      running_jobs integer not null default 0,
      started_at timestamptz not null default now(),
      heartbeat_at timestamptz not null default now(),
      stopped_at timestamptz,
      declared_dead_at timestamptz,
      released_jobs integer
    )`.execute(db);
  await sql`create index workers_heartbeat_at_idx on workers (heartbeat_at desc)`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop table workers, job_runs`.execute(db);
}
