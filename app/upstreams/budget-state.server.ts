import { sql } from "kysely";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { slotIntervalMs } from "#app/upstreams/budget.server.ts";
import type { UpstreamConfig } from "#app/upstreams/context.ts";
import { UPSTREAMS } from "#app/upstreams/registry.server.ts";
import { SERVICES, type Service } from "#app/upstreams/services.ts";

/** What screens say about a budget. Times are the database's. */
export interface BudgetState {
  service: Service;
  /** Requests per window; null for a service without one. */
  rate: RateLimit | null;
  /** Requests of the last window, out of the call log (half a second behind); null without a rate. */
  usedInWindow: number | null;
  /** Slots that are given out and not yet used, to callers who wait for their turn. */
  reserved: number;
  /** Requests that could leave within one window from now, or today. */
  left: number;
  /** How long a request that came now would wait for its slot, other waiting callers of this moment left aside. */
  waitMs: number;
  /** Until when the upstream has limited us. */
  blockedUntil: Date | null;
  /** Days are UTC days. */
  daily: { limit: number; used: number; left: number; resetsAt: Date } | null;
}

interface BudgetRow {
  service: Service;
  used_in_window: number;
  wait_ms: number | null;
  blocked_until: Date | null;
  used_today: number | null;
  tomorrow: Date;
}

/**
 * The budgets of all services that have one. One small statement over an index.
 *
 * The log is searched from `now()`: with `clock_timestamp()`, which is another one for every row, no index can be used, and
 * ten million calls are read for the last ten seconds.
 */
export async function budgetState(db: Db, config: UpstreamConfig): Promise<BudgetState[]> {
  const limited = SERVICES.flatMap((service) => {
    const budget = UPSTREAMS[service].budget(config);
    return budget ? [{ service, budget }] : [];
  });
  const windows = limited.map(({ budget }) => ("rate" in budget ? budget.rate.perMs / 1000 : 0));
  const { rows } = await sql<BudgetRow>`
    select s.service,
      (select count(*)::int from upstream_calls c
        where c.service = s.service and not c.cached and c.at > now() - make_interval(secs => s.secs)) as used_in_window,
      greatest(0, extract(epoch from nullif(b.next_at, '-infinity') - clock_timestamp()) * 1000)::float8 as wait_ms,
      case when b.blocked_until > clock_timestamp() then b.blocked_until end as blocked_until,
      case when b.day = (clock_timestamp() at time zone 'utc')::date then b.used_today end as used_today,
      date_trunc('day', clock_timestamp(), 'UTC') + interval '1 day' as tomorrow
    from unnest(${sql.val(limited.map(({ service }) => service))}::text[], ${sql.val(windows)}::float8[]) as s(service, secs)
    left join upstream_budgets b using (service)`.execute(db);
  const byService = new Map(rows.map((row) => [row.service, row]));
  return limited.flatMap(({ service, budget }) => {
    const row = byService.get(service);
    if (!row) return [];
    return "rate" in budget ? [rateState(row, budget.rate)] : [dailyState(row, budget.perDay)];
  });
}

function rateState(row: BudgetRow, rate: RateLimit): BudgetState {
  const waitMs = row.wait_ms ?? 0;
  // After a 429 the next slot is far away because the upstream said so, not because others have what lies between.
  const reserved = row.blocked_until ? 0 : Math.ceil(waitMs / slotIntervalMs(rate));
  return {
    service: row.service,
    rate,
    usedInWindow: row.used_in_window,
    reserved,
    left: row.blocked_until ? 0 : Math.max(0, rate.requests - row.used_in_window - reserved),
    waitMs: Math.round(waitMs),
    blockedUntil: row.blocked_until,
    daily: null,
  };
}

function dailyState(row: BudgetRow, limit: number): BudgetState {
  const used = row.used_today ?? 0;
  const left = Math.max(0, limit - used);
  return {
    service: row.service,
    rate: null,
    usedInWindow: null,
    reserved: 0,
    left,
    waitMs: 0,
    blockedUntil: row.blocked_until,
    daily: { limit, used, left, resetsAt: row.tomorrow },
  };
}
