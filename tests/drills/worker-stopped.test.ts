import { afterAll, describe, expect, it } from "vitest";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants, lockedJobs } from "#tests/drills/invariants.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { rowsInHand } from "#tests/drills/worker-loss.ts";
import { testDatabase } from "#tests/setup/database.ts";

const ROWS = 600;
const LIMIT_MS = 60_000;

const database = await testDatabase();
const desk = await openDrillDesk({
  db: database.db,
  databaseUrl: database.url,
  worker: "scripts/worker.ts",
});
afterAll(() => desk.close());

describe("I-10 a worker that is stopped by SIGTERM in the middle of an import", () => {
  it("leaves no job locked and no row claimed, and the next one goes on", { timeout: 90_000 }, async () => {
    const worker = await desk.startWorker();
    const jobId = await desk.takeIn(ROWS);
    await desk.processed(jobId, ROWS / 10);
    await pollUntil(
      "it has rows in hand",
      async () => (await rowsInHand(desk.db, worker.pid)) > 0,
      LIMIT_MS,
      1,
    );
    const { code } = await worker.end("SIGTERM");
    const left = { locked: await lockedJobs(desk.db), claimed: await rowsInHand(desk.db, worker.pid) };
    const interrupted = await desk.processed(jobId, 0);
    await desk.startWorker();
    const job = await desk.finished(jobId, LIMIT_MS);

    expect(code).toBe(0);
    expect(left).toEqual({ locked: 0, claimed: 0 });
    expect(interrupted.status).toBe("processing");
    expect(job).toMatchObject({ status: "completed", successRows: ROWS });
    expect(await brokenInvariants(desk.db, jobId)).toEqual([]);
    const lost = await desk.db.selectFrom("job_runs").select("id").where("outcome", "=", "lost").execute();
    expect(lost).toEqual([]);
  });
});
