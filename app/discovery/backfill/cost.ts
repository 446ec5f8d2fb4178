import type { ChosenWorks } from "#app/discovery/backfill/choose-works.server.ts";
import type { BackfillField } from "#app/discovery/backfill/fields.ts";

/** TMDB calls that finding a title may take (decision 5); its details are one more. */
const CALLS_TO_IDENTIFY = 2;

/** What a backfill costs at most, before it starts. */
export interface BackfillCost {
  tmdbCalls: number;
  /** OMDb is asked only for ratings that TMDB does not have. */
  omdbCalls: number;
  /** How long TMDB's limit makes it take. */
  seconds: number;
}

/** @param rate TMDB_RATE_LIMIT */
export function costOf(
  { works, unidentified, unrated }: ChosenWorks,
  fields: readonly BackfillField[],
  rate: { requests: number; perMs: number },
): BackfillCost {
  const tmdbCalls = works + unidentified * CALLS_TO_IDENTIFY;
  return {
    tmdbCalls,
    omdbCalls: fields.includes("rating") ? unrated : 0,
    seconds: (tmdbCalls * rate.perMs) / rate.requests / 1_000,
  };
}
