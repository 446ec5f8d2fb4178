import { type Kysely, sql } from "kysely";

/** What the queue console reads and writes beside `job_runs` and `workers` (J-01 to J-07). */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table job_runs
      -- What failures of one cause have in common: task, code and message without ids, numbers and addresses.
      add column fingerprint text,
      -- The crontab line that asked for the job, by its id. Each line's payload names it, since _cron holds only times.
      add column schedule text generated always as (payload->>'_schedule') stored`.execute(db);
  await sql`alter table job_runs drop constraint job_runs_outcome_check`.execute(db);
  await sql`alter table job_runs add constraint job_runs_outcome_check
    check (outcome in ('completed', 'retrying', 'postponed', 'failed', 'lost', 'discarded'))`.execute(db);
  await sql`create index job_runs_fingerprint_idx on job_runs (fingerprint, finished_at desc, id desc) where fingerprint is not null`.execute(
    db,
  );
  await sql`create index job_runs_schedule_idx on job_runs (schedule, id desc) where schedule is not null`.execute(
    db,
  );
  await sql`create index job_runs_work_id_idx on job_runs (work_id, id desc) where work_id is not null`.execute(
    db,
  );
  await sql`create index job_runs_worker_id_idx on job_runs (worker_id, finished_at desc, id desc)`.execute(
    db,
  );
  // A filter by any field of the payload is a containment: {"tmdbId": 603}.
  await sql`create index job_runs_payload_idx on job_runs using gin (payload jsonb_path_ops)`.execute(db);

  // Counting a million runs per view costs more than the view: whole minutes of the past are added up once.
  await sql`
    create table job_run_hours (
      hour timestamptz not null,
      task text not null,
      outcome text not null,
      -- Index of the first of RUN_SECONDS that the run did not exceed.
      bucket smallint not null,
      runs bigint not null,
      duration_ms bigint not null,
      constraint job_run_hours_pkey primary key (hour, task, outcome, bucket)
    )`.execute(db);
  await sql`
    create table rollups (
      name text primary key,
      -- Everything before this moment is in the sums.
      rolled_until timestamptz not null default '-infinity'
    )`.execute(db);

  await sql`
    create table failure_groups (
      fingerprint text primary key,
      task text not null,
      error_code text,
      error_class text,
      -- The last message, as an example.
      sample_message text not null,
      sample_job_id bigint not null,
      failures bigint not null default 0,
      first_seen_at timestamptz not null default clock_timestamp(),
      last_seen_at timestamptz not null default clock_timestamp(),
      ignored_until timestamptz,
      ignored_by text,
      ignored_reason text
    )`.execute(db);
  await sql`create index failure_groups_last_seen_at_idx on failure_groups (last_seen_at desc, fingerprint)`.execute(
    db,
  );
  await sql`
    create table failure_hours (
      fingerprint text not null constraint failure_hours_fingerprint_fkey
        references failure_groups (fingerprint) on delete cascade,
      hour timestamptz not null,
      failures integer not null,
      constraint failure_hours_pkey primary key (fingerprint, hour)
    )`.execute(db);

  await sql`
    create table queue_pauses (
      id bigint generated always as identity primary key,
      -- Jobs carry their flags from the day they are added: "task:refresh_work", "upstream:tmdb", "import:…".
      flag text not null,
      reason text not null,
      paused_by text not null,
      paused_at timestamptz not null default clock_timestamp(),
      resumed_by text,
      resumed_at timestamptz
    )`.execute(db);
  await sql`create unique index queue_pauses_flag_key on queue_pauses (flag) where resumed_at is null`.execute(
    db,
  );
  await sql`create index queue_pauses_paused_at_idx on queue_pauses (paused_at desc)`.execute(db);

  await sql`
    create table bulk_actions (
      id uuid primary key default gen_random_uuid(),
      action text not null constraint bulk_actions_action_check
        check (action in ('retry', 'run_now', 'reschedule', 'set_priority', 'discard')),
      parameters jsonb not null default '{}',
      filter jsonb not null,
      status text not null default 'queued' constraint bulk_actions_status_check
        check (status in ('queued', 'running', 'completed', 'aborted', 'failed')),
      -- Jobs that matched when it was asked for.
      asked integer not null,
      looked_at integer not null default 0,
      done integer not null default 0,
      -- How many were refused, by reason.
      refused jsonb not null default '{}',
      -- The last job looked at: a worker that takes over goes on after it.
      last_job_id bigint not null default 0,
      -- Jobs added later do not belong to it.
      newest_job_id bigint not null,
      requested_by text not null,
      error_message text,
      created_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      finished_at timestamptz,
      abort_requested_at timestamptz,
      aborted_by text,
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index bulk_actions_created_at_idx on bulk_actions (created_at desc, id)`.execute(db);

  // The audit log is read newest first and by who, what and to what.
  await sql`create index audit_log_actor_idx on audit_log (actor, id desc)`.execute(db);
  await sql`create index audit_log_action_idx on audit_log (action, id desc)`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`drop index audit_log_action_idx, audit_log_actor_idx`.execute(db);
  await sql`drop table bulk_actions, queue_pauses, failure_hours, failure_groups, rollups, job_run_hours`.execute(
    db,
  );
  await sql`drop index job_runs_payload_idx, job_runs_worker_id_idx, job_runs_work_id_idx, job_runs_schedule_idx,
    job_runs_fingerprint_idx`.execute(db);
  await sql`delete from job_runs where outcome = 'discarded'`.execute(db);
  await sql`alter table job_runs drop constraint job_runs_outcome_check`.execute(db);
  await sql`alter table job_runs add constraint job_runs_outcome_check
    check (outcome in ('completed', 'retrying', 'postponed', 'failed', 'lost'))`.execute(db);
  await sql`alter table job_runs drop column schedule, drop column fingerprint`.execute(db);
}
