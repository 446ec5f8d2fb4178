import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** A job that a worker has in hand. */
export interface RunningJob {
  id: string;
  task: string;
  payload: unknown;
  startedAt: Date;
  /** Null while nobody knows whose it is: a runner that has just started is entered with the next heartbeat. */
  workerId: string | null;
}

/** Jobs that workers have in hand, the longest first; so many at most. */
export async function listRunningJobs(db: Kysely<Database>, limit: number): Promise<RunningJob[]> {
  const { rows } = await sql<RunningJob>`
    with running as materialized (
      select * from graphile_worker._private_jobs where locked_at is not null order by locked_at limit ${limit}
    )
    select running.id, tasks.identifier as task, running.payload, running.locked_at as "startedAt",
      (select workers.id from workers where running.locked_by = any(workers.pool_ids) order by started_at desc limit 1) as "workerId"
    from running join graphile_worker._private_tasks as tasks on tasks.id = running.task_id
    order by running.locked_at`.execute(db);
  return rows;
}
