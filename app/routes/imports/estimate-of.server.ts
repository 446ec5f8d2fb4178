import type { Config } from "#app/config.server.ts";
import { type EtaCounters, estimate } from "#app/imports/eta.ts";
import { isOn } from "#app/upstreams/services.ts";

/** What a screen says about the time an import will still take. */
export interface EtaView {
  seconds: number;
  /** What it waits for, in words; null when nothing outside limits it. */
  limitedBy: string | null;
}

/**
 * The estimate of a running import with its limiting factor in words: `TMDB (40 per 10 s)`. Null when it is finished or
 * nothing is known yet.
 */
export function estimateOf(job: EtaCounters, config: Config): EtaView | null {
  const rateLimit = isOn("tmdb", config) ? config.TMDB_RATE_LIMIT : null;
  const eta = estimate(job, { rateLimit, now: new Date() });
  if (eta === null) return null;
  const isUpstream = eta.limitedBy === "upstream" && rateLimit !== null;
  return { seconds: eta.seconds, limitedBy: isUpstream ? `TMDB (${rateWords(rateLimit)})` : null };
}

/** A rate limit as people say it: `40 per 10 s`. */
export function rateWords({ requests, perMs }: { requests: number; perMs: number }): string {
  return `${requests} per ${perMs / 1000}\u00a0s`;
}
