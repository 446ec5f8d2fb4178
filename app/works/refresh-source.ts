import type { Config } from "#app/config.server.ts";
import { isOn, offSentence, type Service } from "#app/upstreams/services.ts";

/** What decides who can be asked about a work. */
export interface KnownIds {
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
}

/** Who is asked when a work is refreshed; a sentence where nobody can be. */
export type RefreshSource =
  | { service: Extract<Service, "tmdb" | "omdb">; reason: null }
  | { service: null; reason: string };

/**
 * Who knows a work's details: TMDB by its id, for series also by its name; OMDb for films that have an IMDb id alone.
 */
export function refreshSource(work: KnownIds, config: Partial<Config>): RefreshSource {
  if (work.mediaType === "movie" && work.tmdbId === null && work.imdbId === null)
    return {
      service: null,
      reason: "Neither its TMDB id nor its IMDb id is known, so there is nobody to ask about it.",
    };
  const service = work.mediaType === "tv" || work.tmdbId !== null ? "tmdb" : "omdb";
  return isOn(service, config) ? { service, reason: null } : { service: null, reason: offSentence(service) };
}
