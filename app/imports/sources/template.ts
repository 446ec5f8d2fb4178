import type { Adapter } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";

/** Our own format, for films whose service has no export. Ratings are 0.5 to 10; ids may be left empty. */
export const template: Adapter = {
  id: "template",
  source: "template",
  label: "Reeldesk template (films)",
  columns: [...required("Title", "Year", "Watched Date"), ...optional("Rating", "TMDB ID", "IMDb ID")],
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
  howTo: [
    "Download the template, open it in any spreadsheet and write one viewing per line.",
    "Write dates as year-month-day, such as 2024-02-08, and ratings from 0.5 to 10.",
    "Save it as CSV (UTF-8) and upload it. With a TMDB or IMDb id the title need not be searched.",
  ],
};
