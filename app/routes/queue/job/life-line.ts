import type { JobAttempt, JobDetail } from "#app/queue/console/find-job.server.ts";

/** One step in the life of a job: what happened, when it began, and how long it took. */
export interface LifeStep {
  kind: "enqueued" | "held" | "waited" | "ran" | "postponed" | "now";
  words: string;
  at: Date;
  /** Milliseconds, 0 or more; null for a moment without length. */
  durationMs: number | null;
  /** Still lasts: `durationMs` is null, and the time since `at` grows. */
  lasts: boolean;
  /** How an attempt ended. */
  outcome?: JobAttempt["outcome"];
}

type Life = Pick<JobDetail, "fate" | "createdAt" | "runAt" | "lockedAt" | "attemptsMade">;

/** Shorter waits are how long it takes to look, not a wait. */
const LEAST_HELD_MS = 1_000;

/**
 * The life of a job, oldest step first: enqueued, held back until its time, waited for a slot, ran, and so on; last, what it does
 * now. Attempts that were only postponed one after another are one step. Clocks that disagree make no negative span.
 */
export function lifeLine(job: Life): LifeStep[] {
  const attempts = job.attemptsMade.toReversed();
  const steps: LifeStep[] = [moment("enqueued", "Enqueued", attempts[0]?.enqueuedAt ?? job.createdAt)];
  let end = steps[0]?.at ?? job.createdAt;
  for (let index = 0; index < attempts.length; index++) {
    const attempt = attempts[index];
    if (!attempt) break;
    if (attempt.outcome !== "discarded")
      steps.push(...waits(end, attempt.runAt, attempt.startedAt, index > 0));
    const same = sameAfter(attempts, index);
    const last = attempts[index + same] ?? attempt;
    steps.push(same > 0 ? postponed(attempt, last, same + 1) : ran(attempt));
    index += same;
    end = last.finishedAt;
  }
  return [...steps, ...present(job, end, attempts.length > 0)];
}

/** How many attempts after this one were postponed as well, if it was. */
function sameAfter(attempts: readonly JobAttempt[], index: number): number {
  let count = 0;
  if (attempts[index]?.outcome !== "postponed") return 0;
  while (attempts[index + count + 1]?.outcome === "postponed") count++;
  return count;
}

function waits(from: Date, due: Date, started: Date, isRetry: boolean): LifeStep[] {
  const heldMs = between(from, due < started ? due : started);
  const free = heldMs >= LEAST_HELD_MS ? due : from;
  const held: LifeStep[] =
    heldMs >= LEAST_HELD_MS
      ? [
          {
            kind: "held",
            words: isRetry ? "Held back before the next try" : "Held back until its time",
            at: from,
            durationMs: heldMs,
            lasts: false,
          },
        ]
      : [];
  const waited: LifeStep = {
    kind: "waited",
    words: "Waited for a slot",
    at: free,
    durationMs: between(free, started),
    lasts: false,
  };
  return [...held, waited];
}

function ran(attempt: JobAttempt): LifeStep {
  if (attempt.outcome === "discarded")
    return { ...moment("ran", "Discarded", attempt.finishedAt), outcome: "discarded" };
  return {
    kind: "ran",
    words: `Ran: attempt ${attempt.attempt}`,
    at: attempt.startedAt,
    durationMs: between(attempt.startedAt, attempt.finishedAt),
    lasts: false,
    outcome: attempt.outcome,
  };
}

function postponed(first: JobAttempt, last: JobAttempt, count: number): LifeStep {
  return {
    kind: "postponed",
    words: `Postponed ${count} times`,
    at: first.startedAt,
    durationMs: between(first.startedAt, last.finishedAt),
    lasts: false,
    outcome: "postponed",
  };
}

/** What a job that still stands in the queue does now. */
function present({ fate, runAt, lockedAt, createdAt }: Life, end: Date, isRetry: boolean): LifeStep[] {
  const since = end > createdAt ? end : createdAt;
  switch (fate) {
    case "running": {
      const started = lockedAt ?? since;
      return [...waits(since, runAt, started, isRetry), lasting("Runs", started)];
    }
    case "queued":
      return [lasting("Waits for a slot", runAt > since ? runAt : since)];
    case "paused":
      return [lasting("Is paused", since)];
    case "scheduled":
      return [moment("now", "Will run", runAt)];
    case "retrying":
      return [moment("now", "Will be tried again", runAt)];
    default:
      return [];
  }
}

function lasting(words: string, at: Date): LifeStep {
  return { kind: "now", words, at, durationMs: null, lasts: true };
}

function moment(kind: LifeStep["kind"], words: string, at: Date): LifeStep {
  return { kind, words, at, durationMs: null, lasts: false };
}

function between(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime());
}
