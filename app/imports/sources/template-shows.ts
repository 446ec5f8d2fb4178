import type { Adapter } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";

/**
 * Our own format, for episodes. A line without an episode is a viewing of the season or show as a whole, as far as the
 * operator knows it; ids are those of the show.
 */
export const templateShows: Adapter = {
  id: "template-shows",
  source: "template",
  label: "Reeldesk template (shows)",
  columns: [
    ...required("Title", "Season", "Episode"),
    ...optional("Episode Title"),
    ...required("Watched Date"),
    ...optional("Rating", "Year", "TMDB ID", "IMDb ID"),
  ],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      title: read.title("Title"),
      season: read.count("Season", "Season"),
      episode: read.count("Episode", "Episode"),
      episodeTitle: read.name("Episode Title"),
      date: read.date("Watched Date"),
      rating: read.outOfTen("Rating"),
      yearHint: read.year("Year"),
      ids: { ...read.tmdbId("TMDB ID"), ...read.imdbId("IMDb ID") },
      kind: "tv",
      intent: "viewing",
    });
  },
  examples: [
    ["Breaking Bad", "1", "1", "Pilot", "2024-02-08", "9", "2008", "1396", "tt0903747"],
    ["Dark", "2", "7", "", "2024-02-11", "", "", "", ""],
  ],
  howTo: [
    "Download the template, open it in any spreadsheet and write one episode per line; season 0 holds specials.",
    "Write dates as year-month-day, such as 2024-02-08, and ratings from 0.5 to 10. Year and ids are those of the show.",
    "Save it as CSV (UTF-8) and upload it.",
  ],
};
