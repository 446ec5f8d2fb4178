import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { flagOf } from "#app/queue/job-flags.ts";
import { activePauses } from "#app/queue/pauses.server.ts";
import { lastTests } from "#app/routes/upstreams/last-tests.server.ts";
import { upstreamState } from "#app/routes/upstreams/upstream-state.ts";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { cacheSizes } from "#app/upstreams/cache-size.server.ts";
import { readCallBars, readCallSums } from "#app/upstreams/call-sums.server.ts";
import {
  CALL_RANGES,
  type CallFigures,
  type CallRange,
  type CallSum,
  fateOf,
  figuresOf,
  partBy,
} from "#app/upstreams/call-sums.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";
import { CONNECTION_TESTS } from "#app/upstreams/connection-tests.server.ts";
import { UPSTREAMS } from "#app/upstreams/registry.server.ts";
import {
  isOn,
  isService,
  offSentence,
  SERVICES,
  type Service,
  serviceInfo,
} from "#app/upstreams/services.ts";

/** The range that an address without one means. */
const USUAL_RANGE: CallRange = "24h";
/** Kept for longer than viewers are told of changes: a count of the cache, a chart of days. */
const SLOW_KEPT_MS = 30_000;
/** Rows of each breakdown. */
const MOST_ROWS = 20;

export type UpstreamsData = Awaited<ReturnType<typeof loadUpstreams>>;
export type UpstreamView = UpstreamsData["upstreams"][number];

/** How every service stands, and what was asked of them in the range that the address says. */
export async function loadUpstreams(
  { db, config }: Pick<AppContext, "db" | "config">,
  params: URLSearchParams,
) {
  const range = CALL_RANGES.find((each) => each === params.get("range")) ?? USUAL_RANGE;
  const asked = params.get("service") ?? "";
  const service = isService(asked) ? asked : undefined;
  const [hour, day, ofRange, bars, caches, state] = await Promise.all([
    readSums(db, "1h"),
    readSums(db, "24h"),
    readSums(db, range),
    sharedRead(`upstreams:bars:${range}:${service ?? ""}`, () => readCallBars(db, range, service), {
      keepMs: keptMs(range),
    }),
    sharedRead("upstreams:cache", () => cacheSizes(db), { keepMs: SLOW_KEPT_MS }),
    sharedRead("upstreams:state", () => readState(db, config)),
  ]);
  const sums = service ? ofRange.filter((sum) => sum.service === service) : ofRange;
  return {
    range,
    service: service ?? null,
    upstreams: SERVICES.map((each) =>
      viewOf(each, config, {
        ...state,
        hour: figuresOf(hour.filter((sum) => sum.service === each)),
        day: figuresOf(day.filter((sum) => sum.service === each)),
        cache: caches.find((cache) => cache.service === each) ?? null,
      }),
    ),
    bars,
    total: figuresOf(sums),
    ...breakdownsOf(sums),
  };
}

function readSums(db: Db, range: CallRange): Promise<CallSum[]> {
  return sharedRead(`upstreams:sums:${range}`, () => readCallSums(db, range), { keepMs: keptMs(range) });
}

function keptMs(range: CallRange): number {
  return range === "1h" || range === "24h" ? 0 : SLOW_KEPT_MS;
}

async function readState(db: Db, config: AppContext["config"]) {
  const [budgets, circuits, pauses, tests] = await Promise.all([
    budgetState(db, config),
    circuitStates(db),
    activePauses(db),
    lastTests(db),
  ]);
  return { budgets, circuits, pauses, tests };
}

type Read = Awaited<ReturnType<typeof readState>> & {
  hour: CallFigures;
  day: CallFigures;
  cache: Awaited<ReturnType<typeof cacheSizes>>[number] | null;
};

function viewOf(service: Service, config: AppContext["config"], read: Read) {
  const { label, purpose, variables } = serviceInfo(service);
  const on = isOn(service, config);
  const budget = read.budgets.find((each) => each.service === service) ?? null;
  const circuit = read.circuits.find((each) => each.service === service && each.state === "open") ?? null;
  const pause = read.pauses.find(({ flag }) => flag === flagOf({ kind: "upstream", service })) ?? null;
  const { asks, costs } = CONNECTION_TESTS[service];
  return {
    service,
    label,
    purpose,
    off: on ? null : offSentence(service),
    // Whether they are set; what they hold is nobody's to read.
    variables: variables.map((name) => ({ name, isSet: Boolean(config[name]) })),
    address: addressOf(UPSTREAMS[service].baseUrl(config)),
    state: upstreamState({
      isOn: on,
      isCircuitOpen: circuit !== null,
      isPaused: pause !== null,
      isLimited: budget !== null && (budget.blockedUntil !== null || budget.daily?.left === 0),
      calls: read.hour,
    }),
    test: { asks, costs, last: read.tests.get(service) ?? null },
    budget,
    circuit,
    pause,
    hour: read.hour,
    day: read.day,
    cache: read.cache,
  };
}

/** Without the user and password that an address can hold. */
function addressOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** What was called, by endpoint and by task, and what went wrong, most first. */
function breakdownsOf(sums: readonly CallSum[]) {
  const kinds = partBy(sums, ({ service, endpoint }) => `${service} ${endpoint}`);
  const tasks = partBy(sums, ({ task }) => task ?? "");
  const failed = sums.filter((sum) => fateOf(sum) === "failed" || sum.outcome === "STALE");
  const errors = partBy(failed, ({ service, outcome }) => `${service} ${outcome}`);
  return {
    /** How many of each there are: the first few are shown. */
    kinds: { endpoints: kinds.length, tasks: tasks.length, errors: errors.length },
    endpoints: kinds.slice(0, MOST_ROWS).map(({ sums: part }) => ({
      service: part[0].service,
      label: labelOf(part[0].service),
      endpoint: part[0].endpoint,
      ...figuresOf(part),
    })),
    tasks: tasks.slice(0, MOST_ROWS).map(({ sums: part }) => ({ task: part[0].task, ...figuresOf(part) })),
    errors: errors.slice(0, MOST_ROWS).map(({ sums: part }) => ({
      service: part[0].service,
      label: labelOf(part[0].service),
      outcome: part[0].outcome,
      calls: part.reduce((calls, sum) => calls + sum.calls, 0),
      endpoints: [...new Set(part.map(({ endpoint }) => endpoint))].slice(0, 3),
    })),
  };
}

function labelOf(service: string): string {
  return isService(service) ? serviceInfo(service).label : service;
}
