import type { Registry } from "prom-client";
import type { AppContext } from "#app/context.server.ts";
import { addCounter, addGauge } from "#app/routes/metrics/add-metric.server.ts";
import { type CountedValues, SummedHistogram } from "#app/routes/metrics/summed-histogram.server.ts";
import { type BudgetState, budgetState } from "#app/upstreams/budget-state.server.ts";
import { DURATION_BOUNDS_MS } from "#app/upstreams/call-sums.ts";
import { type CallTotal, callTotals } from "#app/upstreams/call-totals.server.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";
import { isOn, SERVICES } from "#app/upstreams/services.ts";

/** Calls of upstreams, their budgets and circuits. */
export async function addUpstreamMetrics(
  registry: Registry,
  { db, config }: Pick<AppContext, "db" | "config">,
): Promise<void> {
  const [calls, budgets, circuits] = await Promise.all([
    callTotals(db),
    budgetState(db, config),
    circuitStates(db),
  ]);
  addCalls(registry, calls);
  addBudgets(registry, budgets);
  const open = new Set(circuits.filter(({ state }) => state === "open").map(({ service }) => service));
  addGauge(registry, {
    name: "reeldesk_upstream_configured",
    help: "1 when the upstream has its key, 0 when it is off.",
    labelNames: ["service"],
    values: SERVICES.map((service) => ({ labels: { service }, value: isOn(service, config) ? 1 : 0 })),
  });
  addGauge(registry, {
    name: "reeldesk_upstream_circuit_open",
    help: "1 when the upstream has paused itself: a refused key, a used-up quota, a challenge.",
    labelNames: ["service"],
    values: SERVICES.map((service) => ({ labels: { service }, value: open.has(service) ? 1 : 0 })),
  });
}

function addCalls(registry: Registry, calls: readonly CallTotal[]): void {
  const counts = new Map<
    string,
    { labels: { service: string; endpoint: string; outcome: string; cached: string }; value: number }
  >();
  const durations = new Map<string, CountedValues<"service"> & { counts: Map<number, number> }>();
  for (const { service, endpoint, outcome, cached, bucket, calls: made, durationMs } of calls) {
    const key = [service, endpoint, outcome, cached].join(" ");
    const count = counts.get(key) ?? {
      labels: { service, endpoint, outcome, cached: String(cached) },
      value: 0,
    };
    count.value += made;
    counts.set(key, count);
    if (cached) continue;
    const duration = durations.get(service) ?? { labels: { service }, counts: new Map(), sum: 0 };
    duration.counts.set(bucket, (duration.counts.get(bucket) ?? 0) + made);
    duration.sum += durationMs / 1_000;
    durations.set(service, duration);
  }
  addCounter(registry, {
    name: "reeldesk_upstream_calls_total",
    help: "Calls of upstreams, by endpoint and outcome; cached ones never left the house.",
    labelNames: ["service", "endpoint", "outcome", "cached"],
    values: [...counts.values()],
  });
  new SummedHistogram({
    registry,
    name: "reeldesk_upstream_call_duration_seconds",
    help: "How long calls took that left the house, by upstream.",
    labelNames: ["service"],
    bounds: DURATION_BOUNDS_MS.map((ms) => ms / 1_000),
    counted: [...durations.values()],
  });
}

function addBudgets(registry: Registry, budgets: readonly BudgetState[]): void {
  const perService = (name: string, help: string, figureOf: (budget: BudgetState) => number) =>
    addGauge(registry, {
      name,
      help,
      labelNames: ["service"],
      values: budgets.map((budget) => ({ labels: { service: budget.service }, value: figureOf(budget) })),
    });
  perService(
    "reeldesk_upstream_budget_requests",
    "Requests that the upstream allows in a window, or in a day.",
    ({ rate, daily }) => rate?.requests ?? daily?.limit ?? 0,
  );
  perService(
    "reeldesk_upstream_budget_used_requests",
    "Requests sent within the last window, or today.",
    ({ usedInWindow, daily }) => usedInWindow ?? daily?.used ?? 0,
  );
  perService(
    "reeldesk_upstream_budget_left_requests",
    "Requests that are left of the window, or of the day.",
    ({ left }) => left,
  );
  perService(
    "reeldesk_upstream_budget_wait_seconds",
    "How long a request that came now would wait for its turn.",
    ({ waitMs }) => waitMs / 1_000,
  );
}
