import { hostname } from "node:os";
import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { releaseLostJobs } from "#app/queue/job-settlement.server.ts";

/** How quickly the loss of a worker is noticed. All in milliseconds. */
export interface WorkerPace {
  /** A worker beats this often … */
  heartbeatMs: number;
  /** … is taken for dead when it was silent for so long … */
  silentMs: number;
  /** … and is looked for this often. */
  sweepMs: number;
}

/** Three missed beats; SIGKILL to resumed stays under 60 s. Drills run at a quicker pace. */
export const WORKER_PACE: Readonly<WorkerPace> = { heartbeatMs: 10_000, silentMs: 30_000, sweepMs: 15_000 };

export interface WorkerIdentity {
  id: string;
  version: string;
  concurrency: number;
}

/** Enters a starting worker into `workers`. */
export async function registerWorker(db: Kysely<Database>, worker: WorkerIdentity): Promise<void> {
  await db
    .insertInto("workers")
    .values({
      id: worker.id,
      version: worker.version,
      concurrency: worker.concurrency,
      host: hostname(),
      pid: process.pid,
    })
    .execute();
}

/**
 * Says that a worker lives. A worker that was declared dead by mistake (stopped machine, long pause) comes back to life
 * here; its claims are gone all the same, since each carries a token.
 */
export async function beat(
  db: Kysely<Database>,
  workerId: string,
  state: { poolIds: string[]; runningJobs: number },
): Promise<void> {
  await db
    .updateTable("workers")
    .set({
      heartbeat_at: sql`clock_timestamp()`,
      pool_ids: state.poolIds,
      running_jobs: state.runningJobs,
      memory_bytes: process.memoryUsage.rss(),
      declared_dead_at: null,
    })
    .where("id", "=", workerId)
    .execute();
}

/** Signs a worker off after a clean stop. */
export async function signOff(db: Kysely<Database>, workerId: string): Promise<void> {
  await db
    .updateTable("workers")
    .set({ stopped_at: sql`clock_timestamp()`, running_jobs: 0 })
    .where("id", "=", workerId)
    .execute();
}

/**
 * Declares silent workers dead and frees their jobs. Any number of workers may sweep at once: each silent worker is
 * claimed by one of them.
 *
 * @returns the workers that were declared dead, with the number of jobs freed
 */
export async function sweepSilentWorkers(
  db: Kysely<Database>,
  silentMs: number = WORKER_PACE.silentMs,
): Promise<{ id: string; releasedJobs: number }[]> {
  return db.transaction().execute(async (trx) => {
    const silent = await trx
      .selectFrom("workers")
      .select(["id", "pool_ids"])
      .where("stopped_at", "is", null)
      .where("declared_dead_at", "is", null)
      .where(
        "heartbeat_at",
        "<",
        sql<Date>`clock_timestamp() - ${silentMs}::float8 * interval '1 millisecond'`,
      )
      .limit(100)
      .forUpdate()
      .skipLocked()
      .execute();
    const dead = [];
    for (const worker of silent) {
      const releasedJobs = await releaseLostJobs(trx, worker.id, worker.pool_ids);
      await trx
        .updateTable("workers")
        .set({ declared_dead_at: sql`clock_timestamp()`, released_jobs: releasedJobs, running_jobs: 0 })
        .where("id", "=", worker.id)
        .execute();
      dead.push({ id: worker.id, releasedJobs });
    }
    return dead;
  });
}

/** A pool enters `workers` with its worker's next heartbeat; one that is still unknown after this long belongs to nobody. */
const UNKNOWN_SECONDS = 60;

/**
 * Frees jobs that are locked by nobody who lives: a runner that was started anew and died before its first heartbeat, a worker
 * that signed off and left one behind. Their locks would last for four hours.
 *
 * @returns how many jobs were freed
 */
export async function sweepOrphanedJobs(db: Kysely<Database>): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // One sweep at a time: each would keep a record of the same lost attempts.
    const { rows } = await sql<{ poolId: string }>`
      select distinct jobs.locked_by as "poolId" from graphile_worker.jobs as jobs
      where pg_try_advisory_xact_lock(hashtext('sweep orphaned jobs'))
        and jobs.locked_at < clock_timestamp() - ${UNKNOWN_SECONDS} * interval '1 second'
        and not exists (
          select from workers
          where jobs.locked_by = any(pool_ids) and stopped_at is null and declared_dead_at is null)
      limit 100`.execute(trx);
    return releaseLostJobs(
      trx,
      "unknown",
      rows.map((row) => row.poolId),
    );
  });
}

export interface WorkerRow {
  id: string;
  host: string;
  pid: number;
  version: string;
  concurrency: number;
  runningJobs: number;
  memoryBytes: number | null;
  startedAt: Date;
  heartbeatAt: Date;
  /** `silent`: not heard of for 30 s; the next sweep declares it dead and frees its jobs. */
  state: "running" | "silent" | "dead" | "stopped";
  /** When it was declared dead or signed off. */
  endedAt: Date | null;
  /** Jobs that were freed when it was declared dead. */
  releasedJobs: number | null;
}

/** Workers that run, or ended within the last hour; those that run first, then the newest; so many at most. */
export async function listWorkers(db: Kysely<Database>, limit = 100): Promise<WorkerRow[]> {
  const { rows } = await sql<WorkerRow>`
    select id, host, pid, version, concurrency, running_jobs as "runningJobs", memory_bytes::float8 as "memoryBytes",
      started_at as "startedAt", heartbeat_at as "heartbeatAt", released_jobs as "releasedJobs",
      coalesce(stopped_at, declared_dead_at) as "endedAt",
      case when stopped_at is not null then 'stopped' when declared_dead_at is not null then 'dead'
        when heartbeat_at < clock_timestamp() - ${WORKER_PACE.silentMs}::float8 * interval '1 millisecond' then 'silent'
        else 'running' end as state
    from workers where heartbeat_at > clock_timestamp() - interval '1 hour'
    order by stopped_at is not null or declared_dead_at is not null, started_at desc, id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** Whether some worker has been heard of in the last minute: without one, nothing that waits will ever run. */
export async function isAnyWorkerAlive(db: Kysely<Database>): Promise<boolean> {
  const row = await db
    .selectFrom("workers")
    .select("id")
    .where("stopped_at", "is", null)
    .where("heartbeat_at", ">", sql<Date>`clock_timestamp() - interval '1 minute'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
