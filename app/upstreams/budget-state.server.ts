import { sql } from "kysely";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { UpstreamConfig } from "#app/upstreams/context.ts";
import type { Service } from "#app/upstreams/services.ts";

/** What screens say about a budget. Times are the database's. */
export interface BudgetState {
  service: Service;
  /** Requests per window; null for a service without one. */
  rate: RateLimit | null;
  /** Requests of the last window, out of the call log (half a second behind); null without a rate. */
  usedInWindow: number | null;
  /** How long a request that came now would wait for its slot, other waiting callers of this moment left aside. */
  waitMs: number;
  /** Until when the upstream has limited us. */
  blockedUntil: Date | null;
  /** Days are UTC days. */
  daily: { limit: number; used: number; left: number } | null;
}

const LIMITED: readonly Service[] = ["tmdb", "omdb"];

/** The budgets of all services that have one. Cheap: two small reads over an index. */
export async function budgetState(db: Db, config: UpstreamConfig): Promise<BudgetState[]> {
  const { rows } = await sql<{
    service: Service;
    used_in_window: number;
    wait_ms: number | null;
    blocked_until: Date | null;
    used_today: number | null;
  }>`
    select s.service,
      (select count(*)::int from upstream_calls c
        where c.service = s.service and not c.cached
          and c.at > clock_timestamp() - make_interval(secs => ${config.TMDB_RATE_LIMIT.perMs / 1000}::float8)) as used_in_window,
      greatest(0, extract(epoch from nullif(b.next_at, '-infinity') - clock_timestamp()) * 1000)::float8 as wait_ms,
      case when b.blocked_until > clock_timestamp() then b.blocked_until end as blocked_until,
      case when b.day = (clock_timestamp() at time zone 'utc')::date then b.used_today end as used_today
    from unnest(${sql.val(LIMITED)}::text[]) as s(service) left join upstream_budgets b using (service)`.execute(
    db,
  );
  return rows.map((row) => {
    const used = row.used_today ?? 0;
    const limit = config.OMDB_DAILY_LIMIT;
    return {
      service: row.service,
      rate: row.service === "tmdb" ? config.TMDB_RATE_LIMIT : null,
      usedInWindow: row.service === "tmdb" ? row.used_in_window : null,
      waitMs: Math.round(row.wait_ms ?? 0),
      blockedUntil: row.blocked_until,
      daily: row.service === "omdb" ? { limit, used, left: Math.max(0, limit - used) } : null,
    };
  });
}
