import { afterAll, describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { expireFetches } from "#tests/drills/worker-loss.ts";

const ROWS = 600;
const LIMIT_MS = 60_000;

// A server of its own: the other test files share theirs.
const server = await startRestartableServer({ fast: true });
afterAll(() => server.close());

describe("I-10 PostgreSQL that is restarted in the middle of an import", () => {
  it.each(["SIGINT", "SIGQUIT"] as const)(
    "is found again by the worker, and no row is lost or doubled (%s)",
    { timeout: 90_000 },
    async (signal) => {
      const databaseUrl = await server.createDatabase(`restarted_${signal.toLowerCase()}`);
      const database = createDatabase(databaseUrl);
      const desk = await openDrillDesk({
        db: database.db,
        databaseUrl,
        worker: "tests/drills/quick-worker.ts",
      });
      try {
        const worker = await desk.startWorker();
        const jobId = await desk.takeIn(ROWS);
        await desk.processed(jobId, ROWS / 10);
        await server.restart(signal);
        await expireFetches(database.db);
        const job = await desk.finished(jobId, LIMIT_MS);

        expect(job).toMatchObject({ status: "completed", successRows: ROWS });
        expect(await brokenInvariants(database.db, jobId)).toEqual([]);
        expect(worker.hasEnded()).toBe(false);
      } finally {
        await desk.close();
        await database.close();
      }
    },
  );
});
