import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";

/** Whether a worker is there to do what waits: one read for all pages that say so. */
export function workerAlive(db: Kysely<Database>): Promise<boolean> {
  return sharedRead("queue:worker-alive", () => isAnyWorkerAlive(db));
}
