/** A worker process as the product's, whose tasks do nothing: what is left is the cost of running jobs. */
import { config } from "#app/config.server.ts";
import { logger } from "#app/logger.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { startWorker } from "#app/queue/worker.server.ts";
import { requireDatabaseUrl } from "#scripts/database-url.ts";
import { exitWith } from "#scripts/exit.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const stop = listenForStop();

try {
  const worker = await startWorker({
    databaseUrl: requireDatabaseUrl("worker"),
    config: config(),
    logger,
    version: "bench",
    tasks: [defineTask("fetch_episode_counts", async () => undefined)],
  });
  process.send?.({ worker: worker.id });
  await stop.received;
  await worker.stop();
  process.exit(0);
} catch (error) {
  exitWith(error);
}
