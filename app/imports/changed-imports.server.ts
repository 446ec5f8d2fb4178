import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { Change } from "#app/imports/live-topic.ts";

/**
 * How far back each look reaches. A change is dated when its statement runs and seen when its transaction commits, so a
 * cursor at "newest seen" would miss what committed late; an intake dates its job up to minutes before.
 */
const WINDOW_SECONDS = 300;
const MOST = 500;

/** Imports that changed in the last minutes, newest first: one index scan. */
export async function readChangedImports(db: Kysely<Database>): Promise<Change[]> {
  return db
    .selectFrom("import_jobs")
    .select([
      "id",
      sql<string>`updated_at::text`.as("version"),
      sql<number>`(extract(epoch from clock_timestamp() - updated_at) * 1000)::float8`.as("ageMs"),
    ])
    .where("updated_at", ">", sql<Date>`clock_timestamp() - ${WINDOW_SECONDS} * interval '1 second'`)
    .orderBy("updated_at", "desc")
    .limit(MOST)
    .execute();
}
