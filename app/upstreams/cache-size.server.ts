import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/** What the cache keeps of one service. */
export interface CacheSize {
  service: Service;
  answers: number;
  /** As stored, compressed. */
  bytes: number;
  /** Past their lifetime: kept for the day on which the upstream is away. */
  expired: number;
  /** Out of a sample: the numbers are about right. */
  isEstimate: boolean;
}

/** Answers looked at: 20,000 are counted in some 20 ms, millions would take seconds. */
const MOST_COUNTED = 20_000;

/** How much the cache keeps of each service: counted while it is small, else estimated from a sample of its pages. */
export async function cacheSizes(db: Db): Promise<CacheSize[]> {
  const known = await sql<{ answers: number }>`
    select reltuples::float8 as answers from pg_class where oid = 'upstream_cache'::regclass`.execute(db);
  const share = Math.min(1, MOST_COUNTED / Math.max(1, known.rows[0]?.answers ?? 0));
  const { rows } = await sql<Omit<CacheSize, "isEstimate">>`
    select service, count(*)::float8 as answers, sum(coalesce(pg_column_size(body), 0))::float8 as bytes,
      count(*) filter (where expires_at <= now())::float8 as expired
    from upstream_cache tablesample system (${share * 100})
    where status is not null
    group by service`.execute(db);
  const scaled = (counted: number) => Math.round(counted / share);
  return rows.map(({ service, answers, bytes, expired }) => ({
    service,
    answers: scaled(answers),
    bytes: scaled(bytes),
    expired: scaled(expired),
    isEstimate: share < 1,
  }));
}
