import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openDrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { expireFetches, resumedAfter, rowsInHand } from "#tests/drills/worker-loss.ts";
import { testDatabase } from "#tests/setup/database.ts";

const ROWS = 300;
const LIMIT_MS = 60_000;

const database = await testDatabase();
const desk = await openDrillDesk({
  db: database.db,
  databaseUrl: database.url,
  worker: "tests/drills/quick-worker.ts",
});
afterEach(() => {
  desk.sandbox.control.clearFaults();
  desk.sandbox.control.clearCatalogue();
});
afterAll(() => desk.close());

describe("I-10 a remote catalogue, whose answers are lost, and a worker that dies by SIGKILL", () => {
  it.each([true, false])(
    "hold each viewing once (idempotency at the remote: %s)",
    { timeout: 90_000 },
    async (idempotency) => {
      const { control } = desk.sandbox;
      control.configure({ idempotency });
      control.addFault({
        service: "catalogue",
        match: { method: "POST" },
        probability: 0.1,
        fault: { kind: "lostAnswer" },
      });
      const victim = await desk.startWorker();
      const jobId = await desk.takeIn(ROWS, "remote");
      await desk.processed(jobId, ROWS / 10);
      await pollUntil(
        "it has rows in hand",
        async () => (await rowsInHand(desk.db, victim.pid)) > 0,
        LIMIT_MS,
        1,
      );
      await victim.end("SIGKILL");
      await expireFetches(desk.db);
      const lost = await rowsInHand(desk.db, victim.pid);
      const heir = await desk.startWorker();
      await resumedAfter(desk.db, victim.pid, LIMIT_MS);
      const job = await desk.finished(jobId, LIMIT_MS);
      const broken = await brokenInvariants(desk.db, jobId, desk.sandbox);
      const struck = control.faults().reduce((sum, fault) => sum + fault.struck, 0);
      await heir.end("SIGTERM");

      expect(lost).toBeGreaterThan(0);
      expect(struck).toBeGreaterThan(0);
      expect(job).toMatchObject({ status: "completed", successRows: ROWS });
      expect(broken).toEqual([]);
    },
  );
});
