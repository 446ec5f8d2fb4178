import { sql } from "kysely";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/**
 * The requests of all processes together, kept within each upstream's limit (decision 10).
 *
 * The generic cell rate algorithm in one row per upstream: `next_at` is the earliest slot that nobody has. A reservation
 * moves it on by one interval per slot, on the database's clock, in one statement, and nobody holds a lock while waiting.
 * Slots are evenly spaced, so there is no burst at a window's edge and none after idling.
 *
 * The interval is 5 % longer than the limit allows. n+1 requests would have to arrive closer than n intervals minus one
 * window, which is 5 % of the window (500 ms of 10 s), to break the limit: that is the room for what lies between a slot
 * and the arrival of its request (a fresh connection, a busy machine). 3 % leaves 300 ms, less than one slow TLS handshake.
 * Uses 95 % of the limit.
 */
export const MARGIN = 0.05;

/** Milliseconds between two slots. */
export function slotIntervalMs(rate: RateLimit): number {
  return (rate.perMs / rate.requests) * (1 + MARGIN);
}

/** Longest time that one 429 may stop everybody: a Retry-After of years is a fault of the upstream, not an instruction. */
export const MAX_PUSH_BACK_MS = 15 * 60_000;

export type Reservation =
  /** First slot on the database's clock (epoch ms), the others one interval apart; `nowMs` is that clock when it was given. */
  | { granted: true; firstAtMs: number; nowMs: number; intervalMs: number; slots: number }
  /** Nothing was reserved: the first free slot is `waitMs` away. */
  | { granted: false; waitMs: number; blocked: boolean };

/** Reserves the next `slots` slots for this process, unless the first of them is further away than `maxWaitMs`. */
export async function reserveSlots(
  db: Db,
  service: Service,
  rate: RateLimit,
  options: { slots: number; maxWaitMs: number },
): Promise<Reservation> {
  const intervalMs = slotIntervalMs(rate);
  const advance = sql`make_interval(secs => ${(intervalMs * options.slots) / 1000}::float8)`;
  const patience = sql`make_interval(secs => ${Math.min(options.maxWaitMs, 86_400_000) / 1000}::float8)`;
  // clock_timestamp() in `do update` is read after the row's lock is taken: whoever waited for it still gets a true "now".
  const { rows } = await sql<{ first_at_ms: number; now_ms: number }>`
    insert into upstream_budgets as b (service, next_at) values (${service}, clock_timestamp() + ${advance})
    on conflict (service) do update
      set next_at = greatest(b.next_at, clock_timestamp()) + ${advance}, updated_at = clock_timestamp()
      where b.next_at <= clock_timestamp() + ${patience}
    returning (extract(epoch from next_at - ${advance}) * 1000)::float8 as first_at_ms,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`.execute(db);
  const row = rows[0];
  if (row)
    return {
      granted: true,
      firstAtMs: row.first_at_ms,
      nowMs: row.now_ms,
      intervalMs,
      slots: options.slots,
    };
  const refused = await sql<{ wait_ms: number; blocked: boolean }>`
    select (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as wait_ms,
      coalesce(blocked_until > clock_timestamp(), false) as blocked
    from upstream_budgets where service = ${service}`.execute(db);
  const state = refused.rows[0];
  return { granted: false, waitMs: Math.max(state?.wait_ms ?? 0, 1), blocked: state?.blocked ?? false };
}

/**
 * The upstream has said "too many": nobody, in whatever process, gets a slot before `forMs` have passed.
 * Slots that are already given go to waste with their 429; they are few (see slot-queue.server.ts).
 */
export async function pushBack(db: Db, service: Service, forMs: number): Promise<void> {
  const wait = sql`make_interval(secs => ${Math.min(Math.max(forMs, 0), MAX_PUSH_BACK_MS) / 1000}::float8)`;
  await sql`
    insert into upstream_budgets as b (service, next_at, blocked_until)
    values (${service}, clock_timestamp() + ${wait}, clock_timestamp() + ${wait})
    on conflict (service) do update set
      next_at = greatest(b.next_at, excluded.next_at),
      blocked_until = greatest(b.blocked_until, excluded.blocked_until),
      updated_at = clock_timestamp()`.execute(db);
}

/**
 * Takes one request out of today's budget (days are UTC days).
 *
 * @returns whether there was one left
 */
export async function spendDaily(db: Db, service: Service, limit: number): Promise<boolean> {
  if (limit <= 0) return false;
  const today = sql`(clock_timestamp() at time zone 'utc')::date`;
  const { rows } = await sql`
    insert into upstream_budgets as b (service, day, used_today) values (${service}, ${today}, 1)
    on conflict (service) do update
      set used_today = case when b.day = ${today} then b.used_today + 1 else 1 end, day = ${today},
        updated_at = clock_timestamp()
      where b.day <> ${today} or b.used_today < ${limit}
    returning 1`.execute(db);
  return rows.length > 0;
}

/** Milliseconds until the next 00:00 UTC. */
export function untilMidnightUtc(now: Date = new Date()): number {
  return 86_400_000 - (now.getTime() % 86_400_000);
}

/**
 * Reads a Retry-After header: seconds or an HTTP date.
 *
 * @returns milliseconds from now, at least 0 and at most MAX_PUSH_BACK_MS; undefined when absent or unreadable
 */
export function retryAfterMs(header: string | undefined, now: Date = new Date()): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  if (Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(wait, 0), MAX_PUSH_BACK_MS);
}
