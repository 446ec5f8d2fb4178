import type { Adapter, RowSkip } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";
import { howToFromTvTime, readShow } from "./tvtime-title.ts";

/**
 * What a browser extension saved from TV Time's pages in 2026: episodes, films and series, one file each. Ids of films and
 * episodes at TheTVDB are left alone: only those of series are asked for anywhere.
 */

const notWatched: RowSkip = {
  code: "NOT_A_VIEWING",
  message: "The row is about an episode that was not watched.",
};

const episodes: Adapter = {
  id: "tvtime-extension-episodes",
  source: "tvtime",
  label: "TV Time episodes (browser extension)",
  columns: [
    ...required("series_tvdb_id", "title", "season", "episode", "is_watched"),
    ...optional("series_imdb_id", "series_uuid", "special", "tvdb_id", "watched_at", "rewatch_count"),
  ],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    if (!read.flag("is_watched")) return { skip: notWatched };
    return read.row({
      ...readShow(read, "title"),
      season: read.count("season", "Season"),
      episode: read.count("episode", "Episode"),
      date: read.day("watched_at"),
      ids: { ...read.tvdbSeriesId("series_tvdb_id"), ...read.imdbId("series_imdb_id") },
      intent: "viewing",
    });
  },
  examples: [
    ["371980", "Severance", "1", "1", "true", "", "", "false", "", "2025-02-14 20:30:00", "0"],
    ["81189", "Breaking Bad", "1", "2", "true", "", "", "false", "", "", "0"],
  ],
  howTo: howToFromTvTime,
};

const movies: Adapter = {
  id: "tvtime-extension-movies",
  source: "tvtime",
  label: "TV Time films (browser extension)",
  columns: [
    ...required("tvdb_id", "title", "year", "is_watched"),
    ...optional("imdb_id", "uuid", "watched_at", "rewatch_count", "created_at"),
  ],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      title: read.title("title"),
      yearHint: read.year("year"),
      kind: "movie",
      ids: read.imdbId("imdb_id"),
      ...(read.flag("is_watched")
        ? { intent: "viewing", date: read.day("watched_at") }
        : { intent: "wish", date: read.day("created_at") }),
    });
  },
  examples: [
    ["290", "Past Lives", "2023", "true", "tt13238346", "", "2025-03-01T21:00:00Z", "0", ""],
    ["131079", "Dune", "2021", "false", "", "", "", "0", ""],
  ],
  howTo: howToFromTvTime,
};

const series: Adapter = {
  id: "tvtime-extension-series",
  source: "tvtime",
  label: "TV Time series (browser extension)",
  columns: [...required("tvdb_id", "title", "status"), ...optional("imdb_id", "uuid", "created_at", "year")],
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      ...readShow(read, "title"),
      date: read.day("created_at"),
      ids: { ...read.tvdbSeriesId("tvdb_id"), ...read.imdbId("imdb_id") },
      intent: /later/i.test(cells("status")) ? "wish" : "listing",
    });
  },
  examples: [
    ["371980", "Severance", "up_to_date", "tt11280740", "", "2022-03-01T20:00:00Z", ""],
    ["121361", "Game of Thrones", "watch_later", "tt0944947", "", "2021-06-06 17:53:33", ""],
  ],
  howTo: howToFromTvTime,
};

export const tvtimeExtension: readonly Adapter[] = [episodes, movies, series];
