import { performance } from "node:perf_hooks";
import { Agent, errors as undici } from "undici";
import {
  BodyTooLarge,
  parseJson,
  parseText,
  readBody,
  UnknownEncoding,
} from "#app/upstreams/answer-body.server.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import type { Service } from "#app/upstreams/services.ts";

/** All in milliseconds. `headersMs` and `bodyMs` are silences; `totalMs` ends what drips one byte at a time. */
export interface Deadlines {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  /** One request, from the first byte out to the last byte in. */
  totalMs: number;
}

export const DEADLINES: Deadlines = { connectMs: 4_000, headersMs: 10_000, bodyMs: 8_000, totalMs: 15_000 };

/** A film with everything appended is 0.3–1 MB; nothing that is asked for comes near this. */
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

export interface HttpRequest {
  service: Service;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** It only asks, by whatever method. */
  isRead?: boolean | undefined;
  /** With credentials in it, perhaps: never logged, never part of an error. */
  url: URL;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** What the answer is read as: JSON, or the text of a page. JSON by default. */
  reads?: "json" | "page" | undefined;
  deadlines?: Partial<Deadlines> | undefined;
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names; repeated headers joined. */
  headers: Record<string, string>;
  /** The parsed body, or why it is none. An error answer's body may well be HTML: that is for the caller to judge. */
  body: { value: unknown } | { problem: string };
  durationMs: number;
}

/**
 * One agent per connect deadline (there is one in production): it keeps a pool per origin.
 *
 * Connections are not capped: a request that waits in a pool would reach the upstream long after the slot its budget gave it.
 * The budget itself bounds them. HTTP/1.1, because a request on a shared HTTP/2 session fails together with its neighbours.
 */
const agents = new Map<number, Agent>();

function agentFor(connectMs: number): Agent {
  let agent = agents.get(connectMs);
  if (!agent) {
    agent = new Agent({ connect: { timeout: connectMs }, allowH2: false, pipelining: 1 });
    agents.set(connectMs, agent);
  }
  return agent;
}

/** Whether it changes something there: what has no answer may have happened all the same. */
export function isWrite({ method, isRead }: Pick<HttpRequest, "method" | "isRead">): boolean {
  return method !== "GET" && !isRead;
}

/** Faults before the request left this machine: a write that failed so has certainly had no effect. */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function causeCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeCode(error.errors[0]);
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "UNKNOWN";
}

function isTlsRefusal(code: string): boolean {
  return code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code.includes("CERT");
}

/** Turns what undici, zlib or the deadline threw into a fault. Their messages may hold the address: only their codes are kept. */
function faultOf(request: HttpRequest, error: unknown, totalPassed: boolean): UpstreamError {
  const { service } = request;
  const write = isWrite(request);
  if (error instanceof BodyTooLarge)
    return new UpstreamError(service, "BAD_ANSWER", { detail: "TOO_LARGE", outcomeUnknown: write });
  if (error instanceof UnknownEncoding)
    return new UpstreamError(service, "BAD_ANSWER", { detail: "CONTENT_ENCODING", outcomeUnknown: write });
  const code = causeCode(error);
  if (code.startsWith("Z_") || code.startsWith("ERR__ERROR_FORMAT") || code.startsWith("ERR_BROTLI"))
    return new UpstreamError(service, "BAD_ANSWER", { detail: "BROKEN_ENCODING", outcomeUnknown: write });
  const outcomeUnknown = write && !BEFORE_SENDING.has(code) && !isTlsRefusal(code);
  if (totalPassed) return new UpstreamError(service, "TIMEOUT", { detail: "TOTAL", outcomeUnknown });
  if (
    error instanceof undici.ConnectTimeoutError ||
    error instanceof undici.HeadersTimeoutError ||
    error instanceof undici.BodyTimeoutError
  )
    return new UpstreamError(service, "TIMEOUT", { detail: code, outcomeUnknown });
  return new UpstreamError(service, "CONNECTION", { detail: code, outcomeUnknown });
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/**
 * Sends one request and reads its whole answer. No retries, no redirects followed (an address that the upstream names is not
 * one that we chose), every silence and the total bounded, the body capped after decoding.
 *
 * @returns the answer whatever its status; only a 3xx is a fault of its own here
 * @throws UpstreamError TIMEOUT, CONNECTION or BAD_ANSWER; the caller's own abort reason when its signal fires
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  request.signal?.throwIfAborted();
  const deadlines = { ...DEADLINES, ...request.deadlines };
  const started = performance.now();
  const total = AbortSignal.timeout(deadlines.totalMs);
  const signal = request.signal ? AbortSignal.any([request.signal, total]) : total;
  try {
    const answer = await agentFor(deadlines.connectMs).request({
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: request.method,
      headers: {
        accept: request.reads === "page" ? "text/html" : "application/json",
        "accept-encoding": "gzip, br",
        "user-agent": "Reeldesk",
        ...(request.json === undefined ? {} : { "content-type": "application/json" }),
        ...request.headers,
      },
      body: request.json === undefined ? null : JSON.stringify(request.json),
      headersTimeout: deadlines.headersMs,
      bodyTimeout: deadlines.bodyMs,
      signal,
    });
    const headers = joined(answer.headers);
    const bytes = await readBody(answer.body, headers, request.maxBytes ?? MAX_ANSWER_BYTES);
    if (answer.statusCode >= 300 && answer.statusCode < 400)
      throw new UpstreamError(request.service, "BAD_ANSWER", {
        status: answer.statusCode,
        detail: "REDIRECT",
      });
    return {
      status: answer.statusCode,
      headers,
      body: (request.reads === "page" ? parseText : parseJson)(bytes, headers["content-type"]),
      durationMs: Math.round(performance.now() - started),
    };
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    if (request.signal?.aborted && !total.aborted) throw request.signal.reason;
    throw faultOf(request, error, total.aborted);
  }
}
