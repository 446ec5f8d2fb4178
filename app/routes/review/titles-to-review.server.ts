import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { countDoubtfulTitles } from "#app/imports/review/doubtful-titles.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";

/** Titles that wait for a decision, for the navigation of every page. A thousand or more are a thousand. */
export function titlesToReview(db: Kysely<Database>): Promise<number> {
  return sharedRead("titles to review", () => countDoubtfulTitles(db), { isOfEveryPage: true });
}
