import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { WORKER_PACE } from "#app/queue/workers.server.ts";

/** How a worker fares that has not signed off, by the database's clock. */
export interface WorkerVitals {
  id: string;
  state: "running" | "silent" | "dead";
  heartbeatAgeSeconds: number;
  slots: number;
  busySlots: number;
  memoryBytes: number | null;
}

/** The workers of the last hour that have not signed off. */
export async function workerVitals(db: Kysely<Database>): Promise<WorkerVitals[]> {
  const { rows } = await sql<WorkerVitals>`
    select id, extract(epoch from clock_timestamp() - heartbeat_at)::float8 as "heartbeatAgeSeconds",
      concurrency as slots, running_jobs as "busySlots", memory_bytes::float8 as "memoryBytes",
      case when declared_dead_at is not null then 'dead'
        when heartbeat_at < clock_timestamp() - ${WORKER_PACE.silentMs}::float8 * interval '1 millisecond' then 'silent'
        else 'running' end as state
    from workers where stopped_at is null and heartbeat_at > clock_timestamp() - interval '1 hour'
    order by id limit 100`.execute(db);
  return rows;
}
