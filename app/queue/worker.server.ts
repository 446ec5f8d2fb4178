import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { Logger as QueueLogger, type Runner, run, type TaskList, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import type { Config } from "#app/config.server.ts";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import type { Logger } from "#app/logger.server.ts";
import { catalog, type Lane } from "#app/queue/catalog.ts";
import { parkPausedJobs } from "#app/queue/console/park-jobs.server.ts";
import { parseCrontabLines } from "#app/queue/crontab.server.ts";
import type { TaskDefinition, WorkerContext } from "#app/queue/define-task.server.ts";
import { releaseLostJobs } from "#app/queue/job-settlement.server.ts";
import { pausedFlags } from "#app/queue/pauses.server.ts";
import { rollUpRuns } from "#app/queue/run-rollup.server.ts";
import { rememberSchedules } from "#app/queue/schedules.server.ts";
import {
  beat,
  registerWorker,
  signOff,
  sweepOrphanedJobs,
  sweepSilentWorkers,
  WORKER_PACE,
  type WorkerPace,
} from "#app/queue/workers.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";

/** graphile-worker looks for scheduled jobs by polling only: a postponed import chunk waits at most this long too much. */
const POLL_MS = 500;
/** Running tasks are asked to stop after this; a deployment allows 10 s in all. */
const ABORT_AFTER_MS = 2_000;
/** How often a worker looks whether something was paused or resumed. */
const PAUSE_LOOK_MS = 1_000;

export interface WorkerOptions {
  databaseUrl: string;
  config: Config;
  logger: Logger;
  version: string;
  tasks: TaskDefinition[];
  /** Default: the product's. Drills cannot wait half a minute for every death. */
  pace?: WorkerPace;
  /** Run with every sweep on every worker, beside the sweep for silent workers; must be safe to run at once on several. */
  sweeps?: ((db: Db, logger: Logger) => Promise<unknown>)[];
}

export interface RunningWorker {
  id: string;
  /** Stops claiming at once, lets running jobs finish or give back their work, leaves no job locked. */
  stop(): Promise<void>;
}

/**
 * Slots of each lane. Two lanes instead of one pool with a quota: a quota by `forbiddenFlags` is read before the job is
 * fetched, so eight idle slots would all fetch an import chunk at once.
 *
 * @param concurrency WORKER_CONCURRENCY; 1 gives a single lane for everything
 */
export function laneSlots(concurrency: number): { lanes: Lane[]; slots: number }[] {
  if (concurrency === 1) return [{ lanes: ["general", "bulk"], slots: 1 }];
  const bulk = Math.floor(concurrency / 2);
  return [
    { lanes: ["bulk"], slots: bulk },
    { lanes: ["general"], slots: concurrency - bulk },
  ];
}

/** Starts a worker process's work: one runner per lane, heartbeats and sweeps. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config, logger, pace = WORKER_PACE } = options;
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const database = createDatabase(options.databaseUrl, {
    max: 2 * config.WORKER_CONCURRENCY + 4,
    applicationName: "reeldesk worker",
  });
  const context: WorkerContext = { db: database.db, config, logger, workerId: id };
  const crontab = await readFile(path.resolve(import.meta.dirname, "../../crontab"), "utf8");

  await rememberSchedules(
    database.db,
    parseCrontabLines(crontab).map((line) => line.id),
  );
  await registerWorker(database.db, { id, version: options.version, concurrency: config.WORKER_CONCURRENCY });
  const runners = laneSlots(config.WORKER_CONCURRENCY).map(
    (lane) => new LaneRunner(options, context, lane, lane.lanes.includes("general") ? crontab : ""),
  );
  await Promise.all(runners.map((runner) => runner.start()));

  const beatOnce = () =>
    beat(database.db, id, {
      poolIds: runners.flatMap((runner) => runner.poolIds),
      runningJobs: runners.reduce((sum, runner) => sum + runner.runningJobs, 0),
    });
  await beatOnce();
  const sweepOnce = async () => {
    for (const dead of await sweepSilentWorkers(database.db, pace.silentMs))
      logger.warn(
        { deadWorker: dead.id, releasedJobs: dead.releasedJobs },
        "silent worker declared dead, its jobs released",
      );
    const orphans = await sweepOrphanedJobs(database.db);
    if (orphans > 0) logger.warn({ releasedJobs: orphans }, "jobs of unknown workers released");
    for (const sweep of options.sweeps ?? []) await sweep(database.db, logger);
    await parkPausedJobs(database.db);
    await rollUpRuns(database.db);
  };
  const timers = [
    every(pace.heartbeatMs, beatOnce, logger, "heartbeat"),
    every(pace.sweepMs, sweepOnce, logger, "sweep"),
    every(PAUSE_LOOK_MS, parkOnChange(database.db), logger, "look for pauses"),
  ];
  logger.info({ worker: id, concurrency: config.WORKER_CONCURRENCY }, "worker started");

  return {
    id,
    async stop() {
      for (const stopTimer of timers) stopTimer();
      await Promise.all(runners.map((runner) => runner.stop()));
      await flushCallLog(database.db);
      await signOff(database.db, id);
      await database.close();
      logger.info({ worker: id }, "worker stopped");
    },
  };
}

/** Moves paused jobs out of the way, and resumed ones back, as soon as something was paused or resumed. */
function parkOnChange(db: Db): () => Promise<void> {
  let handled: string | undefined;
  return async () => {
    const paused = (await pausedFlags(db)).join();
    if (paused === handled) return;
    await parkPausedJobs(db);
    handled = paused;
  };
}

/** Runs `job` again and again with a pause between; a failure is logged and the next turn tries anew. */
function every(ms: number, job: () => Promise<unknown>, logger: Logger, name: string): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const turn = async () => {
    await job().catch((error) => logger.warn({ err: error }, `${name} failed, will be tried again`));
    if (!stopped) timer = setTimeout(turn, ms);
  };
  timer = setTimeout(turn, ms);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** One graphile-worker runner over the tasks of its lanes, started again whenever it falls over (PostgreSQL restarted). */
class LaneRunner {
  poolIds: string[] = [];
  runningJobs = 0;
  #options: WorkerOptions;
  #context: WorkerContext;
  #lane: { lanes: Lane[]; slots: number };
  #crontab: string;
  #runner: Runner | undefined;
  #pool: pg.Pool | undefined;
  #stopped = false;

  constructor(
    options: WorkerOptions,
    context: WorkerContext,
    lane: { lanes: Lane[]; slots: number },
    crontab: string,
  ) {
    this.#options = options;
    this.#context = context;
    this.#lane = lane;
    this.#crontab = crontab;
  }

  async start(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    const poolIds: string[] = [];
    events.on("pool:create", ({ workerPool }) => poolIds.push(workerPool.id));
    events.on("job:start", () => void this.runningJobs++);
    events.on("job:complete", () => void this.runningJobs--);
    const lost = this.poolIds;
    this.runningJobs = 0;
    const pool = this.#createPool();
    this.#pool = pool;
    // What a fallen runner of our own still holds is freed here, not by the sweep: this worker is not silent.
    await releaseLostJobs(this.#context.db, this.#context.workerId, lost);
    const runner = await run({
      pgPool: pool,
      taskList: this.#taskList(),
      crontab: this.#crontab,
      concurrency: this.#lane.slots,
      pollInterval: POLL_MS,
      // Asked before every fetch. Not together with localQueue, which 0.18 fills without looking at flags.
      forbiddenFlags: async () => [...(await pausedFlags(this.#context.db))],
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: ABORT_AFTER_MS,
      events,
      logger: quietLogger(this.#options.logger),
      // Without these a clean stop leaves one finished job locked per worker: 0.18 does not await the last acknowledgement.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    this.poolIds = poolIds;
    this.#runner = runner;
    runner.promise.then(
      () => this.#restart(),
      (error) => this.#restart(error),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#runner?.stop().catch(() => {}); // Already fallen: nothing to stop.
    await this.#pool?.end().catch(() => {});
  }

  #taskList(): TaskList {
    const tasks = this.#options.tasks.filter((task) => this.#lane.lanes.includes(catalog[task.name].lane));
    return Object.fromEntries(tasks.map((task) => [task.name, task.toTask(this.#context)]));
  }

  #createPool(): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.#options.databaseUrl,
      max: this.#lane.slots + 4,
      application_name: "reeldesk queue",
    });
    pool.on("error", () => {}); // graphile-worker reports and reconnects; without a listener the process would end.
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }

  async #restart(error?: unknown): Promise<void> {
    if (this.#stopped) return;
    this.#options.logger.warn({ err: error }, "queue runner fell, starting it again");
    await this.#pool?.end().catch(() => {});
    for (let delayMs = 500; !this.#stopped; delayMs = Math.min(delayMs * 2, 5_000)) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      try {
        return await this.start();
      } catch (again) {
        await this.#pool?.end().catch(() => {});
        this.#options.logger.warn({ err: again }, "queue runner did not start, will be tried again");
      }
    }
  }
}

/** Attempts are logged by `defineTask`, with codes; of graphile-worker's own words only warnings and errors about itself stay. */
function quietLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message, meta) => {
    if (meta?.failure || meta?.success) return;
    if (level === "error") logger.error({ queue: true }, message);
    else if (level === "warning") logger.warn({ queue: true }, message);
    else logger.debug({ queue: true }, message);
  });
}
