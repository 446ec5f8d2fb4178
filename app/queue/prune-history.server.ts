import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { foldRunSums } from "#app/queue/run-rollup.server.ts";
import { foldCallSums } from "#app/upstreams/call-totals.server.ts";

/** How long runs are kept, in days. */
const RUN_DAYS = 90;
/** How long calls are summed by day, a little longer than the log lasts; then all days are one. */
const CALL_SUM_DAYS = 92;

/** One kind of history: rows of `table` whose `age` lies more than `days` days back. */
interface History {
  table: keyof Database;
  /** A column with an index, unless the table is small. */
  age: string;
  days: number;
  /** Leaves alone what does not fulfil it. */
  only?: RawBuilder<boolean>;
}

const HISTORY: readonly History[] = [
  // T-06: the call log holds 90 days. Its sums hold what is drawn from them: an hour by minutes, a day
  // by hours, a week by quarters of days.
  { table: "upstream_calls", age: "at", days: 90 },
  { table: "upstream_call_sums", age: "starts_at", days: 1, only: sql<boolean>`grain = 'minute'` },
  { table: "upstream_call_sums", age: "starts_at", days: 2, only: sql<boolean>`grain = 'hour'` },
  { table: "upstream_call_sums", age: "starts_at", days: 9, only: sql<boolean>`grain = 'quarter'` },
  {
    table: "job_runs",
    age: "finished_at",
    days: RUN_DAYS,
    // Runs that are in no sum yet stay until they are.
    only: sql<boolean>`finished_at < (select rolled_until from rollups where name = 'job_runs')`,
  },
  { table: "failure_groups", age: "last_seen_at", days: 90 },
  { table: "failure_hours", age: "hour", days: 90 },
  // Of those that still hold, this is null.
  { table: "queue_pauses", age: "resumed_at", days: 365 },
  // Kept beyond their lifetime: a stale answer is better than none while the upstream is away. The longest lifetime is 30
  // days, and TMDB's terms allow to keep an answer for 180.
  { table: "upstream_cache", age: "expires_at", days: 150 },
  // Fetches that were begun and never brought an answer; the lease of one under way ends within a minute.
  {
    table: "upstream_cache",
    age: "coalesce(fetching_until, '-infinity')",
    days: 1,
    only: sql<boolean>`status is null`,
  },
  { table: "title_matches", age: "expires_at", days: 30 },
  { table: "work_changes", age: "at", days: 365 },
  // The run's own line stays, with its counts and titles.
  { table: "ingestion_members", age: "planned_at", days: 90, only: sql<boolean>`status <> 'pending'` },
  { table: "workers", age: "heartbeat_at", days: 7 },
  { table: "sessions", age: "expires_at", days: 0 },
  { table: "request_limits", age: "next_at", days: 1 },
  { table: "api_idempotency", age: "created_at", days: 30 },
];

/**
 * Rows per statement: short transactions, so that nobody waits behind a long delete. A day of 110,000 upstream calls takes 22 of
 * some 30 ms each (10,000,000 rows, ten indexes).
 */
const BATCH = 5_000;
/** Batches per kind and run; what is left goes the next day. */
const MAX_BATCHES = 400;

/**
 * Deletes history past its time, kind by kind.
 *
 * @returns rows deleted, by table
 */
export async function pruneHistory(db: Kysely<Database>): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const history of HISTORY)
    deleted[history.table] = (deleted[history.table] ?? 0) + (await prune(db, history));
  await foldRunSums(db, RUN_DAYS);
  await foldCallSums(db, CALL_SUM_DAYS);
  return deleted;
}

async function prune(
  db: Kysely<Database>,
  { table, age, days, only = sql<boolean>`true` }: History,
): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    // Oldest first and by `now()`, so that the index is used: `clock_timestamp()` is another one for each row, and every batch
    // would read the whole table.
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid in (
        select ctid from ${sql.table(table)}
        where ${sql.raw(age)} < now() - ${days} * interval '1 day' and ${only}
        order by ${sql.raw(age)} limit ${BATCH})`.execute(db);
    deleted += Number(numAffectedRows);
    if (numAffectedRows < BigInt(BATCH)) break;
  }
  return deleted;
}
