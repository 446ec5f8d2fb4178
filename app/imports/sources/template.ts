import type { Adapter } from "./adapter.ts";
import { RowReader } from "./row-reader.ts";

/** Our own format, for films whose service has no export. Ratings are 0.5 to 10; ids may be left empty. */
export const template: Adapter = {
  id: "template",
  source: "template",
  label: "Reeldesk template (films)",
  columns: [
    { name: "Title", required: true },
    { name: "Year", required: true },
    { name: "Watched Date", required: true },
    { name: "Rating", required: false },
    { name: "TMDB ID", required: false },
    { name: "IMDb ID", required: false },
  ],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      title: read.title("Title"),
      yearHint: read.year("Year"),
      date: read.date("Watched Date"),
      rating: read.outOfTen("Rating"),
      ids: { ...read.tmdbId("TMDB ID"), ...read.imdbId("IMDb ID") },
      kind: "movie",
      intent: "viewing",
    });
  },
  examples: [
    ["The Matrix", "1999", "2024-02-08", "9", "603", "tt0133093"],
    ["Amélie", "2001", "2024-02-11", "", "", ""],
  ],
};
