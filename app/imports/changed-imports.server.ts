import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/**
 * How far back each look reaches. A change is dated when its statement runs and seen when its transaction commits, so a
 * cursor at "newest seen" would miss what committed late; an intake dates its job up to minutes before.
 */
const WINDOW_SECONDS = 300;
const MOST = 500;

/** Imports that changed in the last minutes, newest first, each as the topic of its live views: one index scan. */
export async function readChangedImports(
  db: Kysely<Database>,
): Promise<{ topic: `import:${string}`; version: string; ageMs: number }[]> {
  return db
    .selectFrom("import_jobs")
    .select([
      sql<`import:${string}`>`'import:' || id`.as("topic"),
      sql<string>`updated_at::text`.as("version"),
      sql<number>`(extract(epoch from clock_timestamp() - updated_at) * 1000)::float8`.as("ageMs"),
    ])
    .where("updated_at", ">", sql<Date>`clock_timestamp() - ${WINDOW_SECONDS} * interval '1 second'`)
    .orderBy("updated_at", "desc")
    .limit(MOST)
    .execute();
}

/** An expression for the time of the newest change of any import, as text that is another one after each. */
export function newestImportChange(): RawBuilder<string | null> {
  return sql<string | null>`(select max(updated_at)::text from import_jobs)`;
}

/** An expression for the milliseconds since the newest change of any import; null when there is no import. */
export function newestImportAgeMs(): RawBuilder<number | null> {
  return sql<
    number | null
  >`(select (extract(epoch from clock_timestamp() - max(updated_at)) * 1000)::float8 from import_jobs)`;
}
