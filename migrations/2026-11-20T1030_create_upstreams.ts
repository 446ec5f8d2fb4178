import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<any>): Promise<void> {
  // One row per upstream. next_at is the generic cell rate algorithm's theoretical arrival time; a 429 pushes it for everybody.
  await sql`
    create table upstream_budgets (
      service text primary key,
      next_at timestamptz not null default '-infinity',
      day date not null default (now() at time zone 'utc')::date,
      used_today integer not null default 0,
      blocked_until timestamptz,
      updated_at timestamptz not null default now()
    )`.execute(db);

  await sql`
    create table upstream_cache (
      service text not null,
      request_key text not null,
      status integer,
      body jsonb,
      fetched_at timestamptz,
      expires_at timestamptz,
      -- Single flight over all processes: who is fetching now, and until when that is believed.
      fetching_by uuid,
      fetching_until timestamptz,
      constraint upstream_cache_pkey primary key (service, request_key)
    )`.execute(db);
  await sql`create index upstream_cache_expires_at_idx on upstream_cache (expires_at)`.execute(db);

  await sql`
    create table upstream_calls (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      service text not null,
      endpoint text not null,
      method text not null default 'GET',
      status integer,
      error_code text,
      duration_ms integer not null,
      cached boolean not null default false,
      attempt smallint not null default 1,
      task text,
      queue_job_id bigint,
      import_job_id uuid,
      row_number integer,
      work_id bigint
    )`.execute(db);
  await sql`create index upstream_calls_at_idx on upstream_calls (at)`.execute(db);
  await sql`create index upstream_calls_service_at_idx on upstream_calls (service, at desc)`.execute(db);
  await sql`create index upstream_calls_queue_job_id_idx on upstream_calls (queue_job_id) where queue_job_id is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_import_job_id_idx on upstream_calls (import_job_id, at desc) where import_job_id is not null`.execute(
    db,
  );

  // The name that the seed and its readers use.
  await sql`
    create view tmdb_api_logs as
      select id, at as created_at, endpoint, method, status as response_status, duration_ms as response_time_ms, cached,
        error_code as error_message, task as edge_function, queue_job_id, import_job_id, work_id
      from upstream_calls where service = 'tmdb'`.execute(db);

  await sql`
    create table upstream_circuits (
      service text primary key,
      state text not null default 'closed' constraint upstream_circuits_state_check check (state in ('closed', 'open')),
      reason_code text,
      reason text,
      opened_at timestamptz,
      -- null while open: until a person (or a changed key) closes it.
      retry_at timestamptz,
      -- Tells a changed key from the refused one without keeping either.
      key_fingerprint text,
      updated_at timestamptz not null default now()
    )`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop view tmdb_api_logs`.execute(db);
  await sql`drop table upstream_circuits, upstream_calls, upstream_cache, upstream_budgets`.execute(db);
}
