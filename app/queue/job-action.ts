/** What operators do with jobs. */
export const jobActionNames = ["retry", "run_now", "reschedule", "set_priority", "discard"] as const;
export type JobActionName = (typeof jobActionNames)[number];

/** An action with what it needs to know. */
export type JobAction =
  /** A failed job gets all its attempts again, and runs now. */
  | { name: "retry" }
  /** A job that waits for its time runs now. */
  | { name: "run_now" }
  /** Runs at that moment, or so much later; a failed job gets all its attempts again. */
  | { name: "reschedule"; at: { moment: string } | { delayMs: number } }
  /** Lower runs first. */
  | { name: "set_priority"; priority: number }
  /** Leaves the queue; a row of `job_runs` says who did it and why. */
  | { name: "discard"; by: string; reason: string | null };

/** Why something was not done to a job. */
export const refusals = [
  "running",
  "completed",
  "discarded",
  "gone",
  "not_failed",
  "has_failed",
  "due_already",
  "paused",
  "superseded",
  "moved_on",
] as const;
export type Refusal = (typeof refusals)[number];

export interface ActionOutcome {
  asked: number;
  done: number;
  /** How many were refused, by reason. */
  refused: Partial<Record<Refusal, number>>;
}

/** Smallest and largest priority that graphile-worker's column holds. */
export const PRIORITY_LIMITS = { least: -32_768, most: 32_767 } as const;
/** A selection is acted on at once; more is a bulk action. */
export const MOST_SELECTED = 100;

const words: Record<Refusal, readonly [one: string, many: string]> = {
  running: ["is running now", "are running now"],
  completed: ["has completed meanwhile", "have completed meanwhile"],
  discarded: ["was discarded meanwhile", "were discarded meanwhile"],
  gone: ["is gone", "are gone"],
  not_failed: ["has not failed", "have not failed"],
  has_failed: ["has failed: retry it instead", "have failed: retry them instead"],
  due_already: ["is due already", "are due already"],
  paused: ["is paused: resume it first", "are paused: resume them first"],
  superseded: [
    "was added again since, and the newer job does its work: discard it",
    "were added again since, and newer jobs do their work: discard them",
  ],
  moved_on: ["has moved on meanwhile", "have moved on meanwhile"],
};

/** `3 are running now` */
export function refusalWords(refusal: Refusal, count: number): string {
  return `${grouped(count)} ${words[refusal][count === 1 ? 0 : 1]}`;
}

const doneWords: Record<JobActionName, string> = {
  retry: "Retried",
  run_now: "Brought forward",
  reschedule: "Rescheduled",
  set_priority: "Changed the priority of",
  discard: "Discarded",
};

/** What came of an action, in sentences: `Retried 3 of 5 jobs. 1 is running now, 1 is gone.` */
export function outcomeSentence(action: JobActionName, { asked, done, refused }: ActionOutcome): string {
  const whole = done === asked ? jobs(asked) : `${grouped(done)} of ${jobs(asked)}`;
  const reasons = refusals.flatMap((refusal) => {
    const count = refused[refusal] ?? 0;
    return count > 0 ? [refusalWords(refusal, count)] : [];
  });
  return `${doneWords[action]} ${whole}.${reasons.length > 0 ? ` ${reasons.join(", ")}.` : ""}`;
}

/** What a bulk action applies to, in the words of the filter box: `failed task:refresh_work`. */
export function scopeWords(scope: { state: string; filter: string }): string {
  return scope.filter === "" ? `all ${scope.state} jobs` : `${scope.state} jobs with ${scope.filter}`;
}

function jobs(count: number): string {
  return `${grouped(count)} ${count === 1 ? "job" : "jobs"}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
