import type { Registry } from "prom-client";
import type { Db } from "#app/db/client.server.ts";
import { taskNames } from "#app/queue/catalog.ts";
import { type QueueDepth, queueDepth } from "#app/queue/console/queue-depth.server.ts";
import { waitingStates } from "#app/queue/job-state.ts";
import { activePauses } from "#app/queue/pauses.server.ts";
import { type RunDurations, runDurations } from "#app/queue/run-rollup.server.ts";
import { RUN_SECONDS } from "#app/queue/run-seconds.ts";
import { listSchedules, type Schedule } from "#app/queue/schedules.server.ts";
import { type WorkerVitals, workerVitals } from "#app/queue/worker-vitals.server.ts";
import { addCounter, addGauge } from "#app/routes/metrics/add-metric.server.ts";
import { type CountedValues, SummedHistogram } from "#app/routes/metrics/summed-histogram.server.ts";
import { orProblem } from "#app/routes/schedules/read-schedules.server.ts";

/** Jobs that wait, runs that ended, pauses, workers, schedules. */
export async function addQueueMetrics(registry: Registry, db: Db): Promise<void> {
  const [depth, runs, pauses, workers, { schedules }] = await Promise.all([
    queueDepth(db),
    runDurations(db),
    activePauses(db),
    workerVitals(db),
    orProblem(listSchedules(db)),
  ]);
  addDepth(registry, depth);
  addRuns(registry, runs);
  addGauge(registry, {
    name: "reeldesk_queue_pauses",
    help: "Pauses that hold: of a task, an upstream or an import.",
    labelNames: [],
    values: [{ labels: {}, value: pauses.length }],
  });
  addWorkers(registry, workers);
  addSchedules(registry, schedules);
}

function addDepth(registry: Registry, depth: readonly QueueDepth[]): void {
  // Every task of ours in every state: a line that is missing is not 0 to those who watch it.
  const jobs = new Map<string, Pick<QueueDepth, "task" | "state" | "jobs">>(
    taskNames.flatMap((task) => waitingStates.map((state) => [`${task} ${state}`, { task, state, jobs: 0 }])),
  );
  for (const { task, state, jobs: count } of depth)
    jobs.set(`${task} ${state}`, { task, state, jobs: count });
  addGauge(registry, {
    name: "reeldesk_queue_jobs",
    help: "Jobs in the queue, by task and state.",
    labelNames: ["task", "state"],
    values: [...jobs.values()].map(({ task, state, jobs: value }) => ({ labels: { task, state }, value })),
  });
  addGauge(registry, {
    name: "reeldesk_queue_oldest_due_seconds",
    help: "How long the job that is due longest has been due.",
    labelNames: [],
    values: [
      {
        labels: {},
        value: Math.max(
          0,
          ...depth.filter(({ state }) => state === "queued").map(({ oldestDueSeconds }) => oldestDueSeconds),
        ),
      },
    ],
  });
}

function addRuns(registry: Registry, runs: readonly RunDurations[]): void {
  const counts = new Map<string, { labels: { task: string; outcome: string }; value: number }>();
  const durations = new Map<string, CountedValues<"task"> & { counts: Map<number, number> }>();
  for (const { task, outcome, bucket, runs: ended, durationMs } of runs) {
    const count = counts.get(`${task} ${outcome}`) ?? { labels: { task, outcome }, value: 0 };
    count.value += ended;
    counts.set(`${task} ${outcome}`, count);
    // Discarded by an operator: it never ran.
    if (outcome === "discarded") continue;
    const duration = durations.get(task) ?? { labels: { task }, counts: new Map(), sum: 0 };
    duration.counts.set(bucket, (duration.counts.get(bucket) ?? 0) + ended);
    duration.sum += durationMs / 1_000;
    durations.set(task, duration);
  }
  addCounter(registry, {
    name: "reeldesk_runs_total",
    help: "Attempts of jobs that ended, by task and outcome. Failed for good: failed. Lost: its worker died, and another took the job over.",
    labelNames: ["task", "outcome"],
    values: [...counts.values()],
  });
  new SummedHistogram({
    registry,
    name: "reeldesk_run_duration_seconds",
    help: "How long attempts of jobs took, by task.",
    labelNames: ["task"],
    bounds: RUN_SECONDS,
    counted: [...durations.values()],
  });
}

function addWorkers(registry: Registry, workers: readonly WorkerVitals[]): void {
  const states = ["running", "silent", "dead"] as const;
  addGauge(registry, {
    name: "reeldesk_workers",
    help: "Workers of the last hour that have not signed off, by state.",
    labelNames: ["state"],
    values: states.map((state) => ({
      labels: { state },
      value: workers.filter((worker) => worker.state === state).length,
    })),
  });
  const alive = workers.filter(({ state }) => state !== "dead");
  const perWorker = (name: string, help: string, figureOf: (worker: WorkerVitals) => number) =>
    addGauge(registry, {
      name,
      help,
      labelNames: ["worker"],
      values: alive.map((worker) => ({ labels: { worker: worker.id }, value: figureOf(worker) })),
    });
  perWorker(
    "reeldesk_worker_heartbeat_age_seconds",
    "Seconds since the worker's last heartbeat.",
    ({ heartbeatAgeSeconds }) => heartbeatAgeSeconds,
  );
  perWorker("reeldesk_worker_slots", "Jobs that the worker runs at once.", ({ slots }) => slots);
  perWorker("reeldesk_worker_busy_slots", "Jobs that the worker runs now.", ({ busySlots }) => busySlots);
  perWorker(
    "reeldesk_worker_memory_bytes",
    "Resident memory of the worker's process.",
    ({ memoryBytes }) => memoryBytes ?? 0,
  );
}

function addSchedules(registry: Registry, schedules: readonly Schedule[]): void {
  addGauge(registry, {
    name: "reeldesk_schedule_overdue",
    help: "1 when a schedule is late: it should have run and has not.",
    labelNames: ["schedule"],
    values: schedules.map(({ id, state }) => ({
      labels: { schedule: id },
      value: state === "overdue" ? 1 : 0,
    })),
  });
  addGauge(registry, {
    name: "reeldesk_schedule_last_success_timestamp_seconds",
    help: "When a run of the schedule last ended well, in seconds since 1970.",
    labelNames: ["schedule"],
    values: schedules.flatMap(({ id, runs }) => {
      const last = runs.find(({ outcome }) => outcome === "completed");
      return last
        ? [
            {
              labels: { schedule: id },
              value: (last.startedAt.getTime() + last.durationMs) / 1_000,
            },
          ]
        : [];
    }),
  });
}
