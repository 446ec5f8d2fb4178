import { type Kysely, sql } from "kysely";

/** Sums of upstream calls, and what the call log needs to be read at ten million rows by any of its filters (T-06, J-09). */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table upstream_call_sums (
      -- The same calls four times: by minute for an hour, by hour for a day, by six hours for a week, by day for the 90 days of
      -- the log. So a chart reads some thousand rows at most, whatever its range.
      grain text not null constraint upstream_call_sums_grain_check
        check (grain in ('minute', 'hour', 'quarter', 'day')),
      starts_at timestamptz not null,
      service text not null,
      endpoint text not null,
      -- Empty where no task asked.
      task text not null,
      -- The error code, or what was answered: OK, NOT_FOUND.
      outcome text not null,
      cached boolean not null,
      -- How many of DURATION_BOUNDS_MS the call reached.
      bucket smallint not null,
      calls bigint not null,
      duration_ms bigint not null,
      constraint upstream_call_sums_pkey
        primary key (grain, starts_at, service, endpoint, task, outcome, cached, bucket)
    -- The sums of this minute, hour and day are written again and again: room for that in their pages.
    ) with (fillfactor = 60)`.execute(db);
  await sql`
    insert into upstream_call_sums
    select grain, date_bin(step, at, '2000-01-01T00:00Z'), service, endpoint, coalesce(task, ''),
      coalesce(error_code, case when status = 404 then 'NOT_FOUND' else 'OK' end), cached,
      width_bucket(duration_ms, '{5,10,20,30,50,75,100,150,200,300,500,750,1000,1500,2000,3000,5000,10000,20000,30000}'::int[]),
      count(*), sum(duration_ms)
    from upstream_calls cross join (values ('minute', interval '1 minute'), ('hour', interval '1 hour'),
      ('quarter', interval '6 hours'), ('day', interval '1 day')) as grains (grain, step)
    group by 1, 2, 3, 4, 5, 6, 7, 8`.execute(db);

  // A page is the newest rows of a filter: each index is one filter followed by the order of the log.
  await sql`drop index upstream_calls_at_idx, upstream_calls_service_at_idx, upstream_calls_queue_job_id_idx,
    upstream_calls_import_job_id_idx`.execute(db);
  await sql`create index upstream_calls_at_id_idx on upstream_calls (at, id)`.execute(db);
  await sql`create index upstream_calls_service_idx on upstream_calls (service, at, id)`.execute(db);
  await sql`create index upstream_calls_endpoint_idx on upstream_calls (service, endpoint, at, id)`.execute(
    db,
  );
  await sql`create index upstream_calls_failed_idx on upstream_calls (at, id) where error_code is not null and not cached`.execute(
    db,
  );
  await sql`create index upstream_calls_error_code_idx on upstream_calls (error_code, at, id) where error_code is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_task_idx on upstream_calls (task, at, id) where task is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_queue_job_idx on upstream_calls (queue_job_id, at, id) where queue_job_id is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_import_job_idx on upstream_calls (import_job_id, at, id) where import_job_id is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_work_idx on upstream_calls (work_id, at, id) where work_id is not null`.execute(
    db,
  );
  // A day is pruned at a time, one in ninety: a fifth of the table, the default, would be three weeks of dead rows.
  await sql`alter table upstream_calls set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`.execute(
    db,
  );
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`alter table upstream_calls reset (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)`.execute(
    db,
  );
  await sql`drop index upstream_calls_work_idx, upstream_calls_import_job_idx, upstream_calls_queue_job_idx,
    upstream_calls_task_idx, upstream_calls_error_code_idx, upstream_calls_failed_idx, upstream_calls_endpoint_idx,
    upstream_calls_service_idx, upstream_calls_at_id_idx`.execute(db);
  await sql`create index upstream_calls_at_idx on upstream_calls (at)`.execute(db);
  await sql`create index upstream_calls_service_at_idx on upstream_calls (service, at desc)`.execute(db);
  await sql`create index upstream_calls_queue_job_id_idx on upstream_calls (queue_job_id) where queue_job_id is not null`.execute(
    db,
  );
  await sql`create index upstream_calls_import_job_id_idx on upstream_calls (import_job_id, at desc) where import_job_id is not null`.execute(
    db,
  );
  await sql`drop table upstream_call_sums`.execute(db);
}
