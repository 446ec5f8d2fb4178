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

export interface PersonFact {
  person_id: number;
  name: string;
  photo_url_small: string | null;
  photo_url_medium: string | null;
  [field: string]: unknown;
}

/** The columns of `works_meta` (seed 002 §1, §2). Image addresses are TMDB's until the images are re-hosted. */
export interface MetaFacts {
  runtimeMinutes: number | null;
  tagline: string | null;
  overview: string | null;
  genres: string[];
  certification: string | null;
  posterPath: string | null;
  backdropPath: string | null;
  posterUrls: { small: string; medium: string; large: string; original: string } | null;
  backdropUrls: { full: string; mobile: string } | null;
  cast: PersonFact[];
  crew: PersonFact[];
  trailers: { key: string; name: string | null; site: string; type: string | null; url: string }[];
  stillImages: string[];
  streaming: Record<string, unknown>;
  keywords: string[];
  productionCompanies: { id: number; name: string; logo_url: string | null }[];
  productionCountries: string[];
  budget: number | null;
  revenueWorldwide: number | null;
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
