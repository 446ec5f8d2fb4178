import type { Child } from "#tests/drills/child.ts";
import type { DrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants, lockedJobs } from "#tests/drills/invariants.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { resumedAfter, rowsInHand } from "#tests/drills/worker-loss.ts";
import { type Drill, type Finding, PATIENCE_MS, withDesk } from "./drill.ts";

const ROWS = 1_000;
const STORM_MS = 30_000;
const KILL_EVERY_MS = 2_000;

/** Two workers in the middle of an import; one of them is killed while it has rows in hand. */
async function killOneOfTwo(desk: DrillDesk, target: "builtin" | "remote"): Promise<Finding> {
  const [victim] = await Promise.all([desk.startWorker(), desk.startWorker()]);
  const jobId = await desk.takeIn(ROWS, target);
  await desk.processed(jobId, ROWS / 10);
  await inHand(desk, victim);
  await victim.end("SIGKILL");
  const lost = await rowsInHand(desk.db, victim.pid);
  const resumedMs = await resumedAfter(desk.db, victim.pid, PATIENCE_MS);
  const job = await desk.finished(jobId, PATIENCE_MS);
  const broken = await brokenInvariants(desk.db, jobId, target === "remote" ? desk.sandbox : undefined);
  if (job.successRows !== ROWS) broken.push(`${ROWS - job.successRows} rows did not succeed`);
  return { resumedMs, note: `${lost} rows lost`, broken };
}

async function inHand(desk: DrillDesk, worker: Child): Promise<void> {
  await pollUntil(
    "the worker has rows in hand",
    async () => (await rowsInHand(desk.db, worker.pid)) > 0,
    PATIENCE_MS,
    1,
  );
}

export const killBuiltin: Drill = {
  name: "SIGKILL of one of two, built-in",
  run: (server) => withDesk(server, (desk) => killOneOfTwo(desk, "builtin")),
};

/** Every tenth write happens, and its answer is lost. */
const killRemote = (idempotency: boolean): Drill => ({
  name: `SIGKILL of one of two, remote, lost answers, idempotency ${idempotency ? "on" : "off"}`,
  run: (server) =>
    withDesk(server, (desk) => {
      desk.sandbox.control.configure({ idempotency });
      desk.sandbox.control.addFault({
        service: "catalogue",
        match: { method: "POST" },
        probability: 0.1,
        fault: { kind: "lostAnswer" },
      });
      return killOneOfTwo(desk, "remote");
    }),
});

export const killRemoteIdempotent = killRemote(true);
export const killRemotePlain = killRemote(false);

export const terminate: Drill = {
  name: "SIGTERM of a worker in the middle",
  run: (server) =>
    withDesk(server, async (desk) => {
      const worker = await desk.startWorker();
      const jobId = await desk.takeIn(ROWS);
      await desk.processed(jobId, ROWS / 10);
      await inHand(desk, worker);
      const { code, ms } = await worker.end("SIGTERM");
      const broken: string[] = [];
      const locked = await lockedJobs(desk.db);
      const held = await rowsInHand(desk.db, worker.pid);
      if (code !== 0) broken.push(`it ended with code ${code}`);
      if (locked > 0) broken.push(`${locked} queue jobs stayed locked`);
      if (held > 0) broken.push(`${held} rows stayed claimed`);
      const before = (await desk.processed(jobId, 0)).processedRows;
      const started = performance.now();
      await desk.startWorker();
      await desk.processed(jobId, before + 1, PATIENCE_MS);
      const resumedMs = performance.now() - started;
      await desk.finished(jobId, PATIENCE_MS);
      broken.push(...(await brokenInvariants(desk.db, jobId)));
      return { resumedMs, note: `stopped in ${(ms / 1000).toFixed(1)} s`, broken };
    }),
};

export const repeatedKills: Drill = {
  name: "SIGKILL every 2 s for 30 s",
  run: (server) =>
    withDesk(server, async (desk) => {
      const workers = await Promise.all([desk.startWorker(), desk.startWorker()]);
      const jobId = await desk.takeIn(ROWS);
      const end = performance.now() + STORM_MS;
      let kills = 0;
      while (performance.now() < end) {
        const next = performance.now() + KILL_EVERY_MS;
        await workers.shift()?.end("SIGKILL");
        kills++;
        workers.push(await desk.startWorker());
        await pollUntil("it is time for the next kill", async () => performance.now() >= next, PATIENCE_MS);
      }
      const started = performance.now();
      const before = (await desk.processed(jobId, 0)).processedRows;
      if (before < ROWS) await desk.processed(jobId, before + 1, PATIENCE_MS);
      const resumedMs = performance.now() - started;
      const job = await desk.finished(jobId, PATIENCE_MS);
      const broken = await brokenInvariants(desk.db, jobId);
      if (job.successRows !== ROWS) broken.push(`${ROWS - job.successRows} rows did not succeed`);
      return { resumedMs, note: `${kills} kills, ${before} rows done meanwhile`, broken };
    }),
};
