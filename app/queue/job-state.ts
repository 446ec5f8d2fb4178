/**
 * What can be said of a job. Waiting jobs stand in graphile-worker's tables, completed ones in `job_runs`:
 * - `queued`: may run now, waits for a slot
 * - `scheduled`: is to run later, and has not been tried yet
 * - `running`: a worker has it
 * - `retrying`: was tried, and comes again
 * - `paused`: carries a flag that is paused
 * - `failed`: is out of attempts and waits for an operator
 * - `completed`
 */
export const jobStates = [
  "failed",
  "retrying",
  "running",
  "queued",
  "scheduled",
  "paused",
  "completed",
] as const;
export type JobState = (typeof jobStates)[number];

/** States of jobs that still stand in the queue, and that something can be done with. */
export const waitingStates = ["failed", "retrying", "running", "queued", "scheduled", "paused"] as const;
export type WaitingState = (typeof waitingStates)[number];

/** The state that a job's page names: of a job that is gone, how it went. */
export type JobFate = JobState | "discarded" | "removed";

/** Tells a state from whatever else an address says. */
export function readJobState(value: string | null | undefined): JobState | null {
  return jobStates.find((state) => state === value) ?? null;
}

export function isWaitingState(state: JobState): state is WaitingState {
  return state !== "completed";
}

/**
 * What the list of jobs shows when its address names no state: what has failed, if anything, else what runs. A filter has to
 * lead to what it finds, wherever that is.
 */
export function defaultState(counts: Readonly<Record<WaitingState, number>>, isFiltered: boolean): JobState {
  if (counts.failed > 0) return "failed";
  if (!isFiltered || counts.running > 0) return "running";
  return waitingStates.find((state) => counts[state] > 0) ?? "completed";
}

/** Columns that order the jobs of a state, as the list names them; the job's id comes last and settles ties. */
export type JobOrder = {
  columns: readonly ("priority" | "run_at" | "locked_at" | "updated_at" | "finished_at")[];
  direction: "asc" | "desc";
};

/** The order that fits a state: what comes next first, what happened last first. */
export const jobOrders: Readonly<Record<JobState, JobOrder>> = {
  // As workers fetch them.
  queued: { columns: ["priority", "run_at"], direction: "asc" },
  paused: { columns: ["priority", "run_at"], direction: "asc" },
  scheduled: { columns: ["run_at"], direction: "asc" },
  retrying: { columns: ["run_at"], direction: "asc" },
  running: { columns: ["locked_at"], direction: "desc" },
  failed: { columns: ["updated_at"], direction: "desc" },
  completed: { columns: ["finished_at"], direction: "desc" },
};

/** What the one time that a list shows of a job means, by its state. */
export const timeWords: Readonly<Record<JobState, string>> = {
  queued: "Due",
  paused: "Due",
  scheduled: "Runs",
  retrying: "Next try",
  running: "Started",
  failed: "Failed",
  completed: "Finished",
};
