import { sql, type Transaction } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { isParked, PARKED_FOR } from "#app/queue/parked.server.ts";

/** Jobs per transaction: short, so that nobody waits behind a pause of a hundred thousand. */
const BATCH = 5_000;

const activeFlags = sql`array(select flag from queue_pauses where resumed_at is null)`;

/**
 * Takes paused jobs out of the workers' way, and gives those that are not paused any more their time back. Flags are what
 * holds a job; this only keeps the held ones from slowing down the fetching of others. One process at a time does it.
 *
 * @returns how many jobs were put off and how many came back
 */
export async function parkPausedJobs(db: Db): Promise<{ parked: number; unparked: number }> {
  const done = { parked: 0, unparked: 0 };
  for (;;) {
    const batch = await db.transaction().execute(moveBatch);
    done.parked += batch.parked;
    done.unparked += batch.unparked;
    if (batch.parked < BATCH && batch.unparked < BATCH) return done;
  }
}

async function moveBatch(trx: Transaction<Database>) {
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('park paused jobs')) as "isMine"`.execute(trx);
  if (!locks[0]?.isMine) return { parked: 0, unparked: 0 };
  const { numAffectedRows: unparked = 0n } = await sql`
    update graphile_worker._private_jobs set run_at = run_at - ${PARKED_FOR}
    where id in (
      select id from graphile_worker._private_jobs
      where ${isParked(sql`run_at`)} and (flags ?| ${activeFlags}) is not true
      limit ${BATCH} for update skip locked)`.execute(trx);
  const { numAffectedRows: parked = 0n } = await sql`
    update graphile_worker._private_jobs set run_at = run_at + ${PARKED_FOR}
    where id in (
      select id from graphile_worker._private_jobs
      where is_available and run_at <= now() and flags ?| ${activeFlags}
      limit ${BATCH} for update skip locked)`.execute(trx);
  return { parked: Number(parked), unparked: Number(unparked) };
}
