import { type TitleKind, trailingYear, withoutTrailingYear } from "./title.ts";

/** A film or series that an upstream offered for a title. Series carry their name, original name and first air date here. */
export interface Candidate {
  tmdbId: number;
  mediaType: TitleKind;
  title: string;
  originalTitle: string;
  /** Known only after a look-up of this one candidate. */
  alternativeTitles?: string[];
  /** Primary release, `YYYY-MM-DD`. */
  releaseDate: string | null;
  /** Year of the primary release; may differ by one from other sources. */
  year: number | null;
  popularity: number;
  voteCount: number;
  posterPath: string | null;
  originalLanguage: string;
  /** Where it was made, ISO 3166-1; searches tell it of series alone. */
  countries?: string[];
  overview?: string;
  adult?: boolean;
  /** TMDB's flag for what never ran as a film: concerts, shorts, making-ofs. */
  video?: boolean;
}

/** What a row asks for. */
export interface TitleQuery {
  title: string;
  year: number | null;
  kind: TitleKind | null;
}

/** TMDB ids are unique per media type, never across. */
export function candidateKey(candidate: Pick<Candidate, "mediaType" | "tmdbId">): string {
  return `${candidate.mediaType}:${candidate.tmdbId}`;
}

/**
 * The query with the year that its title may carry ("Crash (2005)") moved to where it belongs. A year column that says
 * otherwise wins, and the title is left alone.
 */
export function readQuery(query: TitleQuery): TitleQuery {
  const year = trailingYear(query.title);
  if (year === null || (query.year !== null && query.year !== year)) return query;
  return { ...query, title: withoutTrailingYear(query.title), year };
}
