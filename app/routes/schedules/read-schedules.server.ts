import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { listSchedules, type Schedule } from "#app/queue/schedules.server.ts";

/** The schedules as their page and the overview show them: one read for all who look. */
export function readSchedules(db: Db): Promise<Schedule[]> {
  return sharedRead("schedules", () => listSchedules(db));
}
