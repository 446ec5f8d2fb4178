import { sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import { isOn } from "#app/upstreams/services.ts";

/** Works per sweep: what an outage of TMDB has failed comes back in portions. */
const MOST = 50;
/** After everything that is planned or asked for. */
const PRIORITY = 20;

/**
 * Queues the refresh of works whose last one failed and whose wait, 1 h doubled with each failure, is over: the daily plan
 * would find them only on the next day. One job per work: the one that failed is taken up again.
 *
 * @returns how many works it queued
 */
export async function sweepFailedRefreshes(db: Db, config: Config): Promise<number> {
  if (!isOn("tmdb", config)) return 0;
  return db.transaction().execute(async (trx) => {
    // `now()`: PostgreSQL looks nothing up in an index by `clock_timestamp()`.
    const { rows } = await sql<{ workId: string }>`
      select work_id as "workId" from works
      where pg_try_advisory_xact_lock(hashtext('sweep failed refreshes'))
        and due_reason = 'failed' and due_at <= now()
        and not exists (
          select from graphile_worker.jobs as queued
          where queued.key in ('refresh_work:' || work_id, 'refresh_work:' || work_id || ':force')
            and (queued.attempts < queued.max_attempts or queued.locked_at is not null))
      order by due_at, work_id limit ${MOST}`.execute(trx);
    await enqueueMany(
      trx,
      "refresh_work",
      rows.map((row) => ({ workId: Number(row.workId) })),
      { priority: PRIORITY },
    );
    return rows.length;
  });
}
