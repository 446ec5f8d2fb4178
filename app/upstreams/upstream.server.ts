import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { AppError } from "#app/errors.ts";
import { cachedFetch, type FetchOptions, type FoundAnswer } from "#app/upstreams/cache.server.ts";
import { logCall } from "#app/upstreams/call-log.server.ts";
import { checkCircuit } from "#app/upstreams/circuit.server.ts";
import { drawConsequences, noteSuccess } from "#app/upstreams/consequences.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { Upstream } from "#app/upstreams/definition.server.ts";
import { UpstreamError, type UpstreamErrorDetails } from "#app/upstreams/errors.ts";
import { DEADLINES, type HttpAnswer, type HttpRequest, isWrite, send } from "#app/upstreams/http.server.ts";
import { judge, parseShape, redact } from "#app/upstreams/judge.server.ts";
import { reserve } from "#app/upstreams/reserve.server.ts";
import { isOn, offSentence, type Service } from "#app/upstreams/services.ts";

export interface Question<T> {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** A POST that only asks: it changes nothing there, may be broken off, and has no outcome to be unsure of. */
  isRead?: boolean;
  /** For the log: a template without ids, `/movie/{id}`. */
  endpoint: string;
  /** Below the base URL, starting with a slash, or a whole address of the same origin. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  json?: unknown;
  /** What the answer is read as; JSON by default. The judge turns a page into what the shape takes. */
  reads?: "json" | "page";
  shape: z.ZodType<T>;
  maxBytes?: number;
}

/** A question whose answer is kept. The shape must accept its own output: that is what the cache holds. */
export interface CachedQuestion<T> extends Question<T> {
  /** The normalised request, without secrets. */
  cacheKey: string;
  /** Lifetime of an answer; null stands for "not known there". */
  ttlMs(value: T | null): number;
  /** An old answer is worse than none: the caller has other ways on. */
  neverStale?: boolean;
  /** Of a search: nothing was found. `ctx.emptySince` looks at it. */
  isEmpty?(value: T | null): boolean;
}

export interface Answer<T> {
  value: T;
  /** `stale`: older than it should be, because the upstream is away or limits us. Say so where it is shown. */
  source: "network" | "cache" | "stale";
  fetchedAt: Date;
}

const MAX_ATTEMPTS = 3;
const QUICK_RETRY_MS = 250;
const MAX_WAIT_MS = { bulk: 5_000, interactive: 10_000 } as const;

function maxWaitMs(ctx: UpstreamContext): number {
  return ctx.maxWaitMs ?? MAX_WAIT_MS[ctx.priority ?? "bulk"];
}

function keyOf(ctx: UpstreamContext, upstream: Upstream): string {
  if (!isOn(upstream.service, ctx.config))
    throw new AppError("UPSTREAM_OFF", 503, offSentence(upstream.service), { service: upstream.service });
  return upstream.key(ctx.config);
}

function addressOf(ctx: UpstreamContext, upstream: Upstream, path: string): URL {
  const base = upstream.baseUrl(ctx.config).replace(/\/+$/, "");
  const url = new URL(path.startsWith("/") ? base + path : path);
  // An address that an upstream names gets our key only when it is its own.
  if (url.origin !== new URL(base).origin)
    throw new UpstreamError(upstream.service, "BAD_ANSWER", { detail: "FOREIGN_ADDRESS", retryable: false });
  return url;
}

function requestOf<T>(
  ctx: UpstreamContext,
  upstream: Upstream,
  question: Question<T>,
  key: string,
): HttpRequest {
  const url = addressOf(ctx, upstream, question.path);
  const credentials = upstream.credentials(key);
  for (const [name, value] of Object.entries({ ...question.query, ...credentials.query }))
    url.searchParams.set(name, value);
  const method = question.method ?? "GET";
  return {
    service: upstream.service,
    method,
    url,
    headers: { ...question.headers, ...credentials.headers },
    json: question.json,
    reads: question.reads,
    deadlines: ctx.deadlines,
    maxBytes: question.maxBytes,
    // A write that has left is not called back: breaking it off would only make its outcome unknown.
    signal: isWrite({ method, isRead: question.isRead }) ? undefined : ctx.signal,
    isRead: question.isRead,
  };
}

/** One attempt: turn in the budget, request, verdict, log line. */
async function attemptOnce<T>(
  ctx: UpstreamContext,
  upstream: Upstream,
  question: Question<T>,
  key: string,
  attempt: number,
): Promise<{ status: number; value: T | null }> {
  const { service } = upstream;
  const request = requestOf(ctx, upstream, question, key);
  ctx.signal?.throwIfAborted();
  const budget = upstream.budget(ctx.config);
  if (budget)
    await reserve(ctx.db, service, budget, {
      priority: ctx.priority ?? "bulk",
      maxWaitMs: maxWaitMs(ctx),
      signal: ctx.signal,
    });
  const started = performance.now();
  let status: number | null = null;
  let errorCode: string | null = null;
  try {
    const answer = await send(request);
    status = answer.status;
    return { status, value: readAnswer(upstream, question, request, answer, key) };
  } catch (error) {
    errorCode = error instanceof UpstreamError ? error.code : "ABORTED";
    if (error instanceof UpstreamError) status ??= error.status ?? null;
    throw error;
  } finally {
    const durationMs = performance.now() - started;
    ctx.onRequest?.(durationMs);
    logCall(ctx.db, {
      service,
      endpoint: question.endpoint,
      method: request.method,
      status,
      errorCode,
      durationMs,
      cached: false,
      attempt,
    });
  }
}

function readAnswer<T>(
  upstream: Upstream,
  question: Question<T>,
  request: HttpRequest,
  answer: HttpAnswer,
  key: string,
): T | null {
  const { status } = answer;
  const verdict = judge(answer, upstream.judge);
  if (verdict.kind === "missing") return null;
  const details: UpstreamErrorDetails = {
    status,
    // A 4xx says "not taken"; after a 2xx or 5xx the write may have happened.
    outcomeUnknown: isWrite(request) && (status < 300 || status >= 500),
  };
  if (verdict.kind === "fault") {
    const said = verdict.details?.said;
    throw new UpstreamError(upstream.service, verdict.fault, {
      ...details,
      ...verdict.details,
      said: said === undefined ? undefined : redact(said, [key]),
    });
  }
  return parseShape(upstream.service, question.shape, verdict.value, details);
}

function isWorthAQuickRetry(error: unknown): error is UpstreamError {
  return (
    error instanceof UpstreamError &&
    (error.code === "TIMEOUT" || error.code === "CONNECTION" || error.code === "HTTP_5XX") &&
    (error.retryAfterMs ?? 0) <= 1_000
  );
}

/**
 * At most two more attempts, for reads, when the fault looks like a hiccup, within one total deadline. Each takes its own slot
 * of the budget. Longer trouble is the queue's: its retries come minutes later and do not multiply with these.
 */
async function withQuickRetries<T>(
  ctx: UpstreamContext,
  upstream: Upstream,
  question: Question<T>,
  key: string,
): Promise<{ status: number; value: T | null }> {
  const started = performance.now();
  const patienceMs = ctx.deadlines?.totalMs ?? DEADLINES.totalMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await attemptOnce(ctx, upstream, question, key, attempt);
      noteSuccess(upstream.service);
      return result;
    } catch (error) {
      const last =
        attempt >= MAX_ATTEMPTS ||
        (question.method ?? "GET") !== "GET" ||
        !isWorthAQuickRetry(error) ||
        performance.now() - started > patienceMs;
      if (last)
        throw error instanceof UpstreamError ? await drawConsequences(ctx, upstream, error, key) : error;
      await sleep(Math.random() * QUICK_RETRY_MS * 2 ** (attempt - 1), undefined, { signal: ctx.signal });
    }
  }
}

/**
 * Asks an upstream something that is not kept: writes, lists.
 *
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError · the signal's reason
 */
export async function ask<T>(ctx: UpstreamContext, upstream: Upstream, question: Question<T>): Promise<T> {
  const key = keyOf(ctx, upstream);
  if (!ctx.pastCircuit) await checkCircuit(ctx.db, upstream.service, key);
  const { status, value } = await withQuickRetries(ctx, upstream, question, key);
  if (value === null) throw new UpstreamError(upstream.service, "REFUSED", { status, detail: "NOT_FOUND" });
  return value;
}

/**
 * Asks an upstream something whose answer is kept. In this order: fresh cache (also while the circuit is open: it costs
 * nothing; left out where `ctx.fresh` asks for news, or `ctx.emptySince` for another look), circuit, single flight, budget, request.
 *
 * @returns the answer and where it comes from; value null for "not known there"
 * @throws as `ask`, when there is no stale answer to fall back on
 */
export async function askCached<T>(
  ctx: UpstreamContext,
  upstream: Upstream,
  question: CachedQuestion<T>,
): Promise<Answer<T | null>> {
  const key = keyOf(ctx, upstream);
  const { service } = upstream;
  // A whole film takes milliseconds to parse: once is enough.
  let latest: { body: unknown; value: T } | undefined;
  const read = (body: unknown): T => {
    if (latest?.body !== body || latest === undefined) latest = { body, value: question.shape.parse(body) };
    return latest.value;
  };
  const options: FetchOptions = {
    service,
    key: question.cacheKey,
    leaseMs: maxWaitMs(ctx) + 2 * (ctx.deadlines?.totalMs ?? DEADLINES.totalMs),
    patient: ctx.priority === "interactive",
    newer: ctx.fresh ?? false,
    neverStale: question.neverStale ?? false,
    signal: ctx.signal,
    isReadable: (status, body) => {
      try {
        return status === 404 || read(body) !== null;
      } catch {
        return false;
      }
    },
    fetch: async (signal) => {
      if (!ctx.pastCircuit) await checkCircuit(ctx.db, service, key);
      const { status, value } = await withQuickRetries({ ...ctx, signal }, upstream, question, key);
      if (value !== null) latest = { body: value, value };
      return { status: value === null ? 404 : status, body: value, ttlMs: question.ttlMs(value) };
    },
  };
  const answered = ({ status, body }: FoundAnswer) => (status === 404 ? null : read(body));
  let found = await cachedFetch(ctx.db, options);
  const isOld = ctx.emptySince && found.source !== "network" && found.fetchedAt < ctx.emptySince;
  if (isOld && question.isEmpty?.(answered(found)))
    found = await cachedFetch(ctx.db, { ...options, newer: true });
  if (found.source !== "network") logHit(ctx, service, question.endpoint, found);
  return {
    value: answered(found),
    source: found.source,
    fetchedAt: found.fetchedAt,
  };
}

/** Writes down that an answer came from the cache. */
export function logHit(
  ctx: UpstreamContext,
  service: Service,
  endpoint: string,
  found: { status: number; source: "network" | "cache" | "stale" },
): void {
  logCall(ctx.db, {
    service,
    endpoint,
    method: "GET",
    status: found.status,
    errorCode: found.source === "stale" ? "STALE" : null,
    durationMs: 0,
    cached: true,
    attempt: 1,
  });
}
