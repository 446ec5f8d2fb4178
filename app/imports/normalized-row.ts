/** What a row asks for. A `viewing` has (or may have) a date; a `wish` is a film wanted; a `rating` and a `listing` add no viewing. */
export type RowIntent = "viewing" | "wish" | "rating" | "listing";

/**
 * One record of a file as every later step reads it, whatever its source was. Kept beside the raw row in
 * `import_rows.normalized_payload`. The field names are those of seed 003 §7.
 */
export interface NormalizedRow {
  /** Name of the film or of the show, never of an episode. */
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
  /** Strong ids of what the row names; `tvdb` is TheTVDB's id of a series. */
  ids: { tmdb?: number; imdb?: string; tvdb?: number };
  /**
   * What the row would be as an episode, where its structure allows a film as well ("Black Mirror: Bandersnatch"). Then
   * `title` is the whole of it, `kind` is null, and this is for the second try.
   */
  seriesReading?: SeriesReading;
}

export interface SeriesReading {
  show: string;
  season: number | null;
  /** The season's name where it has one; `show: seasonLabel` may be a series by itself ("Vis a vis: Oásis"). */
  seasonLabel: string | null;
  episode: number | null;
  episodeTitle: string | null;
}
