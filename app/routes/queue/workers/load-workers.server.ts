import type { AppContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { listRunningJobs } from "#app/queue/console/running-jobs.server.ts";
import { listWorkers } from "#app/queue/workers.server.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";

const MOST_WORKERS = 100;
const MOST_JOBS = 500;

export type WorkersData = Awaited<ReturnType<typeof loadWorkers>>;
export type WorkerView = WorkersData["present"][number];
export type GoneWorker = WorkersData["gone"][number];

/** Workers that run or ought to, with what each has in hand, and those that ended within the last hour. */
export function loadWorkers({ db }: Pick<AppContext, "db">) {
  return sharedRead("queue:workers", async () => {
    const [foundWorkers, foundJobs] = await Promise.all([
      listWorkers(db, MOST_WORKERS + 1),
      listRunningJobs(db, MOST_JOBS + 1),
    ]);
    const workers = foundWorkers.slice(0, MOST_WORKERS);
    const running = foundJobs
      .slice(0, MOST_JOBS)
      .map(({ payload, ...job }) => ({ ...job, argument: argumentOf(payload) }));
    const isPresent = (worker: (typeof workers)[number]) =>
      worker.state === "running" || worker.state === "silent";
    return {
      hasMoreWorkers: foundWorkers.length > MOST_WORKERS,
      hasMoreJobs: foundJobs.length > MOST_JOBS,
      present: workers.filter(isPresent).map((worker) => ({
        ...worker,
        jobs: running.filter(({ workerId }) => workerId === worker.id),
      })),
      gone: workers.filter((worker) => !isPresent(worker)),
      /** In the hands of nobody who is known: freed within a minute. */
      stray: running.filter(
        ({ workerId }) => !workers.some((worker) => isPresent(worker) && worker.id === workerId),
      ),
    };
  });
}
