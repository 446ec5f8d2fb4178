import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import * as omdb from "#app/upstreams/omdb/client.server.ts";
import { omdbTitle, readTitle } from "#app/upstreams/omdb/shapes.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox();
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits`.execute(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

const ctx = contextFor(db, sandbox);
const calls = () => sandbox.control.requests("omdb");

const body = {
  Title: "Heat",
  Year: "1995",
  Released: "15 Dec 1995",
  Runtime: "170 min",
  Genre: "Action, Crime, Drama",
  Language: "English, Spanish",
  Poster: "N/A",
  Ratings: [
    { Source: "Internet Movie Database", Value: "8.3/10" },
    { Source: "Rotten Tomatoes", Value: "83%" },
    { Source: "Metacritic", Value: "76/100" },
  ],
  Metascore: "N/A",
  imdbRating: "8.3",
  imdbVotes: "757,076",
  imdbID: "tt0113277",
  Type: "movie",
  Response: "True",
};

function answerOnce(answer: Record<string, unknown>, status = 200): void {
  sandbox.control.addFault({ service: "omdb", times: 1, fault: { kind: "status", status, body: answer } });
}

describe("I-10, T-10 the OMDb client", () => {
  it("reads OMDb's strings", () => {
    expect(readTitle(omdbTitle.parse(body))).toMatchObject({
      title: "Heat",
      imdbId: "tt0113277",
      type: "movie",
      year: 1995,
      endYear: null,
      released: "1995-12-15",
      runtimeMinutes: 170,
      genres: ["Action", "Crime", "Drama"],
      languages: ["English", "Spanish"],
      posterUrl: null,
      plot: null,
      imdbRating: 8.3,
      imdbVotes: 757_076,
      rottenTomatoes: 83,
      metacritic: 76,
    });
  });

  it.each([
    ["1997–2007", 1997, 2007],
    ["2017–", 2017, null],
    ["2017-2019", 2017, 2019],
    ["N/A", null, null],
  ])("reads the year %s", (Year, year, endYear) => {
    expect(readTitle(omdbTitle.parse({ ...body, Year }))).toMatchObject({ year, endYear });
  });

  it("gives a title by its IMDb id, and keeps it", async () => {
    const first = await omdb.getByImdbId(ctx, "tt0113277");
    expect(first.value).toMatchObject({ title: "Heat", imdbId: "tt0113277", year: 1995 });
    expect(await omdb.getByImdbId(ctx, "tt0113277")).toEqual({
      ...first,
      source: "cache",
      fetchedAt: expect.any(Date),
    });
    expect(calls()).toHaveLength(1);
  });

  it("gives a title by name, year and kind", async () => {
    const found = await omdb.getByTitle(ctx, { title: "Heat", year: 1995, type: "movie" });
    expect(found.value).toMatchObject({ imdbId: "tt0113277" });
  });

  it.each([
    ["a video game of the same name", { Type: "game" }],
    ["a series", { Type: "series" }],
    ["a film of another year", { Year: "1986" }],
  ])("takes %s for not found", async (_name, changes) => {
    answerOnce({ ...body, ...changes });
    expect((await omdb.getByTitle(ctx, { title: "Heat", year: 1995, type: "movie" })).value).toBeNull();
  });

  it("lets the year be one off: premieres and releases differ", async () => {
    answerOnce({ ...body, Year: "1996" });
    expect((await omdb.getByTitle(ctx, { title: "Heat", year: 1995, type: "movie" })).value?.year).toBe(1996);
  });

  it("takes another title than the one asked for by id for not found", async () => {
    answerOnce({ ...body, imdbID: "tt0000001" });
    expect((await omdb.getByImdbId(ctx, "tt0113277")).value).toBeNull();
  });

  it.each(["Movie not found!", "Series not found!", "Incorrect IMDb ID.", "Too many results."])(
    "200 with %j is not found, and kept for a day",
    async (said) => {
      answerOnce({ Response: "False", Error: said });
      expect((await omdb.getByImdbId(ctx, "tt0113277")).value).toBeNull();
      expect(await omdb.getByImdbId(ctx, "tt0113277")).toMatchObject({ value: null, source: "cache" });
    },
  );

  it.each(["Error getting data.", "Something new."])("200 with %j is a fault", async (said) => {
    answerOnce({ Response: "False", Error: said });
    const error = await failureOf(omdb.getByImdbId(ctx, "tt0113277"));
    expect(error).toMatchObject({ code: "BAD_ANSWER", said, retryable: true });
  });

  it("a page with 5xx is OMDb's fault, not an answer", async () => {
    sandbox.control.addFault({
      service: "omdb",
      fault: { kind: "status", status: 522, body: "<html>Connection timed out</html>" },
    });
    expect(await failureOf(omdb.getByImdbId(ctx, "tt0113277"))).toMatchObject({
      code: "HTTP_5XX",
      status: 522,
    });
  });

  it("stops at the day's budget before OMDb has to say so", async () => {
    const two = contextFor(db, sandbox, { OMDB_DAILY_LIMIT: "2" });
    await omdb.getByImdbId(two, "tt0113277");
    await omdb.getByImdbId(two, "tt0078748");
    const error = await failureOf(omdb.getByImdbId(two, "tt0090605"));
    expect(error).toMatchObject({ name: "BudgetWait", reason: "DAILY" });
    expect(calls()).toHaveLength(2);
  });
});
