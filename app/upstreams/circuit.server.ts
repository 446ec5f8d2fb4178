import { scryptSync } from "node:crypto";
import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { logger } from "#app/logger.server.ts";
import { type PauseReason, UpstreamPaused } from "#app/upstreams/errors.ts";
import { type Service, serviceInfo } from "#app/upstreams/services.ts";

/**
 * The switch that an upstream throws for itself: a refused key, a used-up quota or a robot challenge stop every call, in
 * every process, until time, a new key or a person closes it again. Jobs of the queue wait meanwhile and
 * burn no attempts; rows of imports and backfills fail with the reason and can be retried (decision 6).
 */
export interface CircuitState {
  service: Service;
  state: "closed" | "open";
  reasonCode: PauseReason | null;
  /** For people: what happened and what to do. */
  reason: string | null;
  openedAt: Date | null;
  retryAt: Date | null;
}

/** How long a process may go on without knowing that another one has opened a circuit. */
const FRESH_MS = 1_000;

interface CircuitRow {
  service: Service;
  state: "closed" | "open";
  reason_code: PauseReason | null;
  reason: string | null;
  opened_at: Date | null;
  retry_at: Date | null;
  key_fingerprint: string | null;
  /** By the database's clock. */
  due: boolean;
}

const known = new WeakMap<Db, { readAt: number; rows: Promise<Map<string, CircuitRow>> }>();

async function readRows(db: Db): Promise<Map<string, CircuitRow>> {
  const { rows } = await sql<CircuitRow>`
    select service, state, reason_code, reason, opened_at, retry_at, key_fingerprint,
      coalesce(retry_at <= clock_timestamp(), false) as due
    from upstream_circuits`.execute(db);
  return new Map(rows.map((row) => [row.service, row]));
}

function rowsOf(db: Db): Promise<Map<string, CircuitRow>> {
  const cached = known.get(db);
  if (cached && performance.now() - cached.readAt < FRESH_MS) return cached.rows;
  const rows = readRows(db);
  known.set(db, { readAt: performance.now(), rows });
  // A failed read must not be kept for the second.
  rows.catch(() => known.delete(db));
  return rows;
}

const fingerprints = new Map<string, string>();

/**
 * Tells two keys apart without giving either away. Slow on purpose: OMDb keys have eight hex digits, and a plain hash of one
 * could be turned back in seconds by whoever reads the table.
 */
export function keyFingerprint(key: string): string {
  let fingerprint = fingerprints.get(key);
  if (!fingerprint) {
    fingerprint = scryptSync(key, "reeldesk upstream circuit", 8).toString("hex");
    fingerprints.set(key, fingerprint);
  }
  return fingerprint;
}

/**
 * Lets a call pass, or not. Closes the circuit by itself when its time has come or the key has changed.
 *
 * @throws UpstreamPaused while the circuit is open
 */
export async function checkCircuit(db: Db, service: Service, key: string): Promise<void> {
  const row = (await rowsOf(db)).get(service);
  if (row?.state !== "open") return;
  const keyChanged = row.key_fingerprint !== null && row.key_fingerprint !== keyFingerprint(key);
  if (!row.due && !keyChanged)
    throw new UpstreamPaused(
      service,
      row.reason_code ?? "KEY_REFUSED",
      row.reason ?? "The upstream is paused.",
      row.retry_at,
    );
  // Guarded by what was read: a circuit that was opened anew meanwhile stays open.
  await sql`
    update upstream_circuits set state = 'closed', updated_at = clock_timestamp()
    where service = ${service} and state = 'open'
      and (retry_at <= clock_timestamp() or key_fingerprint is distinct from ${keyFingerprint(key)})`.execute(
    db,
  );
  known.delete(db);
}

const ADVICE: Record<PauseReason, string> = {
  KEY_REFUSED: "refuses the key",
  QUOTA_USED_UP: "says that its quota is used up",
  CHALLENGED: "takes us for a robot",
  RATE_LIMITED: "asks for fewer requests",
};

function sentence(service: Service, reasonCode: PauseReason): string {
  const { label, variables } = serviceInfo(service);
  const key = variables.at(-1);
  const next = {
    KEY_REFUSED: `Put a valid key into ${key} and restart, or close the circuit to try again.`,
    QUOTA_USED_UP: "Calls go on when the quota comes back.",
    CHALLENGED: "Calls go on after a pause.",
    RATE_LIMITED: "Calls go on when the time it named has passed.",
  }[reasonCode];
  return `${label} ${ADVICE[reasonCode]}. ${next}`;
}

/**
 * Opens a circuit for everybody.
 *
 * @param options.forMs after how long it closes by itself; null: not before a person or a changed key
 * @returns the error to throw to whoever made the call
 */
export async function openCircuit(
  db: Db,
  service: Service,
  options: { reasonCode: PauseReason; key: string; forMs: number | null },
): Promise<UpstreamPaused> {
  const reason = sentence(service, options.reasonCode);
  const { rows } = await sql<{ retry_at: Date | null }>`
    insert into upstream_circuits (service, state, reason_code, reason, opened_at, retry_at, key_fingerprint, updated_at)
    values (${service}, 'open', ${options.reasonCode}, ${reason}, clock_timestamp(),
      clock_timestamp() + make_interval(secs => ${options.forMs === null ? null : options.forMs / 1000}::float8),
      ${keyFingerprint(options.key)}, clock_timestamp())
    on conflict (service) do update set state = 'open', reason_code = excluded.reason_code, reason = excluded.reason,
      opened_at = case when upstream_circuits.state = 'open' then upstream_circuits.opened_at else excluded.opened_at end,
      retry_at = excluded.retry_at, key_fingerprint = excluded.key_fingerprint, updated_at = excluded.updated_at
    returning retry_at`.execute(db);
  known.delete(db);
  logger.warn({ service, reason: options.reasonCode }, "upstream paused");
  return new UpstreamPaused(service, options.reasonCode, reason, rows[0]?.retry_at ?? null);
}

/**
 * Closes a circuit by hand: the next call finds out whether the cause is gone. Done in a transaction, `forgetCircuits` follows
 * its commit.
 *
 * @returns whether it was open
 */
export async function closeCircuit(db: Db, service: Service): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update upstream_circuits set state = 'closed', updated_at = clock_timestamp()
    where service = ${service} and state = 'open'`.execute(db);
  known.delete(db);
  return numAffectedRows > 0n;
}

/** Looks circuits up anew with the next call: what this process knew of them was changed, and committed. */
export function forgetCircuits(db: Db): void {
  known.delete(db);
}

/** All circuits that were ever opened, for screens. */
export async function circuitStates(db: Db): Promise<CircuitState[]> {
  const rows = await readRows(db);
  return [...rows.values()].map((row) => ({
    service: row.service,
    state: row.state === "open" && !row.due ? "open" : "closed",
    reasonCode: row.reason_code,
    reason: row.reason,
    openedAt: row.opened_at,
    retryAt: row.retry_at,
  }));
}
