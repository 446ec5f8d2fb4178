import { brokenInvariants } from "#tests/drills/invariants.ts";
import { type Drill, PATIENCE_MS, withDesk } from "./drill.ts";

const ROWS = 1_000;

/** PostgreSQL ends in the middle of an import and comes back; nobody starts the workers again. */
const restart = (how: "fast" | "immediate"): Drill => ({
  name: `PostgreSQL restarted, ${how}`,
  run: (server) =>
    withDesk(server, async (desk) => {
      const workers = await Promise.all([desk.startWorker(), desk.startWorker()]);
      const jobId = await desk.takeIn(ROWS);
      const { processedRows } = await desk.processed(jobId, ROWS / 10);
      const awayMs = await server.restart(how === "fast" ? "SIGINT" : "SIGQUIT");
      const started = performance.now();
      await desk.processed(jobId, processedRows + 1, PATIENCE_MS);
      const resumedMs = performance.now() - started;
      const job = await desk.finished(jobId, PATIENCE_MS);
      const broken = await brokenInvariants(desk.db, jobId);
      if (job.successRows !== ROWS) broken.push(`${ROWS - job.successRows} rows did not succeed`);
      const ended = workers.filter((worker) => worker.hasEnded()).length;
      if (ended > 0) broken.push(`${ended} workers ended with PostgreSQL`);
      const finishedMs = performance.now() - started;
      return {
        resumedMs,
        note: `away for ${(awayMs / 1000).toFixed(1)} s, finished ${(finishedMs / 1000).toFixed(0)} s after`,
        broken,
      };
    }),
});

export const restartFast = restart("fast");
export const restartImmediate = restart("immediate");
