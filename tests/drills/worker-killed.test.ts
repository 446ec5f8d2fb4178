import { afterAll, describe, expect, it } from "vitest";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { expireFetches, resumedAfter, rowsInHand } from "#tests/drills/worker-loss.ts";
import { testDatabase } from "#tests/setup/database.ts";

const ROWS = 600;
const LIMIT_MS = 60_000;

const database = await testDatabase();
const desk = await openDrillDesk({
  db: database.db,
  databaseUrl: database.url,
  worker: "tests/drills/quick-worker.ts",
});
afterAll(() => desk.close());

describe("I-10 a worker that dies by SIGKILL in the middle of an import", () => {
  it("leaves every row with its outcome and every viewing once", { timeout: 90_000 }, async () => {
    const victim = await desk.startWorker();
    const jobId = await desk.takeIn(ROWS);
    await desk.processed(jobId, ROWS / 4);
    await pollUntil(
      "it has rows in hand",
      async () => (await rowsInHand(desk.db, victim.pid)) > 0,
      LIMIT_MS,
      1,
    );
    await victim.end("SIGKILL");
    await expireFetches(desk.db);
    const lost = await rowsInHand(desk.db, victim.pid);
    await desk.startWorker();
    await resumedAfter(desk.db, victim.pid, LIMIT_MS);
    const job = await desk.finished(jobId, LIMIT_MS);

    expect(lost).toBeGreaterThan(0);
    expect(job.status).toBe("completed");
    expect(await brokenInvariants(desk.db, jobId)).toEqual([]);
  });
});
