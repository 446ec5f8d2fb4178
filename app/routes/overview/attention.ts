import { formatQuantity } from "#app/ui/format.ts";
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
  /** Imports that are queued or being processed. */
  waitingImports: number;
  /** Finished lately with failed rows. */
  failed: { rows: number; imports: number };
  review: { rows: number; imports: number };
  /** Queue jobs that ended failed or lost in the last 24 h. */
  failedRuns: number;
  pausedUpstreams: { service: string; reason: string }[];
  /** Sentences on upstreams without which nothing can be matched. */
  offUpstreams: { service: string; text: string }[];
  /** Labels of upstreams whose quota of the day is gone. */
  usedUp: string[];
}

/**
 * What needs an operator, most urgent first. Empty: nothing does.
 */
export function attentionOf(facts: AttentionFacts): Attention[] {
  return [...stopped(facts), ...waitingRows(facts), ...runs(facts)];
}

function stopped(facts: AttentionFacts): Attention[] {
  const found: Attention[] = [];
  if (!facts.isWorkerAlive)
    found.push({
      key: "worker",
      status: "failed",
      text:
        facts.waitingImports > 0
          ? `No worker is running, so ${formatQuantity(facts.waitingImports, "import")} cannot go on. Start one: npm run worker`
          : "No worker is running, so imports will wait. Start one: npm run worker",
    });
  for (const { service, text } of facts.offUpstreams)
    found.push({ key: `off-${service}`, status: "failed", text });
  for (const { service, reason } of facts.pausedUpstreams)
    found.push({ key: `paused-${service}`, status: "paused", text: reason, resume: service });
  for (const label of facts.usedUp)
    found.push({ key: `quota-${label}`, status: "paused", text: `${label} quota used up until 00:00 UTC.` });
  return found;
}

function waitingRows({ failed, review }: AttentionFacts): Attention[] {
  const found: Attention[] = [];
  if (review.rows > 0)
    found.push({
      key: "review",
      status: "review",
      text: `${formatQuantity(review.rows, "row")} to review in ${formatQuantity(review.imports, "import")}.`,
      link: { to: "/imports?status=partial", label: "Show imports" },
    });
  if (failed.rows > 0)
    found.push({
      key: "failed",
      status: "failed",
      text: `${formatQuantity(failed.rows, "failed row")} in ${formatQuantity(failed.imports, "import")} of the last 7 days.`,
      link: { to: "/imports?failures=yes", label: "Show imports" },
    });
  return found;
}

function runs({ failedRuns }: AttentionFacts): Attention[] {
  if (failedRuns === 0) return [];
  return [
    {
      key: "runs",
      status: "failed",
      text: `${formatQuantity(failedRuns, "queue job")} failed in the last 24 h.`,
      link: { to: "#failed-runs", label: "Show below" },
    },
  ];
}
