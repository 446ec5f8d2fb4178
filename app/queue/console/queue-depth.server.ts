import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { stateOfJob, waitingJobs } from "#app/queue/console/job-sql.server.ts";
import type { WaitingState } from "#app/queue/job-state.ts";

/** Jobs of one task in one state. */
export interface QueueDepth {
  task: string;
  state: WaitingState;
  jobs: number;
  /** Seconds since the one that is due longest was due; 0 where none is. */
  oldestDueSeconds: number;
}

/** How many jobs of each task stand in each state: one pass over the queue. */
export async function queueDepth(db: Kysely<Database>): Promise<QueueDepth[]> {
  const { rows } = await sql<QueueDepth>`
    select tasks.identifier as task, counted.state, counted.jobs, counted."oldestDueSeconds"
    from (
      select task_id, state, count(*)::int as jobs,
        greatest(extract(epoch from now() - min(run_at)), 0)::float8 as "oldestDueSeconds"
      from (select jobs.task_id, jobs.run_at, ${stateOfJob} as state from ${waitingJobs}) as waiting
      group by task_id, state
    ) as counted
    join graphile_worker._private_tasks as tasks on tasks.id = counted.task_id`.execute(db);
  return rows;
}
