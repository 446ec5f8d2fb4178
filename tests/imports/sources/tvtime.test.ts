import { describe, expect, it } from "vitest";
import { parse, refusal } from "../parse.ts";

const v2 =
  "s_id,runtime,series_name,episode_number,created_at,key,season_number,s_no,ep_no,is_followed,is_for_later,is_special";
const v1 = "series_id,updated_at,created_at,type,series_name,entity_type,movie_name,release_date,watch_date";

describe("I-02 TV Time", () => {
  it("reads episodes of tracking-prod-records-v2 by the kind of row that the key names", () => {
    const { rows, report } = parse(
      [
        v2,
        "349310,3660,Bodyguard (2018),6,2023-11-04 15:30:38,watch-episode-aaa,1,1,6,,,",
        "349310,3660,Bodyguard (2018),6,2023-11-04 18:30:38,rewatch-episode-bbb,1,1,6,,,",
        "362696,3420,The Witcher,,2025-11-29 18:13:36,watch-episode-ccc,,4,5,,,true",
        "73800,,Desperate Housewives,,2015-09-13 15:34:44,user-series-ccc,,,,true,false,",
        "84912,,Parks and Recreation,,2021-06-06 17:53:33,user-series-ddd,,,,false,true,",
        "84913,,Lost,,2021-06-06 17:53:33,user-series-eee,,,,false,false,",
        ",,,,2021-06-06 17:53:33,tracking-stats,,,,,,",
      ].join("\n"),
    );
    expect(report).toMatchObject({
      format: "tvtime-records-v2",
      certainty: "sure",
      totalRows: 7,
      validRows: 5,
      skippedRows: 2,
    });
    const viewing = { kind: "tv", intent: "viewing" };
    expect(rows.map((row) => row.norm ?? row.c)).toMatchObject([
      {
        ...viewing,
        ...{ title: "Bodyguard", yearHint: 2018, season: 1, episode: 6, date: "2023-11-04", occurrence: 1 },
        ids: { tvdb: 349310 },
      },
      { ...viewing, title: "Bodyguard", rewatch: true, occurrence: 2 },
      { ...viewing, title: "The Witcher", season: 4, episode: 5, occurrence: 1 },
      { title: "Desperate Housewives", intent: "listing", season: null, ids: { tvdb: 73800 } },
      { title: "Parks and Recreation", intent: "wish" },
      "NOT_A_VIEWING",
      "NOT_A_VIEWING",
    ]);
  });

  it("counts rewatches of an episode, not of a show", () => {
    const row = (episode: number) =>
      `1,,Lost,${episode},2021-06-06 17:53:33,rewatch-episode-x,1,1,${episode},,,`;
    const { rows } = parse([v2, row(1), row(2), row(2)].join("\n"));
    expect(rows.map((parsed) => parsed.norm?.occurrence)).toEqual([1, 1, 2]);
  });

  it("reads films of tracking-prod-records, on the day watched where it is known", () => {
    const { rows, report } = parse(
      [
        v1,
        ",,2019-09-08 17:24:29,watch,,movie,Fury,2014-10-15 00:00:00,",
        ",,2019-09-08 17:24:29,watch,,movie,Dune,0000-00-00 00:00:00,1567900800",
        ",,2023-09-04 21:53:54,towatch,,movie,The Batman,2022-03-03 00:00:00,",
        ",,2023-09-04 21:53:54,rewatch,,movie,Fury,2014-10-15 00:00:00,",
        ",,2023-09-04 21:53:54,watch,Lost,episode,,,",
        "79349,,2021-07-06 08:29:40,count-watch-episode-series,Dexter,,,,",
      ].join("\n"),
    );
    expect(report).toMatchObject({
      format: "tvtime-records",
      certainty: "sure",
      validRows: 4,
      skippedRows: 2,
    });
    expect(rows.map((row) => row.norm ?? row.c)).toMatchObject([
      { title: "Fury", yearHint: 2014, kind: "movie", intent: "viewing", date: "2019-09-08", ids: {} },
      { title: "Dune", yearHint: null, date: "2019-09-08" },
      { title: "The Batman", intent: "wish" },
      { title: "Fury", rewatch: true, intent: "viewing" },
      "IN_ANOTHER_FILE",
      "NOT_A_VIEWING",
    ]);
  });

  it("reads seen_episode of older copies", () => {
    const { rows, report } = parse(
      "tv_show_name,episode_season_number,episode_number,created_at,tv_show_id\nLost,1,x,2015-01-02 10:00:00,1\nLost,1,2,2015-01-02 10:00:00,0",
    );
    expect(report.format).toBe("tvtime-seen-episodes");
    expect(rows.map((row) => row.norm ?? row.c)).toMatchObject([
      "INVALID_NUMBER",
      { season: 1, episode: 2, ids: {} },
    ]);
  });

  it("reads what browser extensions saved", () => {
    const episodes = parse(
      "series_tvdb_id,series_imdb_id,series_uuid,title,season,episode,tvdb_id,is_watched\n42,,u,Severance,1,1,2,true\n42,,u,Severance,1,2,3,false",
    );
    expect(episodes.report).toMatchObject({
      format: "tvtime-extension-episodes",
      validRows: 1,
      skippedRows: 1,
    });
    expect(episodes.rows[0]?.norm).toMatchObject({ season: 1, episode: 1, date: null, ids: { tvdb: 42 } });
    const movies = parse(
      "tvdb_id,title,year,watched_at,is_watched,rewatch_count\n99,Past Lives,2023,2025-03-01T21:00:00Z,true,2\n98,Dune,2021,,false,0",
    );
    expect(movies.report.format).toBe("tvtime-extension-movies");
    // TheTVDB counts films apart from series: 99 is somebody else there.
    expect(movies.rows.map((row) => row.norm)).toMatchObject([
      { title: "Past Lives", kind: "movie", intent: "viewing", date: "2025-03-01", ids: {} },
      { title: "Dune", intent: "wish", date: null },
    ]);
    const series = parse(
      "uuid,tvdb_id,imdb_id,title,status,created_at\nu,1,,X,up_to_date,2026-01-01\nu,2,,Y,watch_later,",
    );
    expect(series.report.format).toBe("tvtime-extension-series");
    expect(series.rows.map((row) => [row.norm?.intent, row.norm?.date])).toEqual([
      ["listing", "2026-01-01"],
      ["wish", null],
    ]);
  });

  it("refuses misspelt headers, and the account's private files", () => {
    expect(refusal(`${v2.replace("series_name", "serie_name")}\n`)).toBe("HEADER_MISMATCH");
    expect(refusal(`${v2.replace(",season_number,s_no", "")}\n`)).toBe("HEADER_MISMATCH");
    expect(refusal("user_id,token,created_at\n1,abc,2020-01-01")).toBe("HEADER_MISMATCH");
  });
});
