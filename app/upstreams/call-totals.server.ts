import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";

/** Calls of one kind ever made. */
export interface CallTotal {
  service: string;
  endpoint: string;
  /** The error code, or what was answered: OK, NOT_FOUND. */
  outcome: string;
  cached: boolean;
  /** By `DURATION_BOUNDS_MS`: as in `CallSum`. */
  bucket: number;
  calls: number;
  durationMs: number;
}

/** Every call ever made, pruned ones included, so that counters made of it never fall; whatever asked for them. */
export async function callTotals(db: Db): Promise<CallTotal[]> {
  return db
    .selectFrom("upstream_call_sums")
    .select([
      "service",
      "endpoint",
      "outcome",
      "cached",
      "bucket",
      sql<number>`sum(calls)::float8`.as("calls"),
      sql<number>`sum(duration_ms)::float8`.as("durationMs"),
    ])
    .where("grain", "=", "day")
    .groupBy(["service", "endpoint", "outcome", "cached", "bucket"])
    .execute();
}

/** Puts sums of days whose calls are pruned into one row per service, endpoint, outcome and bucket. */
export async function foldCallSums(db: Db, olderThanDays: number): Promise<void> {
  await sql`
    with old as (
      delete from upstream_call_sums
      where grain = 'day' and starts_at > '-infinity' and starts_at < now() - ${olderThanDays}::int * interval '1 day'
      returning service, endpoint, outcome, cached, bucket, calls, duration_ms
    )
    insert into upstream_call_sums as s (grain, starts_at, service, endpoint, task, outcome, cached, bucket, calls, duration_ms)
    select 'day', '-infinity', service, endpoint, '', outcome, cached, bucket, sum(calls), sum(duration_ms)
    from old group by service, endpoint, outcome, cached, bucket
    on conflict on constraint upstream_call_sums_pkey do update
      set calls = s.calls + excluded.calls, duration_ms = s.duration_ms + excluded.duration_ms`.execute(db);
}
