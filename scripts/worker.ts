/** One worker process: `npm run worker`. Needs `DATABASE_URL`; any number may run side by side, on any machine. */

import { config } from "#app/config.server.ts";
import { sweepFailedRefreshes } from "#app/discovery/refresh/sweep-failed-refreshes.server.ts";
import { sweepRuns } from "#app/discovery/runs/sweep-runs.server.ts";
import { AppError } from "#app/errors.ts";
import { sweepImports } from "#app/imports/sweep.server.ts";
import { logger } from "#app/logger.server.ts";
import { loadTasks } from "#app/queue/load-tasks.server.ts";
import { startWorker } from "#app/queue/worker.server.ts";
import { sweepQuotes } from "#app/quotes/sweep-quotes.server.ts";
import { sweepCards } from "#app/works/card.server.ts";
import { recomputeDueDates } from "#app/works/due-dates.server.ts";
import { sweepMissingTotals } from "#app/works/episode-counts.server.ts";
import { sweepImages } from "#app/works/images/sweep-images.server.ts";
import { sweepScores } from "#app/works/score.server.ts";
import { requireDatabaseUrl } from "#scripts/database-url.ts";
import { EXIT_UNUSABLE, exitWith } from "#scripts/exit.ts";
import { listenForStop } from "#scripts/stop-signal.ts";
import manifest from "../package.json" with { type: "json" };

const stop = listenForStop();

try {
  const worker = await startWorker({
    databaseUrl: requireDatabaseUrl("worker"),
    config: config(),
    logger,
    version: manifest.version,
    tasks: await loadTasks(),
    sweeps: [
      sweepImports,
      (db) => sweepMissingTotals(db, config()),
      sweepScores,
      sweepCards,
      (db) => sweepImages(db, config()),
      sweepRuns,
      (db) => sweepFailedRefreshes(db, config()),
      (db) => recomputeDueDates(db, 10),
      (db) => sweepQuotes(db, config()),
    ],
  });
  await stop.received;
  await worker.stop();
  process.exit(0);
} catch (error) {
  exitWith(error, error instanceof AppError ? EXIT_UNUSABLE : 1);
}
