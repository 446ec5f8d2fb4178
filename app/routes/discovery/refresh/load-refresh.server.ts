import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { dailyCalls } from "#app/discovery/refresh/budget.ts";
import { feedStates } from "#app/discovery/refresh/feed-state.server.ts";
import { coverage } from "#app/discovery/refresh/freshness.server.ts";
import { listChanged } from "#app/discovery/refresh/list-changed.server.ts";
import { countDue, listDue, listFailing, MOST_COUNTED } from "#app/discovery/refresh/list-due.server.ts";
import { rulesInForce } from "#app/discovery/refresh/rules.server.ts";
import { listRuns, runsPerDay } from "#app/discovery/runs/list-runs.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { AGE_TIERS, type AgeTier, DUE_REASONS, type DueReason } from "#app/works/staleness.ts";

const PAGE_SIZE = 50;
const CHART_DAYS = 90;
/** It reads all works once: some seconds for a million of them, so viewers share it; of a small catalogue it is as new as the rest. */
const COVERAGE_KEPT = { keepMs: 300_000, keepTimes: 100 };
const VIEWS = ["changed", "failing", "runs", "rules"] as const;

export interface DueFilter {
  reason: DueReason | null;
  tier: AgeTier | null;
}

function oneOf<Value extends string>(values: readonly Value[], wanted: string | null): Value | null {
  return values.find((value) => value === wanted) ?? null;
}

export type RefreshView = Awaited<ReturnType<typeof loadRefresh>>;

/** What the refresh page shows: the feeds, coverage and, of the lists, the one that its `view` names. */
export async function loadRefresh({ db, config }: { db: Db; config: Config }, search: URLSearchParams) {
  const view = oneOf(VIEWS, search.get("view"));
  const filter: DueFilter = {
    reason: oneOf(DUE_REASONS, search.get("reason")),
    tier: oneOf(AGE_TIERS, search.get("tier")),
  };
  const rules = await sharedRead("refresh rules", () => rulesInForce(db));
  const [feeds, covered, dueCounts, running, isWorkerAlive, lists] = await Promise.all([
    sharedRead("feed states", () => feedStates(db)),
    sharedRead("coverage", () => coverage(db, rules.rules), COVERAGE_KEPT),
    sharedRead("due counts", () => countDue(db)),
    sharedRead("running refreshes", () => listRuns(db, { kind: "refresh", status: "running" }, { limit: 5 })),
    workerAlive(db),
    readLists(db, view, filter, search.get("cursor"), rules.rules),
  ]);
  return {
    view,
    filter,
    rules,
    feeds,
    coverage: covered,
    dueCounts,
    mostCounted: MOST_COUNTED,
    budget: dailyCalls(config.TMDB_RATE_LIMIT, rules.rules.dailyShare),
    running: running.runs,
    isWorkerAlive,
    off: isOn("tmdb", config) ? null : offSentence("tmdb"),
    ...lists,
  };
}

async function readLists(
  db: Db,
  view: (typeof VIEWS)[number] | null,
  filter: DueFilter,
  cursor: string | null,
  rules: Parameters<typeof listDue>[3],
) {
  const page = { limit: PAGE_SIZE, cursor: cursor ?? undefined };
  const before = /^\d{1,18}$/.exec(cursor ?? "")?.[0];
  const key = `refresh ${view} ${filter.reason} ${filter.tier} ${cursor}`;
  const wanted = { reason: filter.reason ?? undefined, tier: filter.tier ?? undefined };
  return {
    due: view === null ? await sharedRead(key, () => listDue(db, wanted, page, rules)) : null,
    changed:
      view === "changed" ? await sharedRead(key, () => listChanged(db, { limit: PAGE_SIZE, before })) : null,
    failing: view === "failing" ? await sharedRead(key, () => listFailing(db, page)) : null,
    runs: view === "runs" ? await sharedRead(key, () => readRuns(db, before)) : null,
  };
}

async function readRuns(db: Db, before: string | undefined) {
  const [page, perDay] = await Promise.all([
    listRuns(db, { kind: "refresh" }, { limit: PAGE_SIZE, before }),
    runsPerDay(db, "refresh", CHART_DAYS),
  ]);
  return { ...page, perDay };
}
