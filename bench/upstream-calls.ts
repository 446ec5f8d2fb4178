import { sql } from "kysely";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { type CallFilter, listCalls } from "#app/upstreams/call-log-queries.server.ts";
import { readCallBars, readCallKinds, readCallSums } from "#app/upstreams/call-sums.server.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { testConfig } from "#tests/setup/drain.ts";
import { atMost, type Figure, held, median, shown } from "./figure.ts";
import { fillCalls } from "./fill-calls.ts";

/** 90 days of 110,000 calls. */
const MANY = 10_000_000;
const FEW = 10_000;
const REPEATS = 25;
const LIMIT = 50;
/** Times the same page over FEW calls. */
const MOST = 5;
/** For sums, which grow with the time that they span and the kinds of calls in it, not with the calls. */
const MOST_OF_SUMS = 10;

/** Every page of the call log and every read of the upstreams page over 10,000,000 calls, against the same over 10,000. */
export async function measureCalls(): Promise<Figure[]> {
  const server = await startRestartableServer();
  const few = createDatabase(await server.createDatabase("few"));
  const many = createDatabase(await server.createDatabase("many"));
  try {
    await fillCalls(few.db, FEW);
    await fillCalls(many.db, MANY);
    return [...(await comparePages(few.db, many.db)), ...(await measurePruning(many.db))];
  } finally {
    await few.close();
    await many.close();
    await server.close();
  }
}

type Page = (db: Db) => Promise<unknown>;

const log =
  (filter: CallFilter): Page =>
  (db) =>
    listCalls(db, filter, { limit: LIMIT });

/** A page whose cursor stands in the middle of the time that the calls span. */
const deep =
  (filter: CallFilter): Page =>
  async (db) => {
    const cursor = Buffer.from("2026-08-20T00:00:00.000000Z 1").toString("base64url");
    return listCalls(db, filter, { limit: LIMIT, cursor });
  };

const pages: Record<string, Page> = {
  "log, last hour": log({ hours: 1 }),
  "log, 90 days": log({}),
  "log, 90 days, half way down": deep({}),
  "log, by service": log({ service: "catalogue" }),
  "log, by endpoint": log({ service: "tmdb", endpoint: "/tv/{id}" }),
  "log, failed": log({ outcome: "failed" }),
  "log, by error": log({ outcome: "BAD_ANSWER" }),
  "log, not found": log({ outcome: "NOT_FOUND" }),
  "log, from the cache": log({ cached: true }),
  "log, by task": log({ task: "refresh_work" }),
  "log, by job": log({ jobId: "50" }),
  "log, by import": log({ importJobId: "00000000-0000-4000-8000-000000000000" }),
  "log, by work": log({ workId: "42" }),
  "log, filters that never meet": log({ endpoint: "/nowhere", cached: true }),
  "log, an endpoint never called": log({ service: "tmdb", endpoint: "/configuration" }),
  "sums of an hour": (db) => readCallSums(db, "1h"),
  "sums of 24 hours": (db) => readCallSums(db, "24h"),
  "sums of 90 days": (db) => readCallSums(db, "90d"),
  "bars of 24 hours": (db) => readCallBars(db, "24h"),
  "bars of 90 days": (db) => readCallBars(db, "90d"),
  "kinds of calls": readCallKinds,
  budgets: (db) => budgetState(db, testConfig()),
};

async function comparePages(few: Db, many: Db): Promise<Figure[]> {
  const figures: Figure[] = [];
  const before = await sequentialScans(many);
  for (const [what, page] of Object.entries(pages)) {
    const fewMs = await medianMs(() => page(few));
    const manyMs = await medianMs(() => page(many));
    figures.push(shown(what, manyMs, "ms", 1));
    // Below a few milliseconds a ratio is noise.
    const most = what.startsWith("log") ? MOST : MOST_OF_SUMS;
    figures.push(atMost(`${what}: to that over ${FEW} calls`, manyMs / Math.max(fewMs, 3), most, "times"));
  }
  const scans = (await sequentialScans(many)) - before;
  figures.push(held("no page reads the whole log", scans === 0, `${scans} whole-table reads`));
  return figures;
}

/** A day's calls are the log's oldest: pruned while others write, nobody may wait long for a batch. */
async function measurePruning(db: Db): Promise<Figure[]> {
  await sql`update upstream_calls set at = at - interval '1 day' where at < now() - interval '88 days 23 hours'`.execute(
    db,
  );
  await sql`delete from upstream_calls where at < now() - interval '91 days'`.execute(db);
  const insert = () =>
    medianOf(20, () =>
      sql`insert into upstream_calls (service, endpoint, duration_ms)
        select 'tmdb', '/movie/{id}', 1 from generate_series(1, 100)`.execute(db),
    );
  const aloneMs = await insert();
  const started = performance.now();
  const pruning = pruneHistory(db);
  const besideMs = await insert();
  const { upstream_calls: pruned = 0 } = await pruning;
  const seconds = (performance.now() - started) / 1000;
  return [
    shown("pruning a day's calls", pruned / seconds, "calls/s"),
    shown("logging 100 calls", aloneMs, "ms", 1),
    atMost("logging 100 calls while pruning: to that without", besideMs / aloneMs, 10, "times"),
  ];
}

async function medianMs(page: () => Promise<unknown>): Promise<number> {
  // The first turns fill PostgreSQL's cache and warm up our own code.
  for (let turn = 0; turn < 3; turn++) await page();
  return medianOf(REPEATS, page);
}

async function medianOf(turns: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return median(times);
}

async function sequentialScans(db: Db): Promise<number> {
  // A backend reports its numbers when it comes to rest, at most once a second, unless it is told to.
  for (let turn = 0; turn < 10; turn++) await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scans: string }>`
    select seq_scan as scans from pg_stat_user_tables where relname = 'upstream_calls'`.execute(db);
  return Number(rows[0]?.scans ?? 0);
}
