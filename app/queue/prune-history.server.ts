import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { foldRunSums } from "#app/queue/run-rollup.server.ts";

/** How long each kind of history is kept, in days (T-06: 90 for upstream calls; TMDB's terms allow 6 months of caching). */
const RETENTION_DAYS = {
  upstream_calls: 90,
  job_runs: 90,
  failure_groups: 90,
  failure_hours: 90,
  queue_pauses: 365,
  upstream_cache: 180,
  title_matches: 30,
  workers: 7,
  sessions: 0,
  request_limits: 1,
  api_idempotency: 30,
} as const;

/** Rows per statement: short transactions, so that nobody waits behind a long delete. */
const BATCH = 5_000;
/** Batches per table and run; what is left goes the next day. */
const MAX_BATCHES = 400;

const ageColumn: Record<keyof typeof RETENTION_DAYS, string> = {
  upstream_calls: "at",
  job_runs: "finished_at",
  failure_groups: "last_seen_at",
  failure_hours: "hour",
  // Of those that still hold, this is null.
  queue_pauses: "resumed_at",
  // Kept beyond their lifetime: a stale answer is better than none while the upstream is away.
  upstream_cache: "expires_at",
  title_matches: "expires_at",
  workers: "heartbeat_at",
  sessions: "expires_at",
  request_limits: "next_at",
  api_idempotency: "created_at",
};

/** Runs that are in no sum yet stay until they are. */
const isCounted = sql`finished_at < (select rolled_until from rollups where name = 'job_runs')`;

/**
 * Deletes history past its time, table by table.
 *
 * @returns rows deleted, by table
 */
export async function pruneHistory(db: Kysely<Database>): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const [table, days] of Object.entries(RETENTION_DAYS) as [keyof typeof RETENTION_DAYS, number][]) {
    deleted[table] = 0;
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid in (
          select ctid from ${sql.table(table)}
          where ${sql.ref(ageColumn[table])} < clock_timestamp() - ${days} * interval '1 day'
            and ${table === "job_runs" ? isCounted : sql`true`}
          limit ${BATCH})`.execute(db);
      deleted[table] += Number(numAffectedRows);
      if (numAffectedRows < BigInt(BATCH)) break;
    }
  }
  await foldRunSums(db, RETENTION_DAYS.job_runs);
  return deleted;
}
