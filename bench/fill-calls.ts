import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { DURATION_BOUNDS_MS } from "#app/upstreams/call-sums.ts";

const STEP = 500_000;

/**
 * Fills the call log with calls of the last 90 days and their sums: three services, eight endpoints, every second call out of
 * the cache, every 50th failed, 100 to a job, 20,000 to an import. Indexes are built afterwards, which takes a third of the time.
 */
export async function fillCalls(db: Db, calls: number): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    const { rows: indexes } = await sql<{ name: string; definition: string }>`
      select indexname as name, indexdef as definition from pg_indexes
      where tablename = 'upstream_calls' and indexname not like '%_pkey'`.execute(connection);
    for (const { name } of indexes) await sql`drop index ${sql.id(name)}`.execute(connection);
    for (let from = 1; from <= calls; from += STEP)
      await fillStep(connection, calls, from, Math.min(calls, from + STEP - 1));
    for (const { definition } of indexes) await sql.raw(definition).execute(connection);
    await fillSums(connection);
    await sql`vacuum analyze upstream_calls, upstream_call_sums`.execute(connection);
  });
}

async function fillStep(db: Db, calls: number, from: number, to: number): Promise<void> {
  await sql`
    insert into upstream_calls (at, service, endpoint, status, error_code, duration_ms, cached, task, queue_job_id,
      import_job_id, row_number, work_id)
    select now() - (${calls}::bigint - n) * (interval '90 days' / ${calls}::float8),
      case when n % 100 < 85 then 'tmdb' when n % 100 < 99 then 'omdb' else 'catalogue' end,
      case when n % 100 < 85 then (array['/search/movie', '/search/movie', '/movie/{id}', '/movie/{id}', '/search/tv',
          '/tv/{id}', '/find/{external_id}'])[1 + (n / 7) % 7]
        when n % 100 < 99 then (array['/?i={id}', '/?t={title}'])[1 + n % 2] else '/movies' end,
      case when n % 50 = 7 then 500 when n % 11 = 3 then 404 else 200 end,
      case when n % 50 = 7 then (array['HTTP_5XX', 'HTTP_5XX', 'TIMEOUT', 'BAD_ANSWER'])[1 + (n / 50) % 4] end,
      case when n % 2 = 0 then 0 else 40 + (n * 7919) % 400 end, n % 2 = 0,
      (array['process_import_rows', 'process_import_rows', 'process_import_rows', 'refresh_work',
        'fetch_episode_counts'])[1 + (n / 1000) % 5],
      n / 100,
      case when (n / 1000) % 5 < 3 then ('00000000-0000-4000-8000-' || lpad((n / 20000)::text, 12, '0'))::uuid end,
      case when (n / 1000) % 5 < 3 then n % 20000 end,
      case when n % 3 = 0 then (n * 7919) % 200000 end
    from generate_series(${from}::bigint, ${to}::bigint) as n`.execute(db);
}

/** As the log's writer would have left them: by minute and hour only as far back as they are kept. */
async function fillSums(db: Db): Promise<void> {
  await sql`
    insert into upstream_call_sums
    select grain, date_bin(step, at, '2000-01-01T00:00Z'), service, endpoint, coalesce(task, ''),
      coalesce(error_code, case when status = 404 then 'NOT_FOUND' else 'OK' end), cached,
      width_bucket(duration_ms, ${sql.val(DURATION_BOUNDS_MS)}::int[]), count(*), sum(duration_ms)
    from upstream_calls
    cross join (values ('minute', interval '1 minute', interval '1 day'), ('hour', '1 hour', '2 days'),
      ('quarter', '6 hours', '9 days'), ('day', '1 day', '92 days')) as kept (grain, step, age)
    where at >= now() - age
    group by 1, 2, 3, 4, 5, 6, 7, 8`.execute(db);
}
