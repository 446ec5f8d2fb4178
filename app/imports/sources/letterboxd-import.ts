import type { Adapter } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";

/**
 * The format in which Letterboxd takes films in; converters from other services write it. Files hold any choice of its
 * columns, and rows without a date are films seen on a day unknown. TMDB ids are those of films.
 */
export const letterboxdImport: Adapter = {
  id: "letterboxd-import",
  source: "letterboxd",
  label: "Letterboxd import format",
  columns: [
    ...optional("LetterboxdURI", "tmdbID", "imdbID"),
    ...required("Title"),
    ...optional("Year", "Directors", "Rating", "Rating10", "WatchedDate", "Rewatch", "Tags", "Review"),
  ],
  // Plenty of files have a title and a year; these names are Letterboxd's own.
  oneOf: [["LetterboxdURI", "tmdbID", "imdbID", "WatchedDate", "Rating10"]],
  statesRewatches: true,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      title: read.title("Title"),
      yearHint: read.year("Year"),
      date: read.date("WatchedDate"),
      rating: read.outOfTen("Rating10") ?? read.stars("Rating"),
      rewatch: read.flag("Rewatch"),
      sourceUri: read.uri("LetterboxdURI"),
      ids: { ...read.tmdbId("tmdbID"), ...read.imdbId("imdbID") },
      intent: "viewing",
    });
  },
  examples: [
    [
      ...[
        "https://boxd.it/2a1m",
        "603",
        "tt0133093",
        "The Matrix",
        "1999",
        "Lana Wachowski, Lilly Wachowski",
      ],
      ...["4.5", "", "2024-02-08", "false", "", ""],
    ],
    ["", "", "", "Amélie", "2001", "Jean-Pierre Jeunet", "", "8", "2024-02-11", "true", "", ""],
  ],
  howTo: [
    "Many services and tools write files for Letterboxd's importer: choose Letterboxd as the target there.",
    "Upload the file as it is. Title is needed, and one of LetterboxdURI, tmdbID, imdbID, WatchedDate or Rating10.",
  ],
};
