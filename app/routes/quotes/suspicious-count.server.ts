import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { countSuspicious } from "#app/quotes/films.server.ts";

/** Films whose quotes wait for a decision, for the navigation of every page. */
export function suspiciousCount(db: Kysely<Database>): Promise<number> {
  return sharedRead("suspicious quotes", () => countSuspicious(db), { isOfEveryPage: true });
}
