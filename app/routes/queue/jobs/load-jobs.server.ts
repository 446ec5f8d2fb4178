import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { isTaskName, taskNames } from "#app/queue/catalog.ts";
import { countWaitingJobs } from "#app/queue/console/count-jobs.server.ts";
import {
  type CompletedPage,
  listCompletedJobs,
  MOST_RUNS_LOOKED_AT,
} from "#app/queue/console/list-completed.server.ts";
import { listWaitingJobs } from "#app/queue/console/list-jobs.server.ts";
import { formatJobFilter, isFiltered, type JobFilter, parseJobFilter } from "#app/queue/job-filter.ts";
import { defaultState, isWaitingState, type JobState, readJobState } from "#app/queue/job-state.ts";
import { countRuns, runsPerHour } from "#app/queue/run-rollup.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";

const PAGE_SIZE = 50;
const CHART_HOURS = 24;
/** A chart of a day may be this late. */
const CHART_LAG_MS = 30_000;

export type JobsPageData = Awaited<ReturnType<typeof loadJobs>>;

/**
 * Everything that the list of jobs shows for its URL: `state`, `q` (the filter's words), `cursor`. All of it is shared by those
 * who look at the same.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function loadJobs({ db }: Pick<AppContext, "db">, params: URLSearchParams) {
  const text = params.get("q") ?? "";
  const { filter, problems } = parseJobFilter(text);
  const words = formatJobFilter(filter);
  const filtered = isFiltered(filter);
  const askedState = readJobState(params.get("state"));
  const cursor = params.get("cursor") || undefined;
  const [waiting, runs, hours, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:counts?${words}`, () => countWaitingJobs(db, filter)),
    sharedRead("queue:runs", () => countRuns(db)),
    sharedRead(`queue:hours?${filter.task ?? ""}`, () => readHours(db, filter.task), {
      keepMs: CHART_LAG_MS,
    }),
    workerAlive(db),
  ]);
  const state = askedState ?? defaultState(waiting.counts, filtered);
  const page =
    problems.length > 0
      ? { jobs: [], nextCursor: null, lookedBackTo: null }
      : await sharedRead(`queue:jobs?${state}&${cursor ?? ""}&${words}`, () =>
          readPage(db, state, filter, cursor),
        );
  const completed = runs.completed ?? 0;
  return {
    state,
    text,
    words,
    problems,
    isFiltered: filtered || cursor !== undefined,
    // Counting the completed ones that match would read all of them.
    counts: { ...waiting.counts, completed: filtered ? null : completed },
    isAnythingThere: completed > 0 || Object.values(waiting.counts).some((count) => count > 0),
    hours,
    isWorkerAlive,
    knownTasks: taskNames,
    /** Of the jobs on this page: no worker of this version takes them up. */
    unknownTasks: [...new Set(page.jobs.map(({ task }) => task))].filter((task) => !isTaskName(task)),
    ...page,
    mostLookedAt: MOST_RUNS_LOOKED_AT,
    bound: isWaitingState(state) ? waiting.bound : null,
  };
}

async function readHours(db: Db, task: string | undefined) {
  const hours = await runsPerHour(db, { hours: CHART_HOURS, ...(task !== undefined && { task }) });
  return hours.map(({ hour, runs }) => ({
    at: hour,
    values: { done: runs.completed ?? 0, failed: (runs.failed ?? 0) + (runs.lost ?? 0) },
  }));
}

async function readPage(
  db: Db,
  state: JobState,
  filter: JobFilter,
  cursor: string | undefined,
): Promise<CompletedPage> {
  const page = { limit: PAGE_SIZE, cursor };
  if (isWaitingState(state))
    return { ...(await listWaitingJobs(db, { state, filter }, page)), lookedBackTo: null };
  return listCompletedJobs(db, filter, page);
}
