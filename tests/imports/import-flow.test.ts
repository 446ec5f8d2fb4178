import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const sample = readFileSync("sandbox/sample/letterboxd-watched.csv");

/** TMDB calls of the sandbox since the last time it was asked. */
function tmdbCalls(): { path: string; query: Record<string, unknown> }[] {
  const calls = desk.sandbox.control.requests("tmdb");
  desk.sandbox.control.clearRequests();
  return calls.map(({ path, query }) => ({ path, query: query as Record<string, unknown> }));
}

describe("a Letterboxd export, end to end", () => {
  it("I-07 I-10 gives every row its outcome and costs at most two calls per distinct title", async () => {
    const job = await desk.run(sample);
    const outcomes = job.rows
      .filter((row) => row.status !== "success")
      .map((row) => `${row.lineNumber} ${row.status} ${row.errorCode}`);
    expect(outcomes).toEqual([
      "8 review REVIEW",
      "30 failed NO_MATCH",
      "32 review REVIEW",
      "41 failed INVALID_YEAR",
      "44 review REVIEW",
      "55 skipped DUPLICATE_IN_FILE",
    ]);
    expect(job).toMatchObject({
      status: "partial",
      totalRows: 61,
      processedRows: 61,
      successRows: 55,
      failedRows: 2,
      skippedRows: 1,
      reviewRows: 3,
    });
    expect(await desk.viewings()).toHaveLength(55);
    expect(tmdbCalls().length).toBeLessThanOrEqual(2 * job.distinctTitles);
  });

  it("I-08 the same file again writes nothing, links what stands there and asks nobody", async () => {
    tmdbCalls();
    const job = await desk.run(sample);
    expect(job).toMatchObject({ successRows: 0, skippedRows: 56, reviewRows: 3, failedRows: 2 });
    const twin = job.rows.find((row) => row.errorCode === "DUPLICATE_IN_CATALOGUE");
    expect(twin?.workId).toMatch(/^\d+$/);
    expect(await desk.viewings()).toHaveLength(55);
    expect(tmdbCalls()).toEqual([]);
  });

  it("I-10 keeps what TMDB says about a film: identity, details, rating", async () => {
    const work = await desk.db
      .selectFrom("works")
      .innerJoin("works_meta", "works_meta.work_id", "works.work_id")
      .innerJoin("rating_sources", "rating_sources.work_id", "works.work_id")
      .selectAll()
      .where("tmdb_id", "=", 496243)
      .executeTakeFirstOrThrow();
    expect(work).toMatchObject({
      title: "Parasite",
      imdb_id: "tt6751668",
      year: 2019,
      ingestion_status: "complete",
      source_name: "TMDB",
      poster_url_medium: expect.stringContaining("/w342/"),
    });
  });
});

describe("I-08 duplicates", () => {
  it("names the earlier line, also across spellings that are the same title", async () => {
    const job = await desk.run(
      watched(
        '2020-01-01,"Amélie",2001,u',
        '2020-02-02,"AMÉLIE ",2001,u',
        `2020-02-02,"Le fabuleux destin d'Amélie Poulain",2001,u`,
        '2020-02-02,"Amélie",2001,u',
      ),
    );
    expect(job.rows.map((row) => row.status)).toEqual(["success", "success", "skipped", "skipped"]);
    expect(job.rows[2]).toMatchObject({
      errorCode: "DUPLICATE_IN_FILE",
      errorMessage: expect.stringContaining("Row 2"),
    });
    expect(job.rows[3]).toMatchObject({
      errorCode: "DUPLICATE_IN_FILE",
      errorMessage: expect.stringContaining("line 3"),
    });
    const days = (await desk.viewings())
      .filter((viewing) => viewing.title === "Amélie")
      .map((viewing) => viewing.viewedOn);
    expect(days.filter((day) => day?.startsWith("2020"))).toEqual(["2020-01-01", "2020-02-02"]);
  });

  it("does not take remakes seen on one day for each other", async () => {
    const job = await desk.run(watched("2021-03-01,Suspiria,1977,u", "2021-03-01,Suspiria,2018,u"));
    expect(job).toMatchObject({ status: "completed", successRows: 2 });
  });

  it("writes them beside each other when duplicates are not to be skipped", async () => {
    const file = watched("2021-04-01,Heat,1995,u", "2021-04-01,Heat,1995,u");
    await desk.run(file);
    const again = await desk.run(file, { skipDuplicates: false });
    expect(again).toMatchObject({ status: "completed", successRows: 2 });
    const heat = (await desk.viewings()).filter(
      (viewing) => viewing.title === "Heat" && viewing.viewedOn === "2021-04-01",
    );
    expect(heat).toHaveLength(3);
  });

  it("takes a diary's rewatch for a viewing of its own, also on the same day", async () => {
    const header = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date";
    const line = (rewatch: string, day: string) =>
      `2022-01-05,Alien,1979,https://boxd.it/x,4.5,${rewatch},,${day}`;
    const file = [
      header,
      line("", "2022-01-01"),
      line("Yes", "2022-01-02"),
      line("Yes", "2022-01-02"),
      "",
    ].join("\n");
    const job = await desk.run(file, { fileName: "diary.csv" });
    expect(job).toMatchObject({ status: "completed", successRows: 3 });
    const alien = (await desk.viewings()).filter((viewing) => viewing.title === "Alien");
    expect(alien.map((viewing) => viewing.viewedOn)).toEqual(["2022-01-01", "2022-01-02", "2022-01-02"]);
  });
});

describe("files that hold no viewings", () => {
  it("I-02 a watchlist makes wishes, ratings make own ratings; neither is a viewing", async () => {
    const before = (await desk.viewings()).length;
    await desk.run(watched("2023-01-01,Stalker,1979,u"), { fileName: "watchlist.csv" });
    await desk.run("Date,Name,Year,Letterboxd URI,Rating\n2023-01-02,Stalker,1979,u,4.5\n", {
      fileName: "ratings.csv",
    });
    const again = await desk.run("Date,Name,Year,Letterboxd URI,Rating\n2023-02-02,Stalker,1979,u,5\n", {
      fileName: "ratings.csv",
    });
    expect(again.status).toBe("completed");
    expect(await desk.db.selectFrom("wishes").select("wished_on").execute()).toEqual([
      { wished_on: "2023-01-01" },
    ]);
    expect(await desk.db.selectFrom("own_ratings").select(["rating", "rated_on"]).execute()).toEqual([
      { rating: "10.0", rated_on: "2023-02-02" },
    ]);
    expect(await desk.viewings()).toHaveLength(before);
  });
});

describe("I-09 a dry run", () => {
  it("writes nothing and says what the real run then does", async () => {
    const file = watched(
      "2024-01-01,Inception,2010,u",
      "2024-01-01,Inception,2010,u",
      "2024-01-02,Nothing Of This Name,1990,u",
      "2024-01-03,Parasite,2019,u",
    );
    await desk.run(watched("2024-01-03,Parasite,2019,u"));
    const works = async () => (await desk.db.selectFrom("works").select("work_id").execute()).length;
    const before = [await works(), (await desk.viewings()).length];
    const dry = await desk.run(file, { dryRun: true });
    expect([await works(), (await desk.viewings()).length]).toEqual(before);
    const real = await desk.run(file);
    expect(dry.rows.map((row) => [row.status, row.errorCode])).toEqual(
      real.rows.map((row) => [row.status, row.errorCode]),
    );
    expect(real.rows.map((row) => row.status)).toEqual(["success", "skipped", "failed", "skipped"]);
  });
});
