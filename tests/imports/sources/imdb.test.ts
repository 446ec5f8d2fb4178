import { describe, expect, it } from "vitest";
import { titleTypeOf } from "#app/upstreams/imdb/title-type.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { fixture, parse, refusal } from "../parse.ts";

const tail = "IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors";
const old = `Const,Your Rating,Date Rated,Title,URL,Title Type,${tail}`;
const oldList = `Position,Const,Created,Modified,Description,Title,URL,Title Type,${tail}`;
const current = `Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,${tail},Your Rating,Date Rated`;
const joy = "1,tt2446980,2024-01-02,2024-01-02,,Joy,Joy,u,Movie,6.6,124,2015,Drama,1,2015-12-13,x";

const norms = (text: string, fileName?: string) =>
  parse(text, {}, fileName).rows.map((row) => row.norm ?? { code: row.c, skipped: row.s });

describe("I-02 IMDb exports", () => {
  it("reads ratings of the old and the first new generation", () => {
    const cells = [
      "tt0133093,7,2018-01-10,The Matrix",
      "u,movie,8.7,136,1999,Action,1,1999-03-31,x",
    ] as const;
    const expected = {
      ...{ title: "The Matrix", yearHint: 1999, kind: "movie", intent: "rating", rating: 7 },
      ...{ date: "2018-01-10", ids: { imdb: "tt0133093" }, sourceUri: "u" },
    };
    expect(norms(`${old}\n${cells.join(",")}`)).toMatchObject([expected]);
    const newer = old.replace("Title,URL", "Title,Original Title,URL");
    expect(norms(`${newer}\n${cells[0]},The Matrix,${cells[1]}`)).toMatchObject([expected]);
    expect(parse(`${old}\n${cells.join(",")}`, {}, "x.csv").report).toMatchObject({
      format: "imdb-ratings",
      certainty: "sure",
    });
  });

  it("decides each row of the 18 columns by its own rating, and the rest by the file's name", () => {
    const text = `${current}\n${joy},8,2024-05-06\n${joy},,\n${joy},9,`;
    const intents = (fileName: string) => {
      const { rows, report } = parse(text, {}, fileName);
      return [report.format, report.certainty, ...rows.map((row) => `${row.norm?.intent} ${row.norm?.date}`)];
    };
    const rated = ["rating 2024-05-06", "rating null"];
    const [first, last] = rated;
    expect(intents("WATCHLIST.csv")).toEqual(["imdb-watchlist", "sure", first, "wish 2024-01-02", last]);
    expect(intents("ratings.csv")).toEqual(["imdb-ratings", "sure", first, "listing 2024-01-02", last]);
    expect(intents("my list.csv")).toEqual(["imdb-list", "sure", first, "listing 2024-01-02", last]);
    expect(intents("2f9c.csv")).toEqual(["imdb-list", "likely", first, "listing 2024-01-02", last]);
    expect(parse(text, {}, "2f9c.csv").report.closeFormats).toEqual(["imdb-watchlist", "imdb-ratings"]);
  });

  it("reads old lists and watchlists without ratings", () => {
    const row = "1,tt2446980,2016-01-02,2016-01-02,,Joy,u,movie,6.6,124,2015,Drama,1,2015-12-13,x";
    expect(norms(`${oldList}\n${row}`, "WATCHLIST.csv")).toMatchObject([
      { intent: "wish", date: "2016-01-02" },
    ]);
    expect(norms(`${oldList},Your Rating,Date Rated\n${row},5,`, "films.csv")).toMatchObject([
      { intent: "rating", rating: 5, date: null },
    ]);
  });

  it("keeps an episode's id, and says that its title is an episode's", () => {
    const rows = norms(
      `${old}\ntt2301451,9,,Ozymandias,u,tvEpisode,9.9,47,2013,x,1,,\ntt2301451,9,,Breaking Bad: Ozymandias,u,tvEpisode,9.9,47,2013,x,1,,`,
    );
    expect(rows).toMatchObject([
      {
        title: "Ozymandias",
        kind: "tv",
        season: null,
        episode: null,
        episodeTitle: "Ozymandias",
        ids: { imdb: "tt2301451" },
      },
      { kind: "tv", seriesReading: { show: "Breaking Bad", episodeTitle: "Ozymandias" } },
    ]);
    expect(rows[0]).not.toHaveProperty("seriesReading");
  });

  it("keys by Const: episodes of one name stay apart", () => {
    const pilot = (id: string) => `${id},9,2024-01-01,Pilot,u,tvEpisode,9,47,2013,x,1,,`;
    const { rows, report } = parse(
      `${old}\n${pilot("tt0000001")}\n${pilot("tt0000002")}\n${pilot("tt0000001")}`,
    );
    expect(rows[0]?.d).toBe("imdb:tt0000001|2024-01-01||~pilot|1|rating");
    expect(report.duplicateRows).toBe(1);
  });

  it.each([
    ["movie", "movie"],
    ["tvMovie", "movie"],
    ["short", "movie"],
    ["video", "movie"],
    ["TV Movie", "movie"],
    ["Film", "movie"],
    ["Película", "movie"],
    ["tvSeries", "series"],
    ["tvMiniSeries", "series"],
    ["TV Mini Series", "series"],
    ["Serie TV", "series"],
    ["Mini serie TV", "series"],
    ["Série de TV", "series"],
    ["Fernsehserie", "series"],
    ["tvEpisode", "episode"],
    ["Episodio TV", "episode"],
    ["Video Game", "other"],
    ["podcastSeries", "other"],
    ["tvSpecial", null],
    ["TV Special", null],
    ["テレビシリーズ", null],
    ["", null],
  ])("reads the type %j as %s", (text, type) => {
    expect(titleTypeOf(text)).toBe(type);
  });

  it("skips what is neither film nor series, and leaves unknown types open", () => {
    const typed = (type: string) => `tt0133093,7,2018-01-10,The Matrix,u,${type},8,1,1999,x,1,,`;
    expect(norms(`${old}\n${typed("videoGame")}\n${typed("tvSpecial")}\n${typed("Что-то")}`)).toMatchObject([
      { code: "NOT_A_FILM_OR_SERIES", skipped: true },
      { kind: null },
      { kind: null },
    ]);
  });

  it("refuses rows and headers that are wrong", () => {
    const row = (id: string, rating: string, title = "Joy") =>
      `${id},${rating},,${title},u,movie,8,1,1999,x,1,,`;
    expect(
      norms(`${old}\n${row("0133093", "7")}\n${row("tt0133093", "11")}\n${row("tt0133093", "7", "")}`),
    ).toEqual(["INVALID_ID", "INVALID_RATING", "TITLE_MISSING"].map((code) => ({ code, skipped: false })));
    expect(refusal(`${old.replace("Your Rating", "Your Ratng")}\n${row("tt0133093", "7")}`)).toBe(
      "HEADER_MISMATCH",
    );
    expect(refusal(`${current.replace("Const", "Cnst")}\n${joy},,`)).toBe("HEADER_MISMATCH");
  });
});

describe.skipIf(!sharedFixtures)("I-02 the IMDb files of the fixtures", () => {
  it("reads the Windows-1252 one", () => {
    const { rows, report } = parse(
      fixture("csv/imdb-ratings-2019-cp1252.csv"),
      {},
      "imdb-ratings-2019-cp1252.csv",
    );
    expect(report).toMatchObject({
      ...{
        format: "imdb-ratings",
        certainty: "sure",
        encoding: "windows-1252",
        totalRows: 10,
        validRows: 10,
      },
    });
    expect(rows.map((row) => row.norm?.kind)).toEqual([
      ...["movie", "movie", "tv", "tv", "movie", "movie", "tv", "tv", "movie", "movie"],
    ]);
    expect(rows.every((row) => row.norm?.intent === "rating" && row.norm.rating && row.norm.date)).toBe(true);
    expect(rows[4]?.norm).toMatchObject({ title: "Amélie", date: "2018-05-14", ids: { imdb: "tt0211915" } });
  });

  it("reads the one of 18 columns, where not every row is rated", () => {
    const { rows, report } = parse(fixture("csv/imdb-ratings-2025.csv"), {}, "imdb-ratings-2025.csv");
    expect(report).toMatchObject({ format: "imdb-ratings", certainty: "sure", totalRows: 10, validRows: 10 });
    const intents = rows.map((row) => row.norm?.intent);
    expect(intents.filter((intent) => intent === "rating")).toHaveLength(7);
    expect(intents.filter((intent) => intent === "listing")).toHaveLength(3);
    expect(rows[2]?.norm).toMatchObject({
      title: "Breaking Bad",
      kind: "tv",
      rating: null,
      date: "2025-03-03",
    });
  });
});
