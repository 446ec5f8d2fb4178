import type { Config } from "#app/config.server.ts";
import type { LookUpLimit } from "#app/imports/job-answer.server.ts";
import { isOn } from "#app/upstreams/services.ts";

/** The limit that holds title look-ups up: TMDB's, unless TMDB is off. */
export function lookUpLimit(config: Config): LookUpLimit {
  return isOn("tmdb", config) ? config.TMDB_RATE_LIMIT : null;
}
