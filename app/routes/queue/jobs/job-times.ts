import type { ListedJob } from "#app/queue/console/list-jobs.server.ts";
import type { JobState } from "#app/queue/job-state.ts";

/** From one moment to another; `to` is null while it lasts, and the span grows. */
export interface Span {
  from: Date;
  to: Date | null;
}

/** What a list says of a job's time: how long it waited and ran, and the one moment that its state makes interesting. */
export interface JobTimes {
  waited: Span | null;
  ran: Span | null;
  when: Date;
}

/**
 * The times of a job in its state. A job that has run shows its last attempt; one that runs shows this one; one that waits for a
 * later time has not waited yet.
 */
export function jobTimes(
  state: JobState,
  job: Pick<ListedJob, "runAt" | "startedAt" | "finishedAt" | "lastRun">,
): JobTimes {
  const { runAt, startedAt, finishedAt, lastRun } = job;
  switch (state) {
    case "running":
      return {
        waited: startedAt && { from: runAt, to: startedAt },
        ran: startedAt && { from: startedAt, to: null },
        when: startedAt ?? runAt,
      };
    case "queued":
      return { waited: { from: runAt, to: null }, ran: null, when: runAt };
    case "scheduled":
    case "paused":
      return { waited: null, ran: null, when: runAt };
    default:
      return {
        waited: lastRun && { from: lastRun.runAt, to: lastRun.startedAt },
        ran: lastRun && { from: lastRun.startedAt, to: lastRun.finishedAt },
        when: state === "retrying" ? runAt : (finishedAt ?? runAt),
      };
  }
}
