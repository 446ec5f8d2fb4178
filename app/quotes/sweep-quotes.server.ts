import { type Kysely, sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import { slotIntervalMs } from "#app/upstreams/budget.server.ts";
import { isOn } from "#app/upstreams/services.ts";

/** Jobs that stand in the queue at once: as many as Tabstack takes within two minutes. The others wait in `quote_fetches`. */
const QUEUED_FOR_MS = 120_000;
const FEWEST = 10;
const MOST = 500;

/** Films that many were asked for together go behind all others, in the queue too. */
const BULK_PRIORITY = 30;

/**
 * Queues films that wait for their quotes, as many as can be fetched before the next sweeps, each at its turn of the budget: at ten
 * requests a minute a thousand jobs would mostly be put back. While Tabstack is off they wait (decision 23). Films whose job was
 * given up or discarded say so.
 *
 * @returns how many films were queued
 */
export async function sweepQuotes(db: Db, config: Config): Promise<number> {
  await noteLostJobs(db);
  if (!isOn("tabstack", config)) return 0;
  const rate = config.TABSTACK_RATE_LIMIT;
  const most = Math.min(MOST, Math.max(FEWEST, Math.floor((rate.requests * QUEUED_FOR_MS) / rate.perMs)));
  return db.transaction().execute(async (trx) => {
    const queued = await countQueued(trx);
    const { rows } = await sql<{ workId: string; isBulk: boolean }>`
      with next as (
        select work_id from quote_fetches where due_at <= now()
        order by is_bulk, due_at limit ${Math.max(0, most - queued)} for update skip locked
      )
      update quote_fetches set due_at = null, updated_at = clock_timestamp()
      from next where quote_fetches.work_id = next.work_id
      returning quote_fetches.work_id as "workId", is_bulk as "isBulk"`.execute(trx);
    const ordered = rows.toSorted((a, b) => Number(a.isBulk) - Number(b.isBulk));
    await enqueueMany(
      trx,
      "fetch_imdb_quotes",
      ordered.map(({ workId }) => ({ workId: Number(workId) })),
      {
        priority: (index) => (ordered[index]?.isBulk ? BULK_PRIORITY : 10),
        delayMs: (index) => (queued + index) * slotIntervalMs(rate),
      },
    );
    return ordered.length;
  });
}

async function countQueued(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom("quote_fetches")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("status", "=", "pending")
    .where("due_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** A worker that was killed in the last attempt, or a person who discarded the job, has told the film nothing. */
async function noteLostJobs(db: Db): Promise<void> {
  await sql`
    update quote_fetches set
      status = case when job.id is null then 'unasked' else 'failed' end,
      error_code = case when job.id is not null then 'GIVEN_UP' end,
      error_message = case when job.id is not null then coalesce(job.last_error, 'The job was given up.') end,
      updated_at = clock_timestamp()
    from quote_fetches as queued
    left join graphile_worker.jobs as job on job.key = 'fetch_imdb_quotes:' || queued.work_id
    where quote_fetches.work_id = queued.work_id and queued.status = 'pending' and queued.due_at is null
      and quote_fetches.status = 'pending' and quote_fetches.due_at is null
      and (job.id is null or (job.attempts >= job.max_attempts and job.locked_at is null))`.execute(db);
}
