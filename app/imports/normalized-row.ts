/** What a row asks for. A `viewing` has (or may have) a date; a `wish` is a film wanted; a `rating` and a `listing` add no viewing. */
export type RowIntent = "viewing" | "wish" | "rating" | "listing";

/**
 * One record of a file as every later step reads it, whatever its source was. Kept beside the raw row in
 * `import_rows.normalized_payload`. The field names are those of seed 003 §7.
 */
export interface NormalizedRow {
  title: string;
  /** Day of the viewing, the wish or the rating, `YYYY-MM-DD`; null when the source leaves it open. */
  date: string | null;
  yearHint: number | null;
  /** `null`: the file does not say whether it is a film or a series. */
  kind: "movie" | "tv" | null;
  intent: RowIntent;
  season: number | null;
  episode: number | null;
  episodeTitle: string | null;
  /** The operator's own rating on a scale of 0 to 10 (Letterboxd's half stars doubled); null when not rated. */
  rating: number | null;
  rewatch: boolean;
  /** 1 for the first viewing of this title on this date in the file, 2 for a stated second one the same day, and so on. */
  occurrence: number;
  /** Where the source shows the title. Kept for tracing, shown as a link only when http(s), never fetched. */
  sourceUri: string | null;
  ids: { tmdb?: number; imdb?: string; tvdb?: number };
  /** What the title says when it is read as "Show: … : Episode", where it could be a film's title as well. */
  seriesReading?: {
    show: string;
    season: number | null;
    episode: number | null;
    episodeTitle: string | null;
  };
}
