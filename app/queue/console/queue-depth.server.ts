import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { stateNumber, waitingJobs } from "#app/queue/console/job-sql.server.ts";
import { type WaitingState, waitingStates } from "#app/queue/job-state.ts";

/** Jobs of one task in one state. */
export interface QueueDepth {
  task: string;
  state: WaitingState;
  jobs: number;
  /** Seconds since the one that is due longest was due; 0 where none is. */
  oldestDueSeconds: number;
}

/** How many jobs of each task stand in each state: one pass over the queue, which groups by numbers, not by words. */
export async function queueDepth(db: Kysely<Database>): Promise<QueueDepth[]> {
  const { rows } = await sql<Omit<QueueDepth, "state"> & { number: number }>`
    select tasks.identifier as task, counted.number, counted.jobs,
      greatest(extract(epoch from now() - counted.due), 0)::float8 as "oldestDueSeconds"
    from (
      select task_id, number, count(*)::int as jobs, min(run_at) as due
      from (select jobs.task_id, jobs.run_at, ${stateNumber} as number from ${waitingJobs}) as waiting
      group by task_id, number
    ) as counted
    join graphile_worker._private_tasks as tasks on tasks.id = counted.task_id`.execute(db);
  return rows.flatMap(({ number, ...depth }) => {
    const state = waitingStates[number];
    return state ? [{ ...depth, state }] : [];
  });
}
