/** A worker process as `scripts/worker.ts`, whose death is noticed within two seconds: for drills that run with every test. */
import { config } from "#app/config.server.ts";
import { sweepRuns } from "#app/discovery/runs/sweep-runs.server.ts";
import { sweepImports } from "#app/imports/sweep.server.ts";
import { logger } from "#app/logger.server.ts";
import { loadTasks } from "#app/queue/load-tasks.server.ts";
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
    version: "drill",
    tasks: await loadTasks(),
    sweeps: [sweepImports, sweepRuns],
    pace: { heartbeatMs: 300, silentMs: 1_500, sweepMs: 400 },
  });
  await stop.received;
  await worker.stop();
  process.exit(0);
} catch (error) {
  exitWith(error);
}
