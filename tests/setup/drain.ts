import { EventEmitter } from "node:events";
import { Logger as QueueLogger, runOnce, type TaskList, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import { type Config, parseConfig } from "#app/config.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { logger } from "#app/logger.server.ts";
import type { TaskDefinition } from "#app/queue/define-task.server.ts";
import { loadTasks } from "#app/queue/load-tasks.server.ts";

export type DrainOptions = {
  /** What the environment says to the tasks; defaults otherwise. Upstreams without a key are off. */
  env?: Record<string, string>;
  /** Default: all of `tasks/`. */
  tasks?: TaskDefinition[];
  /** Jobs at once, 4 by default. */
  concurrency?: number;
  /**
   * `due` (default): runs what may run now. `all`: also brings forward what waits for a retry or was postponed, until
   * nothing is left but jobs that have failed for good.
   */
  until?: "due" | "all";
};

/** Against a task that postpones itself for ever. */
const MOST_ROUNDS = 100;

/**
 * Works off the queue as a worker would, and returns when it is empty. No `localQueue`: with it `runOnce` leaves jobs.
 *
 * @returns how many attempts were made
 */
export async function drainQueue(url: string, options: DrainOptions = {}): Promise<number> {
  const config = testConfig({ DATABASE_URL: url, ...options.env });
  const concurrency = options.concurrency ?? 4;
  const database = createDatabase(url, { max: 2 * concurrency + 2, applicationName: "drain" });
  const pool = new pg.Pool({ connectionString: url, max: concurrency + 4, application_name: "drain queue" });
  pool.on("error", () => {}); // The statement under way rejects with the same error.
  pool.on("connect", (client) => client.on("error", () => {}));
  const context = { db: database.db, config, logger, workerId: "drain" };
  const tasks = options.tasks ?? (await loadTasks());
  const taskList: TaskList = Object.fromEntries(tasks.map((task) => [task.name, task.toTask(context)]));
  const events: WorkerEvents = new EventEmitter();
  let attempts = 0;
  events.on("job:start", () => void attempts++);
  try {
    for (let round = 1; ; round++) {
      await runOnce({
        pgPool: pool,
        taskList,
        concurrency,
        events,
        noHandleSignals: true,
        logger: new QueueLogger(() => () => {}),
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      });
      if (options.until !== "all" || (await bringForward(pool)) === 0) return attempts;
      if (round === MOST_ROUNDS) throw new Error(`Jobs are still waiting after ${MOST_ROUNDS} rounds`);
    }
  } finally {
    await pool.end();
    await database.close();
  }
}

/** The configuration of an environment that holds these variables alone. */
export function testConfig(env: Record<string, string> = {}): Config {
  const result = parseConfig({ NODE_ENV: "test", LOG_LEVEL: "silent", ...env });
  if ("problems" in result) throw new Error(result.problems.join("; "));
  return result.config;
}

async function bringForward(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `select graphile_worker.reschedule_jobs(array_agg(id), run_at := now())
       from graphile_worker.jobs
      where locked_at is null and attempts < max_attempts and run_at > now()
     having count(*) > 0`,
  );
  return rowCount ?? 0;
}
