/** How a schedule stands. */
export type ScheduleState =
  | "running"
  | "retrying"
  | "paused"
  | "overdue"
  | "waiting"
  | "failed"
  | "scheduled";

/** What the queue holds of a schedule. */
export interface ScheduleJob {
  /** When it may run. */
  runAt: Date;
  /** Attempts begun. */
  attempts: number;
  /** Since when a worker has it in hand; null: none has. */
  lockedAt: Date | null;
}

export interface ScheduleFacts {
  /** The present, on the database's clock. */
  now: Date;
  /** The last tick that lies `SCHEDULE_GRACE_MS` or more before `now`; null: none ever. */
  previousTick: Date | null;
  /** Since when we know of the line: ticks before that are not missed. */
  knownSince: Date;
  /** The newest run by any worker, whoever asked for it. */
  lastRun: { startedAt: Date; runAt: Date; outcome: string } | null;
  /** Its waiting or running job. One that has failed for good is none: the next tick runs it again. */
  job: ScheduleJob | null;
  isPaused: boolean;
}

/** A tick that is younger may still be on its way: clocks differ, and a worker that restarts needs a moment. */
export const SCHEDULE_GRACE_MS = 5 * 60_000;

/**
 * How a schedule stands, and since when: the tick that was missed for `overdue`, when it was due for `waiting`, when the next
 * attempt is for `retrying`.
 *
 * Overdue is what should have run and has not, whether or not anything failed: no job stands in the queue and none has run since the tick
 * (no worker was there to add it), or the job has been due for longer than the grace and nobody has taken it up.
 */
export function scheduleState(facts: ScheduleFacts): { state: ScheduleState; since: Date | null } {
  const { now, lastRun, job, isPaused } = facts;
  if (job?.lockedAt) return { state: "running", since: job.lockedAt };
  if (isPaused) return { state: "paused", since: null };
  if (job) return { state: waitingState(job, now), since: job.runAt };
  const missed = missedTick(facts);
  if (missed) return { state: "overdue", since: missed };
  if (lastRun && (lastRun.outcome === "failed" || lastRun.outcome === "lost"))
    return { state: "failed", since: lastRun.startedAt };
  return { state: "scheduled", since: null };
}

function waitingState(job: ScheduleJob, now: Date): ScheduleState {
  if (now.getTime() - job.runAt.getTime() > SCHEDULE_GRACE_MS) return "overdue";
  return job.attempts > 0 ? "retrying" : "waiting";
}

function missedTick({ previousTick, knownSince, lastRun }: ScheduleFacts): Date | null {
  if (previousTick === null || previousTick < knownSince) return null;
  if (lastRun === null) return previousTick;
  // A worker adds the job on its own clock, which may be ahead of the database's: the run of this tick then seems to have begun
  // before it. What the run was due for says better.
  const ranFor = Math.max(lastRun.runAt.getTime(), lastRun.startedAt.getTime());
  return ranFor < previousTick.getTime() ? previousTick : null;
}
