import type { Adapter } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";
import { howToFromTvTime, readShow } from "./tvtime-title.ts";

/** Episodes from older copies of TV Time's data (seen_episode.csv). Its numbers are TheTVDB's ids of series. */
export const tvtimeSeenEpisodes: Adapter = {
  id: "tvtime-seen-episodes",
  source: "tvtime",
  label: "TV Time episodes (seen_episode)",
  columns: [
    ...required("tv_show_name", "episode_season_number", "episode_number", "created_at"),
    ...optional("tv_show_id", "updated_at"),
  ],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      ...readShow(read, "tv_show_name"),
      season: read.count("episode_season_number", "Season"),
      episode: read.count("episode_number", "Episode"),
      date: read.day("created_at"),
      ids: read.tvdbSeriesId("tv_show_id"),
      intent: "viewing",
    });
  },
  examples: [
    ["Desperate Housewives", "1", "1", "2015-09-13 15:34:44", "73800", ""],
    ["Bodyguard (2018)", "1", "6", "2018-11-04 15:30:38", "349310", ""],
  ],
  howTo: howToFromTvTime,
};
