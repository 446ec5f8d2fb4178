/**
 * Where the buckets of call durations begin, in milliseconds: bucket 0 is quicker than the first, bucket n reached the n-th.
 * They stand in `upstream_call_sums`: another list needs a migration that sums anew.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000,
  30_000,
];

export const CALL_RANGES = ["1h", "24h", "7d", "90d"] as const;

/** How far back calls are summed up. */
export type CallRange = (typeof CALL_RANGES)[number];

/** Equal calls, added up. */
export interface CallSum {
  service: string;
  endpoint: string;
  /** null where no task asked. */
  task: string | null;
  /** The error code, or what was answered: OK, NOT_FOUND. */
  outcome: string;
  cached: boolean;
  bucket: number;
  calls: number;
  durationMs: number;
}

/** What became of a call: `ok` also where the upstream does not know what was asked for. */
export type CallFate = "ok" | "cached" | "failed";

/** The fate of calls with this outcome. An old answer that stands in for a failed call (`STALE`) came out of the cache. */
export function fateOf({ outcome, cached }: { outcome: string; cached: boolean }): CallFate {
  if (cached) return "cached";
  return outcome === "OK" || outcome === "NOT_FOUND" ? "ok" : "failed";
}

/** Figures of some calls. Durations are those of calls that left the house. */
export interface CallFigures {
  ok: number;
  cached: number;
  failed: number;
  /** ok and failed: what the upstream was asked. */
  asked: number;
  meanMs: number | null;
  /** Estimated within their buckets; null without a call. */
  p50Ms: number | null;
  p95Ms: number | null;
}

export function figuresOf(sums: Iterable<CallSum>): CallFigures {
  const counts = { ok: 0, cached: 0, failed: 0 };
  const buckets = new Map<number, number>();
  let durationMs = 0;
  for (const sum of sums) {
    const fate = fateOf(sum);
    counts[fate] += sum.calls;
    if (fate === "cached") continue;
    durationMs += sum.durationMs;
    buckets.set(sum.bucket, (buckets.get(sum.bucket) ?? 0) + sum.calls);
  }
  const asked = counts.ok + counts.failed;
  return {
    ...counts,
    asked,
    meanMs: asked > 0 ? durationMs / asked : null,
    p50Ms: percentileMs(buckets, 0.5),
    p95Ms: percentileMs(buckets, 0.95),
  };
}

/**
 * A percentile out of counted buckets: as if the calls of a bucket were spread evenly over it. Beyond the last bound it is that
 * bound.
 *
 * @param share 0.95 for p95
 */
function percentileMs(buckets: ReadonlyMap<number, number>, share: number): number | null {
  const counted = [...buckets].filter(([, calls]) => calls > 0).sort(([a], [b]) => a - b);
  const total = counted.reduce((sum, [, calls]) => sum + calls, 0);
  let before = 0;
  for (const [bucket, calls] of counted) {
    if (before + calls >= share * total) {
      const from = bucket === 0 ? 0 : (DURATION_BOUNDS_MS[bucket - 1] ?? 0);
      const to = DURATION_BOUNDS_MS[bucket] ?? from;
      return from + ((share * total - before) / calls) * (to - from);
    }
    before += calls;
  }
  return null;
}

/** The sums, parted by what `keyOf` says of each, most calls first. */
export function partBy(
  sums: readonly CallSum[],
  keyOf: (sum: CallSum) => string,
): { key: string; sums: [CallSum, ...CallSum[]] }[] {
  const parts = new Map<string, [CallSum, ...CallSum[]]>();
  for (const sum of sums) {
    const part = parts.get(keyOf(sum));
    if (part) part.push(sum);
    else parts.set(keyOf(sum), [sum]);
  }
  const size = (part: readonly CallSum[]) => part.reduce((calls, sum) => calls + sum.calls, 0);
  return [...parts]
    .map(([key, part]) => ({ key, sums: part }))
    .sort((a, b) => size(b.sums) - size(a.sums) || a.key.localeCompare(b.key));
}
