import type { TitleQuery } from "#app/matching/candidate.ts";
import type { ScoredCandidate } from "#app/matching/score.ts";

/** A distinct title to find: rows with the same key share one answer. */
export interface TitleRequest {
  key: string;
  query: TitleQuery;
  ids: { tmdb?: number; imdb?: string; tvdb?: number };
  /** The series that the title may name instead of a film ("Show: Episode" has the form of both). */
  seriesTitle: string | null;
  /** The title is an episode's own: nothing of that name may be searched for, the id alone can tell. */
  onlyById?: boolean;
}

/** What a title was found to be, with how and why (M-01). */
export interface Resolution {
  outcome: "match" | "review" | "none";
  mediaType: "movie" | "tv" | null;
  tmdbId: number | null;
  /** Known for matches by IMDb id and for titles that only OMDb knows. */
  imdbId: string | null;
  /** The title's own key, for a series that nobody knows or could be asked about: it is a work all the same. */
  bareKey: string | null;
  /** Set where an id named one episode: its place in the series. */
  episode: { season: number; episode: number } | null;
  score: number;
  strategy: string;
  reason: { code: string; text: string };
  candidates: ScoredCandidate[];
}

/**
 * The key under which a row's title is looked up, remembered and decided: its strongest id, or else title, year and kind.
 *
 * @param titleKey the key of title, year and kind that stands on the row
 */
export function requestKey(titleKey: string, ids: TitleRequest["ids"], kind: "movie" | "tv" | null): string {
  if (ids.tmdb) return `tmdb:${kind ?? "movie"}:${ids.tmdb}`;
  if (ids.imdb) return `imdb:${ids.imdb}`;
  if (ids.tvdb) return `tvdb:${ids.tvdb}`;
  return titleKey;
}

/**
 * Tells works apart: TMDB ids are unique per media type only; a title that only OMDb knows has its IMDb id, and a series that
 * nobody knows its own key.
 */
export function matchKey(match: Pick<Resolution, "mediaType" | "tmdbId" | "imdbId" | "bareKey">): string {
  return `${match.mediaType}:${match.tmdbId ?? match.imdbId ?? match.bareKey}`;
}
