import { describe, expect, it } from "vitest";
import { importDesk } from "#tests/imports/import-desk.ts";
import { seriesTitles } from "#tests/imports/series-titles.ts";

const desk = await importDesk();
const { sandbox } = desk;

function tmdbPaths(): string[] {
  const paths = sandbox.control.requests("tmdb").map((call) => call.path.replace(/\d+/g, "#"));
  sandbox.control.clearRequests();
  return paths;
}

describe("S-02 a hundred series in one file", () => {
  const lines = seriesTitles(100).map(
    (show, index) => `${show},1,1,Pilot,2024-01-${String((index % 28) + 1).padStart(2, "0")},,,,`,
  );
  const file = [
    "Title,Season,Episode,Episode Title,Watched Date,Rating,Year,TMDB ID,IMDb ID",
    ...lines,
    "",
  ].join("\n");

  it("cost at most two calls each, no 429, and nothing the second time", async () => {
    tmdbPaths();
    const first = await desk.run(file, { fileName: "shows.csv" });
    // Namesakes (The Office) wait for a decision, as they should.
    expect(first).toMatchObject({ processedRows: 100, failedRows: 0 });
    expect(first.successRows).toBeGreaterThan(90);
    const paths = tmdbPaths();
    expect(paths.length).toBeLessThanOrEqual(200);
    expect(paths.filter((path) => path.startsWith("/search/movie"))).toEqual([]);
    const again = await desk.run(file, { fileName: "shows.csv" });
    expect(again).toMatchObject({ skippedRows: first.successRows, reviewRows: first.reviewRows });
    expect(tmdbPaths()).toEqual([]);
  }, 120_000);
});

describe("S-03 films", () => {
  it("are not asked for as series", async () => {
    tmdbPaths();
    await desk.run(
      "Title,Year,Watched Date,Rating,TMDB ID,IMDb ID\nJaws,1975,2024-01-01,,,\nNo Such Film,1975,2024-01-01,,,\n",
      { fileName: "films.csv" },
    );
    expect(tmdbPaths().filter((path) => path.startsWith("/search/tv"))).toEqual([]);
  });
});
