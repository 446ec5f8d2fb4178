import { sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import { isOn } from "#app/upstreams/services.ts";

/** Works per sweep and worker: a large import's images come in over minutes, behind everything else. */
const BATCH = 200;

/**
 * Queues works whose images are to be looked at: those that changed, and those whose missing images may be tried again. The mark
 * is set in the transaction that changes a work; the jobs come from here, so that neither an import nor the tests and tools that
 * work off the whole queue wait for an image host (decision 16).
 *
 * @returns how many works were queued
 */
export async function sweepImages(db: Db, config: Config): Promise<number> {
  if (!isOn("tmdb", config)) return 0;
  const { rows } = await sql<{ workId: string }>`
    select work_id as "workId" from works_meta
    where images_due_at <= clock_timestamp()
      -- One that has failed for good waits for a person, who finds it in the console.
      and not exists (select from graphile_worker.jobs as queued where queued.key = 'rehost_images:' || work_id)
    order by images_due_at limit ${BATCH}`.execute(db);
  await enqueueMany(
    db,
    "rehost_images",
    rows.map(({ workId }) => ({ workId: Number(workId) })),
  );
  return rows.length;
}
