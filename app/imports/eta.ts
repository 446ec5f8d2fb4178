import type { JobStatus } from "#app/imports/status.ts";

/** Upstream calls that a title costs when nothing about it is cached: a search and its details (must hold 4 of issue 1). */
const CALLS_PER_TITLE = 2;
/** Before so many rows and so much time the pace of an import says nothing yet. */
const FIRST_ROWS = 20;
const FIRST_MS = 3_000;
/** A pace so much slower than the upstream allows was measured over a pause: the import was retried, or the upstream was away. */
const PLAUSIBLE_SLOWNESS = 4;
/** From this share of the upstream's limit on it is the upstream that the import waits for. */
const LIMITED_FROM = 0.7;

export interface EtaCounters {
  status: JobStatus;
  totalRows: number;
  processedRows: number;
  successRows: number;
  skippedRows: number;
  reviewRows: number;
  distinctTitles: number;
  startedAt: Date | null;
}

export interface Eta {
  seconds: number;
  /** `upstream`: its rate limit holds the import up. `worker`: reading and writing do. */
  limitedBy: "upstream" | "worker";
}

/**
 * How long an import will still take: by its own pace so far, and before it has one by what the upstream's limit allows.
 *
 * @param options.rateLimit of the upstream that titles are looked up at; null when it is off
 * @returns null when the import is finished, or when nothing is known yet
 */
export function estimate(
  job: EtaCounters,
  options: { rateLimit: { requests: number; perMs: number } | null; now: Date },
): Eta | null {
  if (job.status !== "queued" && job.status !== "processing") return null;
  const openRows = job.totalRows - job.processedRows;
  if (openRows <= 0) return { seconds: 0, limitedBy: "worker" };
  const allowed = options.rateLimit && secondsAllowed(job, openRows, options.rateLimit);
  const observed = secondsByPace(job, openRows, options.now);
  if (observed === null) return allowed === null ? null : rounded(allowed, "upstream");
  if (allowed === null) return rounded(observed, "worker");
  if (observed > allowed * PLAUSIBLE_SLOWNESS) return rounded(allowed, "upstream");
  const share = observed === 0 ? Number.POSITIVE_INFINITY : allowed / observed;
  const isAtLimit = share >= LIMITED_FROM && share <= 1 / LIMITED_FROM;
  return rounded(observed, isAtLimit ? "upstream" : "worker");
}

/** What the limit allows at best, when every title still has to be looked up and titles are spread evenly over the rows. */
function secondsAllowed(
  job: EtaCounters,
  openRows: number,
  limit: { requests: number; perMs: number },
): number {
  const openTitles = Math.ceil((job.distinctTitles * openRows) / Math.max(1, job.totalRows));
  return (openTitles * CALLS_PER_TITLE * limit.perMs) / limit.requests / 1000;
}

/** Failed rows are left out of the pace: those that were refused when the file was read took no time at all. */
function secondsByPace(job: EtaCounters, openRows: number, now: Date): number | null {
  if (job.status !== "processing" || job.startedAt === null) return null;
  const elapsedMs = now.getTime() - job.startedAt.getTime();
  const doneRows = job.successRows + job.skippedRows + job.reviewRows;
  if (doneRows < FIRST_ROWS || elapsedMs < FIRST_MS) return null;
  return (openRows * elapsedMs) / doneRows / 1000;
}

const rounded = (seconds: number, limitedBy: Eta["limitedBy"]): Eta => ({
  seconds: Math.ceil(seconds),
  limitedBy,
});
