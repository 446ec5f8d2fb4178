import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { listSchedules, type Schedule } from "#app/queue/schedules.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";

/** The schedules and whether anybody is there to run them: one read for all who look. */
export async function readSchedules(db: Db): Promise<{ schedules: Schedule[]; isWorkerAlive: boolean }> {
  const [schedules, isWorkerAlive] = await Promise.all([
    sharedRead("schedules", () => listSchedules(db)),
    workerAlive(db),
  ]);
  return { schedules, isWorkerAlive };
}
