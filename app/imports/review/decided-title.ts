/** What an operator was asked about a title: the outcome as it stood on its rows, with the candidates and the reason for the doubt. */
export type AskedTitle = Record<string, unknown>;

/** What a title was decided to be, as it was called at TMDB then. */
export interface DecidedTitle {
  title: string;
  year: number | null;
  posterPath: string | null;
}

/** The title that an operator says is meant. */
export interface Pick {
  mediaType: "movie" | "tv";
  tmdbId: number;
  /** What it is called, where it is none of the candidates: an id that was entered and looked up. */
  found?: DecidedTitle;
}
