import { performance } from "node:perf_hooks";
import { MAX_PUSH_BACK_MS, pushBack, untilMidnightUtc } from "#app/upstreams/budget.server.ts";
import { openCircuit } from "#app/upstreams/circuit.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { Upstream } from "#app/upstreams/definition.server.ts";
import { BudgetWait, type UpstreamError } from "#app/upstreams/errors.ts";
import { dropHeldSlots } from "#app/upstreams/reserve.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/** 429s in a row, by service: without a Retry-After each doubles the pause. */
const strikes = new Map<Service, { count: number; until: number }>();

/** A robot check passes by itself more often than not; asking sooner prolongs it. */
const CHALLENGE_PAUSE_MS = 15 * 60_000;

/** The service answers again. */
export function noteSuccess(service: Service): void {
  strikes.delete(service);
}

/** Draws everybody's consequences from a fault, and gives the error that the caller gets. */
export async function drawConsequences(
  ctx: UpstreamContext,
  upstream: Upstream,
  error: UpstreamError,
  key: string,
): Promise<Error> {
  const { db } = ctx;
  const { service, code } = error;
  switch (code) {
    case "RATE_LIMITED": {
      const budget = upstream.budget(ctx.config);
      const rate = budget && "rate" in budget ? budget.rate : null;
      const waitMs = pauseAfterLimit(service, error.retryAfterMs, rate?.perMs ?? 10_000);
      if (!rate) return openCircuit(db, service, { reasonCode: code, key, forMs: waitMs });
      dropHeldSlots(db, service);
      await pushBack(db, service, waitMs);
      return new BudgetWait(service, "BLOCKED", waitMs);
    }
    case "KEY_REFUSED":
      return openCircuit(db, service, { reasonCode: code, key, forMs: null });
    case "QUOTA_USED_UP":
      return openCircuit(db, service, { reasonCode: code, key, forMs: untilMidnightUtc() });
    case "CHALLENGED":
      return openCircuit(db, service, { reasonCode: code, key, forMs: CHALLENGE_PAUSE_MS });
    default:
      return error;
  }
}

function pauseAfterLimit(service: Service, namedMs: number | undefined, windowMs: number): number {
  const now = performance.now();
  const last = strikes.get(service);
  // Requests that were under way together are one strike, not several.
  const count = (last?.count ?? 0) + (last && now < last.until ? 0 : 1);
  // A named time of zero would be answered with the same 429 at once.
  const waitMs = Math.max(500, namedMs ?? Math.min(windowMs * 2 ** (count - 1), MAX_PUSH_BACK_MS));
  strikes.set(service, { count, until: now + waitMs });
  return waitMs;
}
