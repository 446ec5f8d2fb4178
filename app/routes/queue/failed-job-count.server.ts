import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { countFailedJobs } from "#app/queue/console/failed-jobs.server.ts";

/** Failed jobs that wait for a person, for the navigation of every page. A thousand or more are a thousand. */
export function failedJobCount(db: Kysely<Database>): Promise<number> {
  return sharedRead("failed jobs", () => countFailedJobs(db), { isOfEveryPage: true });
}
