import { formatCount, formatMoment, formatQuantity } from "#app/ui/format.ts";
import type { StatusName } from "#app/ui/status.tsx";

/** One thing that waits for a person: what it is, and where it is settled. */
export interface Attention {
  key: string;
  status: StatusName;
  text: string;
  /** Where to go, and what that link says. */
  link?: { to: string; label: string };
  /** An upstream that may be asked again by a press. */
  resume?: string;
}

export interface AttentionFacts {
  isWorkerAlive: boolean;
  /** Imports that are queued or being processed; more than so many when `hasMoreImports`. */
  waitingImports: number;
  hasMoreImports?: boolean;
  /** Finished lately with failed rows. */
  failed: { rows: number; imports: number };
  /** Lists that are not put aside and whose last import failed. */
  failedLists: number;
  /** Titles that wait for a decision, and the rows that ask for them; nobody counts titles beyond `MOST_COUNTED`. */
  review: { titles: number; rows: number; imports: number };
  /** Films that had quotes from IMDb and now yield none. */
  suspiciousQuotes: number;
  /** Works whose id TMDB has deleted or merged; nobody counts beyond `MOST_COUNTED`. */
  lostTitles: number;
  /** Queue jobs that have failed for good; ignored causes are not counted, and nobody counts beyond `MOST_COUNTED`. */
  failedJobs: number;
  /** What operators have paused: the label of task, upstream or import, and why. */
  pauses: { label: string; reason: string; pausedBy: string }[];
  /** How many there are, where `pauses` holds but the first few. */
  pauseCount?: number;
  pausedUpstreams: { service: string; reason: string }[];
  /** Sentences on upstreams without which nothing can be matched. */
  offUpstreams: { service: string; text: string }[];
  /** Upstreams whose quota of the day is gone, and until when. */
  usedUp: { label: string; until: Date }[];
  /** Why nothing runs by itself, when the crontab cannot be read. */
  crontabProblem?: string | null;
  /** Schedules that should have run, and when. */
  overdue: { id: string; label: string; since: Date | null }[];
  /** Workers of the last hour that went without a word. */
  silentWorkers: { id: string; name: string; releasedJobs: number | null }[];
}

/** Of one kind, so many are named; more are counted. */
const MOST_NAMED = 3;
const MOST_COUNTED = 1_000;

/**
 * What needs an operator, most urgent first: what stops everything, what failed or is late, what waits for a decision, what was
 * held on purpose. Empty: nothing does.
 */
export function attentionOf(facts: AttentionFacts): Attention[] {
  return [
    ...stopped(facts),
    ...failed(facts),
    ...late(facts),
    ...undecided(facts),
    ...lost(facts),
    ...held(facts),
  ];
}

function stopped(facts: AttentionFacts): Attention[] {
  const found: Attention[] = [];
  if (!facts.isWorkerAlive)
    found.push({
      key: "worker",
      status: "failed",
      text:
        facts.waitingImports > 0
          ? `No worker is running, so ${facts.hasMoreImports ? "more than " : ""}${formatQuantity(facts.waitingImports, "import")} cannot go on. Start one: npm run worker`
          : "No worker is running, so imports will wait. Start one: npm run worker",
    });
  if (facts.crontabProblem) found.push({ key: "crontab", status: "failed", text: facts.crontabProblem });
  for (const { service, text } of facts.offUpstreams)
    found.push({ key: `off-${service}`, status: "failed", text });
  for (const { service, reason } of facts.pausedUpstreams)
    found.push({ key: `paused-${service}`, status: "paused", text: reason, resume: service });
  return found;
}

function failed({ failedJobs, failed, failedLists }: AttentionFacts): Attention[] {
  const found: Attention[] = [];
  if (failedJobs > 0)
    found.push({
      key: "jobs",
      status: "failed",
      text: `${failedJobs >= MOST_COUNTED ? "At least " : ""}${formatQuantity(failedJobs, "queue job")} failed for good.`,
      link: { to: "/queue/failures", label: "Show failures" },
    });
  if (failed.rows > 0)
    found.push({
      key: "failed",
      status: "failed",
      text: `${formatQuantity(failed.rows, "failed row")} in ${formatQuantity(failed.imports, "import")} of the last 7 days.`,
      link: { to: "/imports?failures=yes", label: "Show imports" },
    });
  if (failedLists > 0)
    found.push({
      key: "lists",
      status: "failed",
      text: `${formatQuantity(failedLists, "list")} could not be imported.`,
      link: { to: "/lists?show=failed", label: "Show lists" },
    });
  return found;
}

function late({ overdue, silentWorkers }: AttentionFacts): Attention[] {
  const schedules = { to: "/schedules", label: "Show schedules" };
  const workers = { to: "/queue/workers", label: "Show workers" };
  return [
    ...named(overdue, "schedules are overdue", schedules, ({ id, label, since }) => ({
      key: `overdue-${id}`,
      text: `${label} was due ${formatMoment(since)} and has not run.`,
    })).map((each) => ({ ...each, status: "failed" as const })),
    ...named(silentWorkers, "workers went silent", workers, (worker) => ({
      key: `silent-${worker.id}`,
      text: `Worker ${worker.name} went silent${releasedText(worker.releasedJobs)}.`,
    })).map((each) => ({ ...each, status: "review" as const })),
  ];
}

const releasedText = (jobs: number | null) =>
  jobs === null
    ? ""
    : jobs === 0
      ? "; it held no job"
      : `; ${formatQuantity(jobs, "job")} it held went to others`;

function undecided({ review, suspiciousQuotes }: AttentionFacts): Attention[] {
  const found: Attention[] = [];
  if (review.titles > 0)
    found.push({
      key: "review",
      status: "review",
      text: `${review.titles >= MOST_COUNTED ? "At least " : ""}${formatQuantity(review.titles, "title")} to review, for ${formatQuantity(review.rows, "row")} in ${formatQuantity(review.imports, "import")}.`,
      link: { to: "/review", label: "Review" },
    });
  if (suspiciousQuotes > 0)
    found.push({
      key: "quotes",
      status: "review",
      text: `${formatQuantity(suspiciousQuotes, "film")} had quotes at IMDb and now ${suspiciousQuotes === 1 ? "yields" : "yield"} none.`,
      link: { to: "/quotes?state=suspicious", label: "Decide" },
    });
  return found;
}

function lost({ lostTitles }: AttentionFacts): Attention[] {
  if (lostTitles === 0) return [];
  return [
    {
      key: "lost",
      status: "review",
      text: `TMDB has deleted or merged ${lostTitles >= MOST_COUNTED ? "at least " : ""}${formatQuantity(lostTitles, "work")}; what is known of ${lostTitles === 1 ? "it" : "them"} is kept.`,
      link: { to: "/discovery/lost", label: "Decide" },
    },
  ];
}

function held({ pauses, pauseCount, usedUp }: AttentionFacts): Attention[] {
  const link = { to: "/queue/pauses", label: "Show pauses" };
  return [
    ...named(
      pauses,
      "things are paused",
      link,
      ({ label, reason, pausedBy }) => ({
        key: `pause-${label}`,
        text: `${label.charAt(0).toUpperCase()}${label.slice(1)} is paused by ${pausedBy}: ${reason}`,
      }),
      pauseCount,
    ),
    ...usedUp.map(({ label, until }) => ({
      key: `quota-${label}`,
      text: `${label} quota used up until ${formatMoment(until)}.`,
    })),
  ].map((each) => ({ ...each, status: "paused" as const }));
}

/** A line for each of a few things, one line for many. */
function named<Thing>(
  things: readonly Thing[],
  many: string,
  link: Attention["link"] & object,
  line: (thing: Thing) => Pick<Attention, "key" | "text">,
  count = things.length,
): Omit<Attention, "status">[] {
  if (things.length <= MOST_NAMED) return things.map((thing) => ({ ...line(thing), link }));
  return [{ key: many, text: `${formatCount(count)} ${many}.`, link }];
}
