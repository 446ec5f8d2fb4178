import { AsyncLocalStorage } from "node:async_hooks";
import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { logger } from "#app/logger.server.ts";
import { addToSums } from "#app/upstreams/call-sums.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/** On whose behalf a call is made. Every field is optional; what is set is inherited by inner contexts. */
export interface CallContext {
  task?: string;
  /** graphile-worker's job id. */
  queueJobId?: string | number;
  importJobId?: string;
  rowNumber?: number;
  workId?: string | number;
}

export interface CallEntry {
  service: Service;
  /** The path as a template, `/movie/{id}`: no titles, ids or keys. */
  endpoint: string;
  method: string;
  status: number | null;
  errorCode: string | null;
  durationMs: number;
  cached: boolean;
  attempt: number;
}

const context = new AsyncLocalStorage<CallContext>();

/** Runs `fn` so that every upstream call made within it is logged with this job, import, row and work. */
export function withCallContext<T>(values: CallContext, fn: () => T): T {
  return context.run({ ...context.getStore(), ...values }, fn);
}

const FLUSH_AFTER_MS = 500;
const FLUSH_AT_ROWS = 100;
/** A database that is away must not fill the memory: what comes beyond this is counted and let go. */
const MAX_BUFFERED = 10_000;

interface Pending {
  entries: Record<string, unknown>[];
  dropped: number;
  timer: NodeJS.Timeout | undefined;
  flushing: Promise<void> | undefined;
}

const buffers = new Map<Db, Pending>();

/**
 * Writes a call (or a cache hit) down: fire and forget, in batches of 100 or every half second, so that logging never slows
 * or fails a call.
 */
export function logCall(db: Db, entry: CallEntry): void {
  let pending = buffers.get(db);
  if (!pending) {
    pending = { entries: [], dropped: 0, timer: undefined, flushing: undefined };
    buffers.set(db, pending);
  }
  if (pending.entries.length >= MAX_BUFFERED) {
    pending.dropped += 1;
    return;
  }
  const on = context.getStore();
  pending.entries.push({
    at: new Date().toISOString(),
    service: entry.service,
    endpoint: entry.endpoint,
    method: entry.method,
    status: entry.status,
    error_code: entry.errorCode,
    duration_ms: Math.round(entry.durationMs),
    cached: entry.cached,
    attempt: entry.attempt,
    task: on?.task ?? null,
    queue_job_id: on?.queueJobId ?? null,
    import_job_id: on?.importJobId ?? null,
    row_number: on?.rowNumber ?? null,
    work_id: on?.workId ?? null,
  });
  if (pending.entries.length >= FLUSH_AT_ROWS) void flush(db, pending);
  else schedule(db, pending);
}

function schedule(db: Db, pending: Pending): void {
  if (pending.timer) return;
  pending.timer = setTimeout(() => void flush(db, pending), FLUSH_AFTER_MS);
  // A process that has nothing else to do ends through its shutdown, which flushes.
  pending.timer.unref();
}

/** One flush at a time per database: a slow one collects what comes meanwhile. */
function flush(db: Db, pending: Pending): Promise<void> {
  pending.flushing ??= write(db, pending).finally(() => {
    pending.flushing = undefined;
    if (pending.entries.length > 0) schedule(db, pending);
  });
  return pending.flushing;
}

async function write(db: Db, pending: Pending): Promise<void> {
  clearTimeout(pending.timer);
  pending.timer = undefined;
  const batch = pending.entries.splice(0);
  if (pending.dropped > 0) {
    logger.warn({ dropped: pending.dropped }, "upstream call log was full");
    pending.dropped = 0;
  }
  if (batch.length === 0) return;
  try {
    await sql`
      with entry as materialized (
        select * from json_to_recordset(${JSON.stringify(batch)}::json) as entry (at timestamptz, service text,
          endpoint text, method text, status int, error_code text, duration_ms int, cached boolean, attempt int,
          task text, queue_job_id bigint, import_job_id uuid, row_number int, work_id bigint)),
      logged as (
        insert into upstream_calls (at, service, endpoint, method, status, error_code, duration_ms, cached, attempt,
          task, queue_job_id, import_job_id, row_number, work_id)
        select at, service, endpoint, method, status, error_code, duration_ms, cached, attempt, task, queue_job_id,
          import_job_id, row_number, work_id
        from entry)
      ${addToSums(sql.id("entry"))}`.execute(db);
  } catch (error) {
    // The log is not worth a failed import, and a batch that cannot be written now would only block the next ones.
    logger.error({ err: error, entries: batch.length }, "upstream call log could not be written");
  }
}

/** Writes down what is still in memory: on shutdown, and in tests. Without a database: for all of them. */
export async function flushCallLog(db?: Db): Promise<void> {
  const all = db ? [...buffers].filter(([key]) => key === db) : [...buffers];
  await Promise.all(
    all.map(async ([key, pending]) => {
      await pending.flushing;
      await flush(key, pending);
      clearTimeout(pending.timer);
      if (pending.entries.length === 0) buffers.delete(key);
    }),
  );
}
