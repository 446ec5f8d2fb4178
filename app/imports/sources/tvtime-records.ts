import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { Adapter, Cells, RowContext, RowResult } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";
import { howToFromTvTime } from "./tvtime-title.ts";

/**
 * Films from TV Time's copy of one's data: watched, watched again, to be watched, followed. The file has episodes too, but
 * as stale copies of those in tracking-prod-records-v2.csv, and counters. No row has an id that anyone else knows.
 */
export const tvtimeRecords: Adapter = {
  id: "tvtime-records",
  source: "tvtime",
  label: "TV Time films (tracking-prod-records)",
  columns: [
    ...required("type", "entity_type", "movie_name", "created_at"),
    ...optional(
      "release_date",
      "watch_date",
      "updated_at",
      "runtime",
      "uuid",
      "type-uuid-n",
      "rewatch_count",
    ),
    ...optional("series_name", "series_id", "season_number", "episode_number"),
  ],
  statesRewatches: true,
  normalize(cells, context) {
    const intent = intents[cells("type").toLowerCase()];
    if (cells("entity_type").toLowerCase() === "movie" && intent !== undefined) {
      return readFilm(cells, context, intent);
    }
    if (cells("entity_type").toLowerCase() === "episode" && intent !== undefined) {
      return {
        skip: {
          code: "IN_ANOTHER_FILE",
          message: "Episodes are read from tracking-prod-records-v2.csv, which has them whole.",
        },
      };
    }
    return {
      skip: { code: "NOT_A_VIEWING", message: "The row is one of TV Time's own counters, not a viewing." },
    };
  },
  examples: [
    [
      "watch",
      "movie",
      "Fury",
      "2019-09-08 17:24:29",
      "2014-10-15 00:00:00",
      ...Array.from({ length: 10 }, () => ""),
    ],
    [
      "towatch",
      "movie",
      "The Batman",
      "2023-09-04 21:53:54",
      "2022-03-03 00:00:00",
      ...Array.from({ length: 10 }, () => ""),
    ],
  ],
  howTo: howToFromTvTime,
};

const intents: Readonly<Record<string, NormalizedRow["intent"] | undefined>> = {
  watch: "viewing",
  rewatch: "viewing",
  towatch: "wish",
  follow: "listing",
};

function readFilm(cells: Cells, context: RowContext, intent: NormalizedRow["intent"]): RowResult {
  const read = new RowReader(cells, context);
  return read.row({
    title: read.title("movie_name"),
    yearHint: yearOf(cells("release_date")),
    date: read.epochDay("watch_date") ?? read.day("created_at"),
    rewatch: cells("type").toLowerCase() === "rewatch",
    kind: "movie",
    intent,
  });
}

/** "2014-10-15 00:00:00"; "0000-…" and "" where TV Time did not know. */
function yearOf(releaseDate: string): number | null {
  const year = Number(/^(\d{4})-/.exec(releaseDate)?.[1] ?? 0);
  return year >= 1874 ? year : null;
}
