import { describe, expect, it } from "vitest";
import { importDesk } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db, sandbox } = desk;

/** Series rows without an adapter of their own in the way: a job whose rows are written as an adapter would write them. */
async function importEpisodes(
  rows: { show: string; season?: number; title?: string; day: string }[],
  env: Record<string, string> = {},
) {
  const header = "Title,Season,Episode,Episode Title,Watched Date,Rating,Year,TMDB ID,IMDb ID";
  const lines = rows.map((row) => `${row.show},${row.season ?? ""},,${row.title ?? ""},${row.day},,,,`);
  return desk.run([header, ...lines, ""].join("\n"), { fileName: "shows.csv", env });
}

const series = () =>
  db
    .selectFrom("works")
    .select(["title", "tmdb_id", "total_seasons", "total_episodes", "totals_note"])
    .where("media_type", "=", "tv")
    .orderBy("title")
    .execute();

const paths = () => sandbox.control.requests("tmdb").map((call) => call.path.replace(/\d+/g, "#"));

describe("S-01 series", () => {
  it("are found among series only, stored per episode, and get their totals by a job of their own", async () => {
    sandbox.control.clearRequests();
    const job = await importEpisodes([
      { show: "Breaking Bad", season: 1, title: "Pilot", day: "2024-01-01" },
      { show: "Breaking Bad", season: 1, title: "Cat's in the Bag...", day: "2024-01-02" },
      { show: "Breaking Bad", season: 2, title: "Seven Thirty-Seven", day: "2024-01-03" },
    ]);
    expect(job).toMatchObject({ status: "completed", successRows: 3 });
    expect(await series()).toEqual([
      { title: "Breaking Bad", tmdb_id: 1396, total_seasons: 5, total_episodes: 62, totals_note: null },
    ]);
    expect(paths()).toEqual(["/search/tv", "/tv/#"]);
    const seasons = await db
      .selectFrom("seasons")
      .select(["season_number", "episode_count"])
      .orderBy("season_number")
      .execute();
    expect(seasons.filter((season) => season.season_number > 0)).toHaveLength(5);
  });

  it("that nobody knows are kept under their own name, once, and never fail the import", async () => {
    const rows = [
      { show: "The Harbour Nobody Filmed", season: 1, title: "One", day: "2024-02-01" },
      { show: "The Harbour Nobody Filmed", season: 1, title: "Two", day: "2024-02-02" },
    ];
    expect(await importEpisodes(rows)).toMatchObject({ status: "completed", successRows: 2 });
    expect(await importEpisodes(rows)).toMatchObject({ status: "completed", skippedRows: 2 });
    const own = (await series()).filter((work) => work.title === "The Harbour Nobody Filmed");
    expect(own).toEqual([
      expect.objectContaining({
        tmdb_id: null,
        total_episodes: null,
        totals_note: expect.stringContaining("TMDB does not know"),
      }),
    ]);
  });

  it.each([
    ["off", { TMDB_API_KEY: "" }, null],
    ["refusing the key", { TMDB_API_KEY: "0".repeat(32) }, null],
    ["failing", {}, { kind: "status" as const, status: 500 }],
  ])("S-01 complete with TMDB %s, and fill in by themselves afterwards", async (_how, env, fault) => {
    const show = { off: "The Wire", "refusing the key": "Friends", failing: "Game of Thrones" }[_how] ?? "";
    if (fault) sandbox.control.addFault({ service: "tmdb", fault });
    const jobId = await desk.takeIn(
      `Title,Season,Episode,Episode Title,Watched Date,Rating,Year,TMDB ID,IMDb ID\n${show},1,,A,2024-03-01,,,,\n`,
      { fileName: "shows.csv" },
    );
    await desk.drainDue(env);
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 1 });
    expect((await series()).find((work) => work.title === show)).toMatchObject({
      tmdb_id: null,
      total_episodes: null,
      totals_note: expect.stringContaining("TMDB"),
    });
    sandbox.control.clearFaults();
    await desk.sweep();
    await desk.drain();
    const filled = (await series()).filter((work) => work.title === show);
    expect(filled).toEqual([
      expect.objectContaining({
        tmdb_id: expect.any(Number),
        total_episodes: expect.any(Number),
        totals_note: null,
      }),
    ]);
  });
});
