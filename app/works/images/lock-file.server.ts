import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Until the transaction ends, nobody else stores or removes the file of this name. */
export async function lockFile(trx: Kysely<Database>, fileName: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`image:${fileName}`}, 0))`.execute(trx);
}
