import type { Child } from "#tests/drills/child.ts";
import type { DrillDesk } from "#tests/drills/drill-desk.ts";
import { brokenInvariants } from "#tests/drills/invariants.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";
import { expireFetches } from "#tests/drills/worker-loss.ts";

const ROWS = 200;
const POISON = 50;
/** Long enough in hand for the executioner to come by. */
const SLOW_MS = 4_000;
const PATIENCE_MS = 60_000;
/** Against a row that is never put aside. */
const MOST_KILLS = 8;

/**
 * Takes in an import with a row that is the death of every worker that takes it: whoever has it in hand gets SIGKILL. Its
 * title is answered slowly, so it is in hand for a while.
 *
 * @returns how many workers it took, the row's error code, how many other rows did not succeed, and broken invariants
 */
export async function importPoisonRow(desk: DrillDesk) {
  const jobId = await desk.takeIn(ROWS);
  const { normalized_payload: normalized } = await readPoison(desk, jobId);
  desk.sandbox.control.addFault({
    service: "tmdb",
    match: { query: { query: normalized?.title ?? "" } },
    fault: { kind: "delay", ms: SLOW_MS },
  });
  let worker: Child = await desk.startWorker();
  let kills = 0;
  for (; kills < MOST_KILLS; kills++) {
    const state = await pollUntil(
      "the poison row is taken or done",
      () => poisonState(desk, jobId, worker.pid),
      PATIENCE_MS,
    );
    if (state === "done") break;
    await worker.end("SIGKILL");
    await expireFetches(desk.db);
    worker = await desk.startWorker();
  }
  const job = await desk.finished(jobId, PATIENCE_MS);
  const { error_code: errorCode } = await readPoison(desk, jobId);
  return {
    kills,
    errorCode,
    othersFailed: ROWS - 1 - job.successRows,
    broken: await brokenInvariants(desk.db, jobId),
  };
}

function readPoison(desk: DrillDesk, jobId: string) {
  return desk.db
    .selectFrom("import_rows")
    .select(["status", "claimed_by", "error_code", "normalized_payload"])
    .where("job_id", "=", jobId)
    .where("row_number", "=", POISON)
    .executeTakeFirstOrThrow();
}

async function poisonState(desk: DrillDesk, jobId: string, pid: number): Promise<"taken" | "done" | null> {
  const { status, claimed_by: claimedBy } = await readPoison(desk, jobId);
  if (status !== "processing") return status === "pending" ? null : "done";
  // Not while it is still in the hand of the one who died of it.
  return claimedBy?.includes(`-${pid}-`) ? "taken" : null;
}
