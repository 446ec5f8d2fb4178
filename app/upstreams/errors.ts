import { RetryLater } from "#app/errors.ts";
import { type Service, serviceInfo } from "#app/upstreams/services.ts";

/**
 * What can go wrong at an upstream.
 *
 * - `TIMEOUT`, `CONNECTION`: no whole answer came (deadline; refused, reset, name or TLS trouble)
 * - `BAD_ANSWER`: an answer that is not what was asked for (HTML, garbage, cut off, too large, a redirect, another shape)
 * - `HTTP_5XX`, `RATE_LIMITED`: the upstream says that it is away or that it is too much
 * - `KEY_REFUSED`, `QUOTA_USED_UP`, `CHALLENGED`: nobody gets through until something changes; these open the circuit
 * - `REFUSED`: any other 4xx, or a refusal inside a 2xx: this request, as it is, will never be taken
 */
export type UpstreamFault =
  | "TIMEOUT"
  | "CONNECTION"
  | "BAD_ANSWER"
  | "HTTP_5XX"
  | "RATE_LIMITED"
  | "KEY_REFUSED"
  | "QUOTA_USED_UP"
  | "CHALLENGED"
  | "REFUSED";

const SENTENCES: Record<UpstreamFault, string> = {
  TIMEOUT: "did not answer in time",
  CONNECTION: "could not be reached",
  BAD_ANSWER: "gave an answer that cannot be read",
  HTTP_5XX: "has an internal fault",
  RATE_LIMITED: "asks for fewer requests",
  KEY_REFUSED: "refuses the key",
  QUOTA_USED_UP: "says that the quota is used up",
  CHALLENGED: "takes us for a robot",
  REFUSED: "refused the request",
};

export interface UpstreamErrorDetails {
  /** HTTP status, where there was one. */
  status?: number | undefined;
  /** A machine-readable cause: `ECONNRESET`, `HTML`, `results.3.id: invalid_type`. Part of the message. */
  detail?: string | undefined;
  /** The upstream's own words, secrets taken out. They may hold a title: for people, not for logs, so not part of the message. */
  said?: string | undefined;
  retryAfterMs?: number | undefined;
  /** For writes: the request may have had its effect. Send the same idempotency key again or look, never give up on it. */
  outcomeUnknown?: boolean;
  /** Overrides what the code says by itself. */
  retryable?: boolean;
}

/** One failed call. The message is fit for people and logs: service, what happened, cause; no address, title or key. */
export class UpstreamError extends Error {
  readonly service: Service;
  readonly code: UpstreamFault;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly said: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly outcomeUnknown: boolean;

  constructor(service: Service, code: UpstreamFault, details: UpstreamErrorDetails = {}) {
    const cause = [details.status && `HTTP ${details.status}`, details.detail].filter(Boolean).join(", ");
    super(`${serviceInfo(service).label} ${SENTENCES[code]}${cause ? ` (${cause})` : ""}.`);
    this.name = "UpstreamError";
    this.service = service;
    this.code = code;
    this.retryable = details.retryable ?? code !== "REFUSED";
    this.status = details.status;
    this.detail = details.detail;
    this.said = details.said;
    this.retryAfterMs = details.retryAfterMs;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
  }
}

/** Why a circuit is open. */
export type PauseReason = "KEY_REFUSED" | "QUOTA_USED_UP" | "CHALLENGED" | "RATE_LIMITED";

/** Without a time to come back, a waiting job looks in again after this long: closing the circuit by hand must not need a restart. */
const LOOK_IN_AGAIN_MS = 60_000;

/** The upstream has paused itself: nothing is sent to it until `retryAt`, a changed key, or a person. Burns no attempt. */
export class UpstreamPaused extends RetryLater {
  readonly service: Service;
  readonly reasonCode: PauseReason;
  /** null: until a person or a changed key closes the circuit. */
  readonly retryAt: Date | null;

  constructor(service: Service, reasonCode: PauseReason, reason: string, retryAt: Date | null) {
    super(
      reason,
      retryAt ? Math.max(1_000, Math.min(retryAt.getTime() - Date.now(), 3_600_000)) : LOOK_IN_AGAIN_MS,
    );
    this.name = "UpstreamPaused";
    this.service = service;
    this.reasonCode = reasonCode;
    this.retryAt = retryAt;
  }
}

/** The budget has no slot within the time this caller may wait. Nothing was reserved. Burns no attempt. */
export class BudgetWait extends RetryLater {
  readonly service: Service;
  /** `RATE`: others are before us · `BLOCKED`: the upstream has limited us · `DAILY`: nothing left until 00:00 UTC. */
  readonly reason: "RATE" | "BLOCKED" | "DAILY";

  constructor(service: Service, reason: "RATE" | "BLOCKED" | "DAILY", retryAfterMs: number) {
    const label = serviceInfo(service).label;
    const sentence = {
      RATE: `All ${label} requests of the next seconds are taken.`,
      BLOCKED: `${label} has asked for fewer requests.`,
      DAILY: `The ${label} requests of today are used up; they come back at 00:00 UTC.`,
    }[reason];
    super(sentence, Math.max(100, Math.ceil(retryAfterMs)));
    this.name = "BudgetWait";
    this.service = service;
    this.reason = reason;
  }

  get retryAfterMs(): number {
    return this.delayMs;
  }
}

/** Whether an error says that the upstream is away for now, so that an old answer is better than none. */
export function isUpstreamAway(error: unknown): boolean {
  return (
    error instanceof UpstreamPaused ||
    error instanceof BudgetWait ||
    (error instanceof UpstreamError && error.retryable)
  );
}
