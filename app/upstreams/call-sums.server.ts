import { type RawBuilder, type Sql, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { type CallFate, type CallRange, type CallSum, DURATION_BOUNDS_MS } from "#app/upstreams/call-sums.ts";
import type { Service } from "#app/upstreams/services.ts";

/** How long each grain of the sums lasts. Grains begin at whole multiples, counted from midnight UTC. */
const GRAINS = sql`(values ('minute', interval '1 minute'), ('hour', interval '1 hour'), ('quarter', interval '6 hours'),
  ('day', interval '1 day')) as grains (grain, step)`;

/**
 * Adds calls to the sums of their minute, hour, quarter of a day and day; part of the statement that logs them, so that sums and log never
 * differ, whoever writes at the same time and however late a call is logged. Every writer takes the rows in one order, so
 * none waits for another that waits for it.
 *
 * @param calls name of the statement's rows: at, service, endpoint, task, error_code, status, cached, duration_ms
 */
export function addToSums(calls: ReturnType<Sql["id"]>): RawBuilder<unknown> {
  return sql`
    insert into upstream_call_sums as s
    select grain, date_bin(step, at, '2000-01-01T00:00Z'), service, endpoint, coalesce(task, ''),
      coalesce(error_code, case when status = 404 then 'NOT_FOUND' else 'OK' end), cached,
      width_bucket(duration_ms, ${sql.val(DURATION_BOUNDS_MS)}::int[]), count(*), sum(duration_ms)
    from ${calls} cross join ${GRAINS}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict on constraint upstream_call_sums_pkey do update
      set calls = s.calls + excluded.calls, duration_ms = s.duration_ms + excluded.duration_ms`;
}

/** By which sums a range is read: one bar of its chart for each; `bars` of them end with the present one. */
const READ: Record<CallRange, { grain: "minute" | "hour" | "quarter" | "day"; step: string; bars: number }> =
  {
    "1h": { grain: "minute", step: "1 minute", bars: 60 },
    "24h": { grain: "hour", step: "1 hour", bars: 24 },
    "7d": { grain: "quarter", step: "6 hours", bars: 28 },
    "90d": { grain: "day", step: "1 day", bars: 90 },
  };

/** Start of the range's first bar. `now()`: what is read anew within a statement cannot be searched for in an index. */
function startOf(range: CallRange) {
  const { step, bars } = READ[range];
  return sql<Date>`date_bin(${step}::interval, now(), '2000-01-01T00:00Z') - ${bars - 1} * ${step}::interval`;
}

/** Calls of the range, those alike added up: some hundred rows at most, whatever was called. */
export async function readCallSums(db: Db, range: CallRange, service?: Service): Promise<CallSum[]> {
  let query = db
    .selectFrom("upstream_call_sums")
    .select([
      "service",
      "endpoint",
      sql<string | null>`nullif(task, '')`.as("task"),
      "outcome",
      "cached",
      "bucket",
      sql<number>`sum(calls)::float8`.as("calls"),
      sql<number>`sum(duration_ms)::float8`.as("durationMs"),
    ])
    .where("grain", "=", READ[range].grain)
    .where("starts_at", ">=", startOf(range))
    .groupBy(["service", "endpoint", "task", "outcome", "cached", "bucket"]);
  if (service) query = query.where("service", "=", service);
  return query.execute();
}

/** One bar of a chart: the calls from `at` on, for as long as a bar of its range lasts. */
export type CallBar = { at: Date; until: Date } & Record<CallFate, number>;

/** Calls over time: 60 bars of a minute, 24 of an hour, 28 of six hours, or 90 of a day, oldest first; also empty ones. */
export async function readCallBars(db: Db, range: CallRange, service?: Service): Promise<CallBar[]> {
  const { grain, step, bars } = READ[range];
  const ofService = service ? sql`service = ${service}` : sql`true`;
  const { rows } = await sql<CallBar>`
    select at, at + ${step}::interval as until, coalesce(ok, 0)::float8 as ok, coalesce(cached, 0)::float8 as cached,
      coalesce(failed, 0)::float8 as failed
    from generate_series(${startOf(range)}, now(), ${step}::interval) as bars (at)
    left join (
      select starts_at as at, sum(calls) filter (where not cached and outcome in ('OK', 'NOT_FOUND')) as ok,
        sum(calls) filter (where cached) as cached,
        sum(calls) filter (where not cached and outcome not in ('OK', 'NOT_FOUND')) as failed
      from upstream_call_sums
      where grain = ${grain} and starts_at >= ${startOf(range)} and ${ofService}
      group by 1) as sums using (at)
    order by at limit ${bars}`.execute(db);
  return rows;
}

/** What the log can be filtered by: whatever was called in the last seven days. */
export async function readCallKinds(
  db: Db,
): Promise<{ service: string; endpoint: string; task: string | null; outcome: string }[]> {
  return db
    .selectFrom("upstream_call_sums")
    .select(["service", "endpoint", sql<string | null>`nullif(task, '')`.as("task"), "outcome"])
    .distinct()
    .where("grain", "=", "quarter")
    .where("starts_at", ">=", startOf("7d"))
    .orderBy("service")
    .orderBy("endpoint")
    .limit(1_000)
    .execute();
}
