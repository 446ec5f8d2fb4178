import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseAway } from "#app/db/client.server.ts";
import type { Chunk } from "#app/imports/chunk.server.ts";
import { LEASE_SECONDS, releaseRows } from "#app/imports/rows.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";

const TRY_AGAIN_MS = 500;

/**
 * Gives back what a chunk has not settled, untried. While PostgreSQL is away this waits for it: this worker lives, so nobody
 * would take the rows from it before their lease runs out, and then they would count as lost with their worker.
 *
 * @throws the database's error when it is there and refuses
 */
export async function giveBackRest(chunk: Chunk): Promise<void> {
  const rest = [...chunk.open.keys()];
  if (rest.length === 0) return;
  try {
    return await chunk.giveBack(rest, false);
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
  }
  await giveBackLater(chunk, rest);
}

async function giveBackLater(chunk: Chunk, rest: number[]): Promise<void> {
  const { context, claim, job } = chunk;
  const leaseEnd = performance.now() + LEASE_SECONDS * 1000;
  while (!context.signal.aborted && performance.now() < leaseEnd) {
    await delay(TRY_AGAIN_MS);
    try {
      return await context.db.transaction().execute(async (trx) => {
        await releaseRows(trx, claim, rest, false);
        // The chunk's queue job may have run and ended meanwhile, when all its rows were still in our hand.
        await enqueue(trx, "process_import", { importJobId: job.id });
      });
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
  }
  context.logger.warn({ importJobId: job.id, rows: rest.length }, "rows are left to the sweep");
}
