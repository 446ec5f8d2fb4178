import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { listSchedules, type Schedule } from "#app/queue/schedules.server.ts";

/** The schedules, or why there are none: a crontab with a slip in it must not take the pages down that would say so. */
export interface SchedulesRead {
  schedules: Schedule[];
  /** The sentence, when the crontab cannot be read. */
  problem: string | null;
}

/** One read for all who look. */
export function readSchedules(db: Db): Promise<SchedulesRead> {
  return orProblem(sharedRead("schedules", () => listSchedules(db)));
}

/** @param read what `listSchedules` answers */
export async function orProblem(read: Promise<Schedule[]>): Promise<SchedulesRead> {
  try {
    return { schedules: await read, problem: null };
  } catch (error) {
    if (error instanceof AppError && error.code === "CRONTAB_UNREADABLE")
      return { schedules: [], problem: error.userMessage };
    throw error;
  }
}
