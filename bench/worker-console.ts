import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { queriesSent } from "#app/db/query-count.server.ts";
import type { TaskDefinition } from "#app/queue/define-task.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { drainQueue } from "#tests/setup/drain.ts";
import { CONSOLE_PAGES, type ConsoleDesk, openConsoleDesk } from "./console-desk.ts";
import { atLeast, atMost, type Figure, median, shown } from "./figure.ts";

/** Share of the throughput that is left with the console open, and transactions that a record may cost (must hold 2). */
const LEAST_SHARE = 0.95;
const MOST_EXTRA = 1;
/** Long enough for several rounds of live updates: opening the tabs, which costs a round of its own, happens once in each. */
const SLICE_MS = 20_000;
/** Pairs of slices, with and without. */
const PAIRS = 6;
const WARM_UP_MS = 10_000;
/** Jobs that always wait. */
const BACKLOG = 20_000;
/** Jobs drained for the count of transactions: enough that what begins and ends a worker does not show. */
const COUNTED_JOBS = 3_000;

/** What the console costs those who work: throughput with five tabs open to that without, in turns, and records per job. */
export async function measureThroughput(): Promise<Figure[]> {
  const desk = await openConsoleDesk("worker_console");
  try {
    return [...(await compareSlices(desk)), ...(await countTransactions(desk))];
  } finally {
    await desk.close();
  }
}

async function compareSlices(desk: ConsoleDesk): Promise<Figure[]> {
  await desk.addJobs(BACKLOG);
  const worker = await desk.startWorker();
  const tabs = await desk.openTabs(CONSOLE_PAGES);
  await runsIn(desk, WARM_UP_MS);
  await Promise.all(tabs.map((tab) => tab.hide()));
  const closed: number[] = [];
  const ratios: number[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const jobs = { open: 0, closed: 0 };
    // Open first, then closed first: what drifts cancels out.
    for (const state of pair % 2 === 0 ? (["open", "closed"] as const) : (["closed", "open"] as const)) {
      if (state === "open") for (const tab of tabs) tab.show();
      jobs[state] = await runsIn(desk, SLICE_MS);
      if (state === "open") await Promise.all(tabs.map((tab) => tab.hide()));
    }
    closed.push((jobs.closed / SLICE_MS) * 1_000);
    ratios.push(jobs.open / jobs.closed);
  }
  await worker.end("SIGTERM");
  return [
    shown("jobs without the console", median(closed), "a second"),
    atLeast("with five tabs open, to that", median(ratios), LEAST_SHARE, "times", 3),
    { ...shown("all pairs", 0, ""), measured: ratios.map((ratio) => ratio.toFixed(2)).join(" ") },
  ];
}

/** Runs that end within so many milliseconds, per exactly that time. The backlog is filled up meanwhile, in every slice alike. */
async function runsIn(desk: ConsoleDesk, ms: number): Promise<number> {
  const newest = async () => {
    const { rows } = await sql<{ id: string | null }>`select max(id) as id from job_runs`.execute(desk.db);
    return { id: Number(rows[0]?.id ?? 0), at: performance.now() };
  };
  const before = await newest();
  let { id } = before;
  while (performance.now() - before.at < ms) {
    await delay(1_000);
    const now = await newest();
    await desk.addJobs(now.id - id);
    id = now.id;
  }
  const after = await newest();
  return ((after.id - before.id) / (after.at - before.at)) * ms;
}

async function countTransactions(desk: ConsoleDesk): Promise<Figure[]> {
  await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`.execute(
    desk.db,
  );
  const bare: TaskDefinition = { name: "fetch_episode_counts", toTask: () => async () => {} };
  const without = await perJob(desk, bare);
  const withRecord = await perJob(
    desk,
    defineTask("fetch_episode_counts", async () => undefined),
  );
  return [
    // graphile-worker completes jobs in batches, smaller ones when each takes longer: no two of these can be compared to the hundredth.
    shown("transactions per job without its record", without.transactions, "", 2),
    shown("transactions per job with it", withRecord.transactions, "", 2),
    // A little for what belongs to no job: looking for pauses once a second.
    atMost("of ours among them", withRecord.ours, MOST_EXTRA + 0.05, "per job", 3),
  ];
}

/** Transactions of the whole server per job, and those of our own statements, each of which is one. */
async function perJob(
  desk: ConsoleDesk,
  task: TaskDefinition,
): Promise<{ transactions: number; ours: number }> {
  await desk.addJobs(COUNTED_JOBS);
  const before = await transactions(desk);
  const sent = queriesSent();
  await drainQueue(desk.databaseUrl, { tasks: [task] });
  const ours = (queriesSent() - sent) / COUNTED_JOBS;
  return { transactions: ((await transactions(desk)) - before) / COUNTED_JOBS, ours };
}

async function transactions(desk: ConsoleDesk): Promise<number> {
  // A backend reports when it ends or has rested for a second.
  await delay(2_000);
  const { rows } = await sql<{ count: string }>`
    select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()`.execute(
    desk.db,
  );
  return Number(rows[0]?.count ?? 0);
}
