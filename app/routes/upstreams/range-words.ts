import type { CallRange } from "#app/upstreams/call-sums.ts";

/** Ranges as people say them. */
export const RANGE_WORDS: Record<CallRange, string> = {
  "1h": "last hour",
  "24h": "last 24 h",
  "7d": "last 7 days",
  "90d": "last 90 days",
};
