import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { rollUpRuns } from "#app/queue/run-rollup.server.ts";

/** An import and a work that some of the runs and jobs serve, a group that some failed with. */
export const samples = {
  importJobId: "00000000-0000-4000-8000-000000000007",
  workId: 77,
  fingerprint: "f00d000000000007",
  workerId: "worker-7",
} as const;

const STEP = 100_000;

/**
 * Fills history and queue with what a busy month leaves: ten runs in eleven completed, the others failed in some way; of the
 * waiting jobs 40 % queued, 20 % scheduled, 15 % to be tried again, 20 % failed, 5 % paused, 40 of them running.
 */
export async function fillQueue(db: Db, size: { runs: number; jobs: number }): Promise<void> {
  await fillWorkers(db);
  await fillJobs(db, size.jobs);
  await moveSequence(db);
  for (let from = 1; from <= size.runs; from += STEP)
    await fillRuns(db, from, Math.min(size.runs, from + STEP - 1), size);
  await fillFailureGroups(db);
  await db
    .insertInto("queue_pauses")
    .values({ flag: "task:fetch_imdb_quotes", reason: "bench", paused_by: "bench" })
    .execute();
  await sql`vacuum analyze`.execute(db);
  for (let added = 1; added > 0; ) added = await rollUpRuns(db);
  await sql`vacuum analyze`.execute(db);
}

async function fillWorkers(db: Db): Promise<void> {
  await sql`
    insert into workers (id, host, pid, version, concurrency, pool_ids)
    select 'worker-' || n, 'host-' || n % 5, n, '0.1.0', 8, array['pool-' || n || 'a', 'pool-' || n || 'b']
    from generate_series(1, 20) as n`.execute(db);
}

async function fillJobs(db: Db, jobs: number): Promise<void> {
  await sql`
    insert into graphile_worker._private_tasks (identifier)
    select unnest(array['ingest_movie', 'refresh_work', 'process_import_rows', 'fetch_imdb_quotes'])
    on conflict do nothing`.execute(db);
  await sql`
    insert into graphile_worker._private_jobs (id, task_id, payload, priority, run_at, attempts, max_attempts, last_error, created_at,
      updated_at, key, locked_at, locked_by, flags)
    overriding system value
    select n, (select id from graphile_worker._private_tasks where identifier = task),
      case task when 'process_import_rows' then json_build_object('importJobId', '00000000-0000-4000-8000-' || lpad((n % 50)::text, 12, '0'), 'fromRow', n, 'toRow', n + 99)
        when 'ingest_movie' then json_build_object('tmdbId', n % 5000)
        else json_build_object('workId', n % 5000, 'options', json_build_object('pages', 3)) end,
      n % 7, case when part between 40 and 59 then now() + n * interval '1 second' when part between 60 and 74 then now() + n * interval '100 milliseconds'
        else now() - n * interval '1 second' end,
      case when part between 60 and 74 then 1 + n % 5 when part between 75 and 94 then 10 when n <= 40 then 1 else 0 end, 10,
      case when part between 60 and 94 then 'TMDB answered ' || 400 + n % 90 || ' for /movie/' || n || '. It is tried again.' end,
      now() - n * interval '2 seconds', now() - n * interval '1 second', null,
      case when n <= 40 then now() - n * interval '1 second' end, case when n <= 40 then 'pool-' || 1 + n % 20 || 'a' end,
      jsonb_build_object('task:' || task, true)
    from generate_series(1, ${jobs}::int) as n
    cross join lateral (select case when n <= 40 then 0 else n * 37 % 100 end as part) as parts
    cross join lateral (select case when part >= 95 then 'fetch_imdb_quotes'
      else (array['ingest_movie', 'refresh_work', 'process_import_rows'])[1 + n % 3] end as task) as tasks`.execute(
    db,
  );
}

/** The queue's next job must not meet an id that was filled in. */
async function moveSequence(db: Db): Promise<void> {
  await sql`select setval(pg_get_serial_sequence('graphile_worker._private_jobs', 'id'), max(id))
    from graphile_worker._private_jobs`.execute(db);
}

async function fillRuns(
  db: Db,
  from: number,
  to: number,
  size: { runs: number; jobs: number },
): Promise<void> {
  await sql`
    insert into job_runs (job_id, task, payload, attempt, max_attempts, worker_id, enqueued_at, run_at, started_at, finished_at,
      outcome, statistics, error_class, error_code, error_message, error_stack, import_job_id, work_id, fingerprint)
    select case when outcome in ('failed', 'retrying', 'postponed') then 1 + n % ${size.jobs}::int else 1000000 + n end, task,
      case task when 'process_import_rows' then jsonb_build_object('importJobId', '00000000-0000-4000-8000-' || lpad((n % 1000)::text, 12, '0'), 'fromRow', n, 'toRow', n + 99)
        when 'ingest_movie' then jsonb_build_object('tmdbId', n % 200000)
        else jsonb_build_object('workId', n % 200000, 'options', jsonb_build_object('pages', 3)) end,
      1 + n % 3, 10, 'worker-' || 1 + n % 20, at - interval '5 seconds', at - interval '4 seconds', at - interval '1 second', at,
      outcome, case when outcome = 'completed' then '{"rows": 100, "calls": 3}'::jsonb end,
      case when outcome <> 'completed' then 'UpstreamError' end, case when outcome <> 'completed' then 'TMDB_NO_ANSWER' end,
      case when outcome <> 'completed' then 'TMDB answered 503 for /movie/' || n || '.' end,
      case when outcome <> 'completed' then repeat('    at call (file:///srv/reeldesk/app/upstreams/http.server.ts:10:5)' || chr(10), 8) end,
      case when task = 'process_import_rows' then ('00000000-0000-4000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid end,
      case when task = 'refresh_work' then n % 200000 end,
      case when outcome in ('failed', 'retrying') then 'f00d' || lpad((n % 2000)::text, 12, '0') end
    from generate_series(${from}::int, ${to}::int) as n
    cross join lateral (select now() - (${size.runs}::int - n) * interval '2.5 seconds' as at,
      (array['ingest_movie', 'refresh_work', 'process_import_rows'])[1 + n % 3] as task,
      case n % 11 when 0 then (array['failed', 'retrying', 'postponed', 'lost'])[1 + n / 11 % 4] else 'completed' end as outcome) as run`.execute(
    db,
  );
}

async function fillFailureGroups(db: Db): Promise<void> {
  await sql`
    insert into failure_groups (fingerprint, task, error_code, error_class, sample_message, sample_job_id, failures, first_seen_at, last_seen_at)
    select fingerprint, min(task), min(error_code), min(error_class), min(error_message), min(job_id), count(*), min(finished_at), max(finished_at)
    from job_runs where fingerprint is not null group by fingerprint on conflict do nothing`.execute(db);
  await sql`
    insert into failure_hours (fingerprint, hour, failures)
    select fingerprint, date_trunc('hour', finished_at), count(*) from job_runs where fingerprint is not null group by 1, 2
    on conflict do nothing`.execute(db);
}
