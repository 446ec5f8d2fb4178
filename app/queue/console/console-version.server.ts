import { type RawBuilder, sql } from "kysely";

/**
 * An expression that has another value whenever something of the queue changed that its pages show: a run ended, a job came, a
 * worker began or ended something or went silent, something was paused or resumed, a bulk action went on.
 *
 * Each part is one look-up in an index or a table of few rows, so that it costs the same with 100,000 jobs that wait. What no
 * index tells (a job taken by a worker, a job whose time has come) shows with the next beat of a worker, or
 * with the quarter of a minute, which is part of the value.
 */
export function consoleVersion(): RawBuilder<string> {
  return sql<string>`concat_ws(' ',
    (select max(id) from job_runs),
    (select max(id) from graphile_worker._private_jobs),
    (select concat_ws(',', count(*), sum(running_jobs), count(stopped_at), count(declared_dead_at)) from workers
      where heartbeat_at > now() - interval '1 hour'),
    (select max(paused_at) from queue_pauses),
    (select count(*) from queue_pauses where resumed_at is null),
    (select max(updated_at) from (select updated_at from bulk_actions order by created_at desc limit 20) as recent),
    floor(extract(epoch from now()) / 15))`;
}

/** How long ago the newest run ended, in milliseconds; null when there is none. */
export function newestRunAgeMs(): RawBuilder<number | null> {
  return sql<
    number | null
  >`(select (extract(epoch from clock_timestamp() - max(finished_at)) * 1000)::float8 from job_runs)`;
}
