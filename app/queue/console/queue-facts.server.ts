import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { RunOutcome } from "#app/queue/run-rollup.server.ts";
import { WORKER_PACE } from "#app/queue/workers.server.ts";

export interface RecentRun {
  id: string;
  jobId: string;
  task: string;
  outcome: RunOutcome;
  durationMs: number;
  finishedAt: Date;
}

/** What the overview says of the queue. */
export interface QueueFacts {
  /** What is paused by hand, newest first; the first few. */
  pauses: { flag: string; reason: string; pausedBy: string }[];
  /** How many things are. */
  pauseCount: number;
  /** The runs that ended last, newest first. */
  recentRuns: RecentRun[];
  /** Workers of the last hour that were not stopped; the last heard first. */
  workers: WorkerFacts[];
}

export interface WorkerFacts {
  id: string;
  host: string;
  pid: number;
  slots: number;
  runningJobs: number;
  /** It should have been heard of, and was not. */
  isSilent: boolean;
  /** Of one that was declared dead: its jobs that went to others. */
  releasedJobs: number | null;
}

/** Pauses beyond these are on their own page. */
const MOST_PAUSES = 20;
/** More than anybody runs, and than fall over within an hour. */
const MOST_WORKERS = 1_000;

/** One statement for all of it: the overview is read again and again. */
export async function queueFacts(db: Kysely<Database>, runs: number): Promise<QueueFacts> {
  const { rows } = await sql<{
    pauses: QueueFacts["pauses"];
    pauseCount: number;
    recentRuns: (Omit<RecentRun, "finishedAt"> & { finishedAt: number })[];
    workers: WorkerFacts[];
  }>`
    select
      array(
        select json_build_object('flag', flag, 'reason', reason, 'pausedBy', paused_by) from queue_pauses
        where resumed_at is null order by paused_at desc limit ${MOST_PAUSES}
      ) as pauses,
      (select count(*)::int from queue_pauses where resumed_at is null) as "pauseCount",
      array(
        select json_build_object('id', id::text, 'jobId', job_id::text, 'task', task, 'outcome', outcome,
          'durationMs', extract(epoch from finished_at - started_at) * 1000, 'finishedAt', extract(epoch from finished_at) * 1000)
        from job_runs order by id desc limit ${runs}
      ) as "recentRuns",
      array(
        select json_build_object('id', id, 'host', host, 'pid', pid, 'slots', concurrency, 'runningJobs', running_jobs,
          'isSilent', declared_dead_at is not null or heartbeat_at < now() - ${WORKER_PACE.silentMs}::float8 * interval '1 millisecond',
          'releasedJobs', released_jobs)
        from workers where stopped_at is null and heartbeat_at > now() - interval '1 hour'
        order by heartbeat_at desc limit ${MOST_WORKERS}
      ) as workers`.execute(db);
  const [facts] = rows;
  return {
    pauses: facts?.pauses ?? [],
    pauseCount: facts?.pauseCount ?? 0,
    workers: facts?.workers ?? [],
    recentRuns: (facts?.recentRuns ?? []).map((run) => ({ ...run, finishedAt: new Date(run.finishedAt) })),
  };
}
