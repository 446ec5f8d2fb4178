import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { BudgetWait, isUpstreamAway } from "#app/upstreams/errors.ts";
import type { Service } from "#app/upstreams/services.ts";

/**
 * Answers of upstreams, kept by normalised request without secrets (ARCHITECTURE.md, decision 5). Identical requests share
 * one call: in this process by a promise, between processes by a lease in the row. An expired answer is kept for the day on
 * which the upstream is away.
 */
export interface CachedAnswer {
  status: number;
  body: unknown;
  fetchedAt: Date;
  /** Not past its lifetime. */
  fresh: boolean;
}

export interface FoundAnswer {
  status: number;
  body: unknown;
  fetchedAt: Date;
  /** `stale`: past its lifetime, used because the upstream is away or limits us. */
  source: "network" | "cache" | "stale";
}

/** TMDB's terms allow half a year; nothing older is shown for anything. */
const MAX_STALE_DAYS = 180;

/**
 * Reads many answers in one round trip.
 *
 * @returns what there is, by key, fresh or not; keys without an answer are absent
 */
export async function readMany(
  db: Db,
  service: Service,
  keys: readonly string[],
): Promise<Map<string, CachedAnswer>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{
    request_key: string;
    status: number;
    body: unknown;
    fetched_at: Date;
    fresh: boolean;
  }>`
    select request_key, status, body, fetched_at, coalesce(expires_at > clock_timestamp(), false) as fresh
    from upstream_cache
    where service = ${service} and request_key = any(${sql.val(keys)}::text[]) and status is not null
      and fetched_at > clock_timestamp() - make_interval(days => ${MAX_STALE_DAYS})`.execute(db);
  return new Map(
    rows.map((row) => [
      row.request_key,
      { status: row.status, body: row.body, fetchedAt: row.fetched_at, fresh: row.fresh },
    ]),
  );
}

async function claim(
  db: Db,
  service: Service,
  key: string,
  token: string,
  leaseMs: number,
  outdated: Date | null,
): Promise<boolean> {
  const until = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8)`;
  const { rows } = await sql`
    insert into upstream_cache as c (service, request_key, fetching_by, fetching_until)
    values (${service}, ${key}, ${token}, ${until})
    on conflict (service, request_key) do update set fetching_by = ${token}, fetching_until = ${until}
      where (c.fetching_until is null or c.fetching_until <= clock_timestamp())
        and (c.expires_at is null or c.expires_at <= clock_timestamp()
          or date_trunc('milliseconds', c.fetched_at) <= ${outdated}::timestamptz)
    returning 1`.execute(db);
  return rows.length > 0;
}

async function store(
  db: Db,
  service: Service,
  key: string,
  answer: { status: number; body: unknown; ttlMs: number },
): Promise<void> {
  const body = answer.body === null || answer.body === undefined ? null : JSON.stringify(answer.body);
  await sql`
    insert into upstream_cache (service, request_key, status, body, fetched_at, expires_at)
    values (${service}, ${key}, ${answer.status}, ${body}::jsonb, clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${answer.ttlMs / 1000}::float8))
    on conflict (service, request_key) do update set status = excluded.status, body = excluded.body,
      fetched_at = excluded.fetched_at, expires_at = excluded.expires_at, fetching_by = null, fetching_until = null`.execute(
    db,
  );
}

async function release(db: Db, service: Service, key: string, token: string): Promise<void> {
  await sql`update upstream_cache set fetching_by = null, fetching_until = null
    where service = ${service} and request_key = ${key} and fetching_by = ${token}`.execute(db);
}

export interface FetchOptions {
  service: Service;
  key: string;
  /** How long others believe that this process is still fetching: longer than the fetch can take. */
  leaseMs: number;
  /** A waiting person does not share the refusal that a bulk caller got for its shorter patience. */
  patient: boolean;
  /** Only an answer that is newer than the one kept now will do; nor is the kept one fallen back on. */
  newer: boolean;
  /** Nothing past its lifetime stands in, whatever happens. */
  neverStale?: boolean;
  /** Whether what is stored can still be read: after an upgrade it may be of an older shape. */
  isReadable(status: number, body: unknown): boolean;
  /** Its signal fires when nobody waits for the answer any more. */
  fetch(signal: AbortSignal): Promise<{ status: number; body: unknown; ttlMs: number }>;
  signal?: AbortSignal | undefined;
}

/** A fetch under way, and how many in this process wait for it. */
interface Flight {
  answer: Promise<FoundAnswer>;
  stop: AbortController;
  passengers: number;
  /** Nobody boards it any more. */
  close(): void;
}

const flights = new WeakMap<Db, Map<string, Flight>>();

function flightsOf(db: Db): Map<string, Flight> {
  let map = flights.get(db);
  if (!map) {
    map = new Map();
    flights.set(db, map);
  }
  return map;
}

/** How often a process looks whether the one that is fetching has finished. */
const LOOK_EVERY_MS = 120;

async function fly(
  db: Db,
  options: FetchOptions,
  kept: { unreadable: boolean; outdated: Date | null },
  signal: AbortSignal,
): Promise<FoundAnswer> {
  const { service, key } = options;
  const token = randomUUID();
  for (;;) {
    // An unreadable answer is still "fresh" to `claim`: it is fetched without asking.
    if (kept.unreadable || (await claim(db, service, key, token, options.leaseMs, kept.outdated))) {
      try {
        const answer = await options.fetch(signal);
        await store(db, service, key, answer);
        return { status: answer.status, body: answer.body, fetchedAt: new Date(), source: "network" };
      } catch (error) {
        await release(db, service, key, token);
        throw error;
      }
    }
    const stored = (await readMany(db, service, [key])).get(key);
    // Another process has fetched it meanwhile: one call does for both.
    if (stored?.fresh && !(kept.outdated && stored.fetchedAt <= kept.outdated))
      return { ...stored, source: "cache" };
    await sleep(LOOK_EVERY_MS * (0.75 + Math.random() / 2), undefined, { signal });
  }
}

/**
 * The answer to a request: from the cache while it is fresh and `newer` is not asked for, else from one fetch that everybody who asks meanwhile shares,
 * else the stale one when the upstream is away.
 *
 * @throws what `fetch` throws, when there is nothing to fall back on
 */
export async function cachedFetch(db: Db, options: FetchOptions): Promise<FoundAnswer> {
  const { service, key } = options;
  options.signal?.throwIfAborted();
  let stored = (await readMany(db, service, [key])).get(key);
  const unreadable = stored !== undefined && !options.isReadable(stored.status, stored.body);
  if (unreadable) stored = undefined;
  if (stored?.fresh && !options.newer) return { ...stored, source: "cache" };
  const outdated = options.newer ? (stored?.fetchedAt ?? null) : null;
  try {
    return await sharedFlight(db, options, { unreadable, outdated });
  } catch (error) {
    if (stored && !options.newer && !options.neverStale && isUpstreamAway(error))
      return { ...stored, source: "stale" };
    throw error;
  }
}

async function sharedFlight(
  db: Db,
  options: FetchOptions,
  kept: { unreadable: boolean; outdated: Date | null },
): Promise<FoundAnswer> {
  const ofDb = flightsOf(db);
  const id = `${options.service} ${options.key}`;
  const shared = ofDb.get(id);
  if (shared) {
    try {
      return { ...(await board(shared, options.signal)), source: "cache" };
    } catch (error) {
      if (!(options.patient && error instanceof BudgetWait)) throw error;
    }
  }
  const stop = new AbortController();
  const close = () => {
    if (ofDb.get(id) === flight) ofDb.delete(id);
  };
  const answer = fly(db, options, kept, stop.signal).finally(close);
  const flight: Flight = { answer, stop, passengers: 0, close };
  ofDb.set(id, flight);
  return board(flight, options.signal);
}

/** Waits for a flight until the caller breaks off; when the last one does, the flight itself is called off. */
function board(flight: Flight, signal: AbortSignal | undefined): Promise<FoundAnswer> {
  flight.passengers += 1;
  if (!signal) return flight.answer;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.passengers -= 1;
      if (flight.passengers === 0) {
        flight.close();
        flight.stop.abort(signal.reason);
      }
      reject(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    flight.answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
