import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";

/** How many rows a process has in hand. */
export async function rowsInHand(db: Db, pid: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from import_rows
    where status = 'processing' and claimed_by in (select id from workers where pid = ${pid})`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Waits until rows that were lost with their worker are done by another one, and until none is left in the dead hand.
 *
 * @returns milliseconds from the call to the first such row
 */
export async function resumedAfter(db: Db, pid: number, timeoutMs: number): Promise<number> {
  const started = performance.now();
  await pollUntil(
    "another worker has done a lost row",
    async () => {
      const row = await db
        .selectFrom("import_rows")
        .select("id")
        .where("lost_claims", ">", 0)
        .where("status", "not in", ["pending", "processing"])
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    timeoutMs,
  );
  const resumedMs = performance.now() - started;
  await pollUntil(
    "the dead worker's rows are taken over",
    async () => (await rowsInHand(db, pid)) === 0,
    timeoutMs,
  );
  return resumedMs;
}

/**
 * Lets the time pass for which others believe that the dead worker is still fetching (35 s, `upstream_cache`): a drill that
 * notices a death within two seconds need not wait for it.
 */
export async function expireFetches(db: Db): Promise<void> {
  await sql`update upstream_cache set fetching_until = clock_timestamp() where fetching_until is not null`.execute(
    db,
  );
}
