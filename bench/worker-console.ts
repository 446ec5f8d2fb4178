import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { queriesSent } from "#app/db/query-count.server.ts";
import type { TaskDefinition } from "#app/queue/define-task.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { drainQueue } from "#tests/setup/drain.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { CONSOLE_PAGES, type ConsoleDesk, openConsoleDesk } from "./console-desk.ts";
import { cpuSeconds, familyCpuSeconds, parentOf } from "./cpu-time.ts";
import { atLeast, atMost, type Figure, median, shown } from "./figure.ts";

/** Share of the throughput that is left with the console open, and transactions that a record may cost (must hold 2). */
const LEAST_SHARE = 0.95;
const MOST_EXTRA = 1;
/**
 * Short, so that both slices of a pair meet the same machine. Opening the tabs, which reads all their pages, lies within every slice that has
 * them: a live console reads them every half minute, so it costs less than this.
 */
const SLICE_MS = 4_500;
/** Pairs of slices, with and without, unless `BENCH_PAIRS` says otherwise. */
const PAIRS = 36;
const WARM_UP_MS = 10_000;
/** What tabs that were closed still ask for is answered by then. */
const SETTLE_MS = 300;
/** Jobs that always wait. */
const BACKLOG = 20_000;
/** How often the backlog is filled up. */
const TOP_UP_MS = 900;
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

type TabState = "open" | "closed";

/** What a slice came to: jobs a second, and seconds of processor time by who used them. */
interface Slice {
  jobs: number;
  rate: number;
  cpu: CpuUse | null;
}

type CpuUse = Record<"database" | "worker" | "web", number>;

async function compareSlices(desk: ConsoleDesk): Promise<Figure[]> {
  await desk.addJobs(BACKLOG);
  const worker = await desk.startWorker();
  const tabs = await desk.openTabs(CONSOLE_PAGES);
  const cpu = await cpuMeter(desk, worker.pid);
  await runSlice(desk, cpu, WARM_UP_MS);
  const close = async () => {
    await Promise.all(tabs.map((tab) => tab.hide()));
    await delay(SETTLE_MS);
  };
  await close();
  const slices: Record<TabState, Slice[]> = { open: [], closed: [] };
  for (let pair = 0; pair < Number(process.env.BENCH_PAIRS ?? PAIRS); pair += 1) {
    // Open first, then closed first: what drifts cancels out.
    for (const state of pair % 2 === 0 ? (["open", "closed"] as const) : (["closed", "open"] as const)) {
      if (state === "open") for (const tab of tabs) tab.show();
      slices[state].push(await runSlice(desk, cpu, SLICE_MS));
      if (state === "open") await close();
    }
  }
  await worker.end("SIGTERM");
  return [...rateFigures(slices), ...cpuFigures(slices)];
}

function rateFigures({ open, closed }: Record<TabState, Slice[]>): Figure[] {
  const ratios = open.map(({ rate }, pair) => rate / (closed[pair]?.rate ?? rate));
  const { least, most } = bootstrapInterval(ratios, median);
  return [
    shown("jobs without the console", median(closed.map(({ rate }) => rate)), "a second"),
    atLeast(
      `with five tabs open, to that: median of ${ratios.length} pairs`,
      median(ratios),
      LEAST_SHARE,
      "times",
      3,
    ),
    {
      ...shown("95 % of such medians lie", 0, ""),
      measured: `from ${least.toFixed(3)} to ${most.toFixed(3)} times`,
    },
    shown("the same of all jobs together", rateOf(open) / rateOf(closed), "times", 3),
    { ...shown("all pairs", 0, ""), measured: ratios.map((ratio) => ratio.toFixed(2)).join(" ") },
  ];
}

/** Processor time per job: other programs make a slice slower, but hardly dearer. */
function cpuFigures(slices: Record<TabState, Slice[]>): Figure[] {
  const [open, closed] = [cpuPerJob(slices.open), cpuPerJob(slices.closed)];
  if (open === null || closed === null) return [];
  const both = (use: CpuUse) => use.database + use.worker;
  return [
    shown("processor time per job, database and worker, without", both(closed), "ms", 3),
    shown("with five tabs open, to that", both(open) / both(closed), "times", 3),
    shown("of it the database: with, to without", open.database / closed.database, "times", 3),
    shown("of it the worker: with, to without", open.worker / closed.worker, "times", 3),
    shown("the web process, per job, with", open.web, "ms", 3),
  ];
}

/** Milliseconds per job; null where processor time cannot be read. */
function cpuPerJob(slices: readonly Slice[]): CpuUse | null {
  const jobs = slices.reduce((sum, slice) => sum + slice.jobs, 0);
  const uses = slices.flatMap(({ cpu }) => cpu ?? []);
  if (uses.length < slices.length || jobs === 0) return null;
  const msOf = (who: keyof CpuUse) => (uses.reduce((sum, use) => sum + use[who], 0) * 1_000) / jobs;
  return { database: msOf("database"), worker: msOf("worker"), web: msOf("web") };
}

/** The mean rate: slices last equally long. */
const rateOf = (slices: readonly Slice[]) => slices.reduce((sum, { rate }) => sum + rate, 0) / slices.length;

/** Reads how much processor time everybody has used so far; null where that cannot be read. */
async function cpuMeter(desk: ConsoleDesk, workerPid: number): Promise<() => Promise<CpuUse | null>> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(desk.db);
  const server = await parentOf(rows[0]?.pid ?? 0);
  return async () => {
    const [database, worker, web] = await Promise.all([
      server === null ? null : familyCpuSeconds(server),
      cpuSeconds(workerPid),
      cpuSeconds(desk.webPid),
    ]);
    return database === null || worker === null || web === null ? null : { database, worker, web };
  };
}

/** Lets so much time pass. The backlog is filled up meanwhile, in every slice alike. */
async function runSlice(desk: ConsoleDesk, cpu: () => Promise<CpuUse | null>, ms: number): Promise<Slice> {
  const newest = async () => {
    const { rows } = await sql<{ id: string | null }>`select max(id) as id from job_runs`.execute(desk.db);
    return { id: Number(rows[0]?.id ?? 0), at: performance.now() };
  };
  const usedBefore = await cpu();
  const before = await newest();
  let last = before;
  while (last.at - before.at < ms) {
    await delay(Math.min(TOP_UP_MS, ms - (last.at - before.at)));
    const now = await newest();
    await desk.addJobs(now.id - last.id);
    last = now;
  }
  const used = await cpu();
  const jobs = last.id - before.id;
  return {
    jobs,
    rate: (jobs / (last.at - before.at)) * 1_000,
    cpu: used &&
      usedBefore && {
        database: used.database - usedBefore.database,
        worker: used.worker - usedBefore.worker,
        web: used.web - usedBefore.web,
      },
  };
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
