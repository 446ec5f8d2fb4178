import type { AppContext } from "#app/context.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { listRunningJobs } from "#app/queue/console/running-jobs.server.ts";
import { listWorkers } from "#app/queue/workers.server.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";

export type WorkersData = Awaited<ReturnType<typeof loadWorkers>>;
export type WorkerView = WorkersData["present"][number];
export type GoneWorker = WorkersData["gone"][number];

/** Workers that run or ought to, with what each has in hand, and those that ended within the last hour. */
export function loadWorkers({ db }: Pick<AppContext, "db">) {
  return sharedRead("queue:workers", async () => {
    const [workers, jobs] = await Promise.all([listWorkers(db), listRunningJobs(db)]);
    const running = jobs.map(({ payload, ...job }) => ({ ...job, argument: argumentOf(payload) }));
    const isPresent = (worker: (typeof workers)[number]) =>
      worker.state === "running" || worker.state === "silent";
    return {
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
