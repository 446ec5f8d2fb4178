import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { Adapter, Cells, RowContext, RowResult } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";
import { howToFromTvTime, readShow } from "./tvtime-title.ts";

/**
 * Episodes and followed series from TV Time's copy of one's data. What a row is stands in the beginning of `key`:
 * `watch-episode-` and `rewatch-episode-` are viewings on `created_at`, `user-series-` is a followed series (or one saved
 * for later), and others are counters. `rewatch_count` says how often, not when, and is left alone. `s_id` is TheTVDB's
 * id of the series. Converted copies drop columns: the names decide, not the file's name.
 */
export const tvtimeRecordsV2: Adapter = {
  id: "tvtime-records-v2",
  source: "tvtime",
  label: "TV Time episodes (tracking-prod-records-v2)",
  columns: [
    ...required("key", "series_name"),
    ...optional("s_id", "season_number", "s_no", "episode_number", "ep_no"),
    ...required("created_at"),
    ...optional("is_special", "is_followed", "is_for_later", "is_archived", "rewatch_count", "runtime"),
    ...optional("ep_id", "episode_id", "followed_at", "ep_watch_count"),
  ],
  oneOf: [
    ["season_number", "s_no"],
    ["episode_number", "ep_no"],
  ],
  statesRewatches: true,
  normalize(cells, context) {
    const key = cells("key");
    if (/^(?:re)?watch-episode-/i.test(key)) return readViewing(cells, context);
    if (/^user-series-/i.test(key)) return readFollowed(cells, context);
    return {
      skip: { code: "NOT_A_VIEWING", message: "The row is one of TV Time's own counters, not a viewing." },
    };
  },
  examples: [
    row("watch-episode-aaa", "Bodyguard (2018)", "349310", "1", "6", "2023-11-04 15:30:38"),
    row("rewatch-episode-bbb", "The Witcher", "362696", "4", "5", "2025-11-29 18:13:36"),
  ],
  howTo: howToFromTvTime,
};

function row(key: string, name: string, id: string, season: string, episode: string, at: string): string[] {
  const behind = Array.from({ length: 10 }, () => "");
  return [key, name, id, season, season, episode, episode, at, ...behind];
}

function readViewing(cells: Cells, context: RowContext): RowResult {
  const read = new RowReader(cells, context);
  return read.row({
    ...readShow(read, "series_name"),
    season: read.count("season_number", "Season") ?? read.count("s_no", "Season"),
    episode: read.count("episode_number", "Episode") ?? read.count("ep_no", "Episode"),
    date: read.day("created_at"),
    rewatch: /^rewatch/i.test(cells("key")),
    ids: read.tvdbSeriesId("s_id"),
    intent: "viewing",
  });
}

function readFollowed(cells: Cells, context: RowContext): RowResult {
  const read = new RowReader(cells, context);
  const intent: NormalizedRow["intent"] | null = read.flag("is_for_later")
    ? "wish"
    : read.flag("is_followed")
      ? "listing"
      : null;
  if (intent === null) {
    return {
      skip: { code: "NOT_A_VIEWING", message: "The row says that the series is not followed any more." },
    };
  }
  return read.row({
    ...readShow(read, "series_name"),
    date: read.day("created_at"),
    ids: read.tvdbSeriesId("s_id"),
    intent,
  });
}
