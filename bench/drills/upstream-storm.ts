import { setTimeout as delay } from "node:timers/promises";
import { retryRows } from "#app/imports/lifecycle.server.ts";
import type { FaultRule } from "#sandbox/faults.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { type Drill, PATIENCE_MS, withDesk } from "./drill.ts";

const ROWS = 600;
const STORM_MS = 12_000;

const faults: FaultRule["fault"][] = [
  { kind: "status", status: 429, headers: { "retry-after": "1" }, body: { status_code: 25 } },
  { kind: "status", status: 503 },
  { kind: "reset" },
  { kind: "garbage" },
  { kind: "html" },
  { kind: "truncate" },
  { kind: "hang" },
];

/** TMDB does everything wrong at once for a while, then is well again. */
export const upstreamStorm: Drill = {
  name: "TMDB storm: 429, 503, resets, garbage, hanging",
  run: (server) =>
    withDesk(server, async (desk) => {
      const { control } = desk.sandbox;
      await Promise.all([desk.startWorker(), desk.startWorker()]);
      const jobId = await desk.takeIn(ROWS);
      await desk.processed(jobId, ROWS / 10);
      for (const fault of faults) control.addFault({ service: "tmdb", probability: 0.2, fault });
      await delay(STORM_MS);
      control.clearFaults();
      const before = (await desk.processed(jobId, 0)).processedRows;
      const started = performance.now();
      if (before < ROWS) await desk.processed(jobId, before + 1, PATIENCE_MS);
      const resumedMs = performance.now() - started;
      const stormed = await desk.finished(jobId, PATIENCE_MS);
      const broken = await brokenInvariants(desk.db, jobId);
      if (stormed.failedRows > 0) {
        await desk.db.transaction().execute((trx) => retryRows(trx, jobId, { kind: "failed" }));
        const job = await desk.finished(jobId, PATIENCE_MS);
        broken.push(...(await brokenInvariants(desk.db, jobId)));
        if (job.successRows !== ROWS)
          broken.push(`${ROWS - job.successRows} rows did not succeed after a retry`);
      }
      return { resumedMs, note: `${stormed.failedRows} rows failed and were retried`, broken };
    }),
};
