import { setTimeout as delay } from "node:timers/promises";
import { CONSOLE_PAGES, type ConsoleDesk, openConsoleDesk } from "./console-desk.ts";
import { atLeast, atMost, type Figure } from "./figure.ts";

/** Statements a second that an open console may cost, however many look at it (issue "The queue console", must hold 1). */
const LIMIT = 1;
const WARM_UP_MS = 20_000;
const MEASURED_MS = 60_000;
const JOBS_PER_TURN = 25;
const TURN_MS = 500;

/** What open console pages cost the database while jobs run: one tab, 25 tabs of five pages, 25 of the overview. */
export async function measureConsoleLive(): Promise<Figure[]> {
  const desk = await openConsoleDesk("console_live");
  const feeding = new AbortController();
  const feed = feedJobs(desk, feeding.signal);
  try {
    await desk.startWorker();
    const times = (count: number, pages: readonly string[]) =>
      Array.from({ length: count }, (_, at) => pages[at % pages.length] ?? "/queue");
    return [
      ...(await measureTabs(desk, "one tab on the jobs", times(1, CONSOLE_PAGES))),
      ...(await measureTabs(desk, "25 tabs on five pages", times(25, CONSOLE_PAGES))),
      ...(await measureTabs(desk, "25 tabs on the overview", times(25, ["/"]))),
    ];
  } finally {
    feeding.abort();
    await feed;
    await desk.close();
  }
}

async function measureTabs(desk: ConsoleDesk, what: string, pages: string[]): Promise<Figure[]> {
  const tabs = await desk.openTabs(pages);
  await delay(WARM_UP_MS);
  const before = { statements: await desk.statements(), refreshes: refreshes(tabs), at: performance.now() };
  await delay(MEASURED_MS);
  const seconds = (performance.now() - before.at) / 1_000;
  const sent = (await desk.statements()) - before.statements;
  const perTab = (refreshes(tabs) - before.refreshes) / tabs.length;
  await Promise.all(tabs.map((tab) => tab.hide()));
  return [
    atMost(`${what}: statements`, sent / seconds, LIMIT, "a second"),
    // A console that never moves would cost nothing.
    atLeast(`${what}: each refreshed`, perTab, 1, "times a minute", 1),
  ];
}

const refreshes = (tabs: readonly { refreshes(): number }[]): number =>
  tabs.reduce((sum, tab) => sum + tab.refreshes(), 0);

/** Jobs come all the time, so that there is always something to tell. */
async function feedJobs(desk: ConsoleDesk, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await desk.addJobs(JOBS_PER_TURN);
    await delay(TURN_MS);
  }
}
