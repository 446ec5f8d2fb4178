/** What identifies a work, and what is stored about it. Built from an upstream's answer by pure code. */
export interface TitleFacts {
  mediaType: "movie" | "tv";
  tmdbId: number | null;
  imdbId: string | null;
  /** The key under which rows name a series that had no id so far: such a work is completed, not doubled. */
  bareKey: string | null;
  title: string;
  originalTitle: string | null;
  originalLanguage: string | null;
  year: number | null;
  /** `YYYY-MM-DD` */
  releaseDate: string | null;
  totalSeasons: number | null;
  totalEpisodes: number | null;
  /** Empty when not known, and for films. */
  seasons: SeasonFact[];
  ratings: RatingFact[];
  /** In TMDB's order; left out where the source says nothing about it. */
  similar?: SimilarFact[] | undefined;
  /** null: only the title is known so far; the work stays `pending` until its details are fetched. */
  meta: MetaFacts | null;
}

/** A season as TMDB counts it; season 0 holds the specials. */
export interface SeasonFact {
  seasonNumber: number;
  name: string | null;
  episodeCount: number;
  airDate: string | null;
  posterUrl: string | null;
}

/** One source's rating on its own scale and on 0–100. */
export interface RatingFact {
  sourceName: "TMDB" | "IMDb" | "Rotten Tomatoes" | "Metacritic";
  scaleType: "0-10" | "0-100";
  valueRaw: string;
  value0To100: number;
  votesCount: number | null;
}

/** One place in the cast or the crew; who has several has several. Genders are TMDB's: 0 unknown, 1 female, 2 male, 3 other. */
export interface PersonFact {
  person_id: number;
  name: string;
  gender: number | null;
  photo_url_small: string | null;
  photo_url_medium: string | null;
}

export interface CastFact extends PersonFact {
  character: string | null;
  order: number | null;
  photo_url_large: string | null;
}

export interface CrewFact extends PersonFact {
  job: string | null;
  department: string | null;
}

/** A trailer or any other video about the title; trailers first. */
export interface VideoFact {
  key: string;
  name: string | null;
  site: string;
  /** TMDB's: Trailer, Teaser, Clip, Featurette, Behind the Scenes… */
  type: string | null;
  official: boolean;
  url: string;
  thumbnail_url: string | null;
  published_at: string | null;
}

export interface CompanyFact {
  id: number;
  name: string;
  logo_url: string | null;
  country: string | null;
}

/** A film that TMDB calls similar. */
export interface SimilarFact {
  tmdbId: number;
  title: string;
  year: number | null;
  /** Share of the two films' genres that they have in common, 0 to 1; null when one has none. */
  confidence: number | null;
}

/**
 * The columns of `works_meta` (seed 002 §1, §2). Image addresses are TMDB's until the images are re-hosted. A field that the
 * source says nothing about is left out, and what is stored stays; null or an empty list says that there is nothing.
 */
export interface MetaFacts {
  runtimeMinutes?: number | null | undefined;
  tagline?: string | null | undefined;
  overview?: string | null | undefined;
  genres?: string[] | undefined;
  certification?: string | null | undefined;
  posterUrls?: { small: string; medium: string; large: string; original: string } | null | undefined;
  backdropUrls?: { full: string; mobile: string } | null | undefined;
  cast?: CastFact[] | undefined;
  crew?: CrewFact[] | undefined;
  trailers?: VideoFact[] | undefined;
  stillImages?: string[] | undefined;
  /** Where it can be watched, by country, as TMDB words it; the data is JustWatch's, who must be named beside it. */
  streaming?: Record<string, unknown> | undefined;
  keywords?: string[] | undefined;
  productionCompanies?: CompanyFact[] | undefined;
  /** ISO 3166-1 alpha-2. */
  productionCountries?: string[] | undefined;
  budget?: number | null | undefined;
  revenueWorldwide?: number | null | undefined;
  /** False when the answer lacked parts that were asked for: the work stays due for refresh. */
  isWhole: boolean;
}

/** "2 h 16 min"; "45 min". */
export function runtimeDisplay(minutes: number | null): string | null {
  if (!minutes) return null;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(" ");
}

const SHORT = 200;

/** The overview up to the end of its last whole sentence or word within 200 characters. */
export function shortOverview(overview: string | null): string | null {
  if (!overview || overview.length <= SHORT) return overview;
  const head = overview.slice(0, SHORT - 1);
  const sentence = head.lastIndexOf(". ");
  if (sentence > SHORT / 2) return head.slice(0, sentence + 1);
  const word = head.lastIndexOf(" ");
  return `${head.slice(0, word > 0 ? word : head.length).trimEnd()}…`;
}
