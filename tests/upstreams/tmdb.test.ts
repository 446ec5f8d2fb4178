import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#app/errors.ts";
import { flushCallLog, withCallContext } from "#app/upstreams/call-log.server.ts";
import { BudgetWait, UpstreamError } from "#app/upstreams/errors.ts";
import * as tmdb from "#app/upstreams/tmdb/client.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null });
afterAll(async () => {
  await flushCallLog(db);
  await sandbox.close();
});
beforeEach(async () => {
  await flushCallLog(db);
  await sql`truncate upstream_budgets, upstream_cache, upstream_calls, upstream_circuits`.execute(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

const ctx = contextFor(db, sandbox);
const calls = () => sandbox.control.requests("tmdb");

async function logged(): Promise<Record<string, unknown>[]> {
  await flushCallLog(db);
  return db.selectFrom("upstream_calls").selectAll().orderBy("id").execute();
}

describe("S-01, T-03 the TMDB client", () => {
  it("finds films by title and year, and keeps the answer whatever the case and blanks", async () => {
    const first = await tmdb.searchMovies(ctx, { query: "Heat", year: 1995 });
    expect(first.source).toBe("network");
    expect(first.value.results[0]).toMatchObject({
      title: "Heat",
      release_date: expect.stringMatching(/^1995/),
    });
    const again = await tmdb.searchMovies(ctx, { query: "  HEAT ", year: 1995 });
    expect(again).toMatchObject({ source: "cache", value: first.value });
    expect(calls()).toHaveLength(1);
  });

  it("gives one whole film in one call", async () => {
    const found = await tmdb.searchMovies(ctx, { query: "Heat", year: 1995 });
    sandbox.control.clearRequests();
    const movie = await tmdb.getMovie(ctx, found.value.results[0]!.id);
    expect(movie.value).toMatchObject({
      title: "Heat",
      credits: { cast: expect.any(Array) },
      "watch/providers": { results: expect.any(Object) },
      alternative_titles: { titles: expect.any(Array) },
    });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]!.query).toMatchObject({
      append_to_response: tmdb.MOVIE_PARTS.join(","),
      include_image_language: "en,null",
      include_video_language: "en,null",
    });
  });

  it("gives null for a film that TMDB does not know, and asks only once a day", async () => {
    expect(await tmdb.getMovie(ctx, 999_999_999)).toMatchObject({ value: null, source: "network" });
    expect(await tmdb.getMovie(ctx, 999_999_999)).toMatchObject({ value: null, source: "cache" });
    expect(calls()).toHaveLength(1);
    const { rows } = await sql<{ hours: number }>`
      select (extract(epoch from expires_at - now()) / 3600)::float8 as hours from upstream_cache`.execute(
      db,
    );
    expect(Math.round(rows[0]!.hours)).toBe(24);
  });

  it("finds series, their details, ids of others and the configuration", async () => {
    const series = await tmdb.searchSeries(ctx, { query: "Breaking Bad" });
    expect(series.value.results[0]).toMatchObject({ name: "Breaking Bad" });
    const details = await tmdb.getSeries(ctx, series.value.results[0]!.id);
    expect(details.value).toMatchObject({ number_of_seasons: 5, number_of_episodes: 62 });
    const heat = await tmdb.findByExternalId(ctx, "imdb_id", "tt0113277");
    expect(heat.value.movie_results).toMatchObject([{ title: "Heat" }]);
    const nothing = await tmdb.findByExternalId(ctx, "imdb_id", "tt99999999");
    expect(nothing.value.movie_results).toEqual([]);
    expect((await tmdb.getConfiguration(ctx)).value?.images.poster_sizes).toContain("w342");
  });

  it("asks nothing for a blank title", async () => {
    expect((await tmdb.searchMovies(ctx, { query: " \t" })).value.results).toEqual([]);
    expect(calls()).toHaveLength(0);
  });

  it("reads many kept searches at once", async () => {
    await tmdb.searchMovies(ctx, { query: "Heat", year: 1995 });
    const found = await tmdb.cachedMovieSearches(ctx, [
      { query: "never asked" },
      { query: "heat", year: 1995 },
      { query: "heat" },
    ]);
    expect(found.map((each) => each?.source ?? null)).toEqual([null, "cache", null]);
    expect(calls()).toHaveLength(1);
  });

  it("takes a v4 token as a bearer and a v3 key as a parameter", async () => {
    const bearer = contextFor(db, sandbox, { TMDB_API_KEY: sandbox.keys.tmdbBearer });
    expect((await tmdb.searchMovies(bearer, { query: "Alien" })).value.results.length).toBeGreaterThan(0);
    expect((await tmdb.searchMovies(ctx, { query: "Aliens" })).value.results.length).toBeGreaterThan(0);
  });

  it("is off without a key, says how to turn it on, and sends nothing", async () => {
    const error = await failureOf(
      tmdb.searchMovies(contextFor(db, sandbox, { TMDB_API_KEY: "" }), { query: "Heat" }),
    );
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "UPSTREAM_OFF", status: 503 });
    expect((error as AppError).userMessage).toContain("TMDB_API_KEY");
    expect(calls()).toHaveLength(0);
  });
});

describe("T-08 faults of TMDB", () => {
  it.each([
    ["reset", { kind: "reset" }, "CONNECTION"],
    ["500", { kind: "status", status: 500 }, "HTTP_5XX"],
    ["502 with a page", { kind: "status", status: 502, body: "<html>Bad gateway</html>" }, "HTTP_5XX"],
    ["503", { kind: "status", status: 503 }, "HTTP_5XX"],
    ["520", { kind: "status", status: 520 }, "HTTP_5XX"],
    ["a lost answer", { kind: "lostAnswer" }, "CONNECTION"],
    ["half an answer", { kind: "truncate" }, "CONNECTION"],
    ["silence", { kind: "hang" }, "TIMEOUT"],
  ] as const)("%s: two quick retries, then it is the queue's turn", async (_name, fault, code) => {
    const impatient = { ...ctx, deadlines: { headersMs: 100 } };
    sandbox.control.addFault({ service: "tmdb", fault });
    const error = await failureOf(tmdb.searchMovies(impatient, { query: "Heat" }));
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({ code, retryable: true, service: "tmdb" });
    expect(calls()).toHaveLength(3);
    expect((await logged()).map((row) => [row.attempt, row.error_code])).toEqual([
      [1, code],
      [2, code],
      [3, code],
    ]);
  });

  it("one hiccup is not noticed", async () => {
    sandbox.control.addFault({ service: "tmdb", times: 1, fault: { kind: "reset" } });
    expect((await tmdb.searchMovies(ctx, { query: "Heat" })).value.results.length).toBeGreaterThan(0);
    expect(calls()).toHaveLength(2);
  });

  it.each([
    ["garbage", { kind: "garbage" }],
    ["a page", { kind: "html" }],
    ["another shape", { kind: "status", status: 200, body: { results: "none" } }],
    [
      "nothing but a redirect",
      { kind: "status", status: 302, headers: { location: "http://169.254.169.254/" } },
    ],
    ["6 MB", { kind: "tooLarge", bytes: 6 * 1024 * 1024 }],
  ] as const)("%s is BAD_ANSWER, not retried at once and not kept", async (_name, fault) => {
    sandbox.control.addFault({ service: "tmdb", times: 1, fault });
    const error = await failureOf(tmdb.searchMovies(ctx, { query: "Heat" }));
    expect(error).toMatchObject({ name: "UpstreamError", code: "BAD_ANSWER", retryable: true });
    expect(calls()).toHaveLength(1);
    expect((await tmdb.searchMovies(ctx, { query: "Heat" })).source).toBe("network");
  });

  it("a 4xx of another kind is this request's own and final", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      fault: { kind: "status", status: 422, body: { status_code: 5, status_message: "Invalid parameters" } },
    });
    const error = await failureOf(tmdb.searchMovies(ctx, { query: "Heat" }));
    expect(error).toMatchObject({
      code: "REFUSED",
      retryable: false,
      status: 422,
      said: "Invalid parameters",
    });
  });

  it("a 404 that is not TMDB's own is a wrong address, not a missing film", async () => {
    const wrong = contextFor(db, sandbox, { TMDB_BASE_URL: `${sandbox.url}/nowhere` });
    expect(await failureOf(tmdb.getMovie(wrong, 603))).toMatchObject({ code: "REFUSED", status: 404 });
    expect((await tmdb.getMovie(ctx, 603)).source).toBe("network");
  });

  it("a 429 pushes everybody back by its Retry-After", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      times: 1,
      fault: { kind: "status", status: 429, headers: { "retry-after": "30" } },
    });
    const first = await failureOf(tmdb.searchMovies(ctx, { query: "Heat" }));
    expect(first).toBeInstanceOf(BudgetWait);
    expect(first).toMatchObject({ reason: "BLOCKED", retryAfterMs: 30_000 });
    const second = await failureOf(tmdb.getMovie(ctx, 603));
    expect(second).toMatchObject({ name: "BudgetWait", reason: "BLOCKED" });
    expect(calls()).toHaveLength(1);
  });
});

describe("T-06 the call log", () => {
  it("says on whose behalf a call was made, and keeps titles and keys out", async () => {
    const importJobId = "0197b7a2-1111-7000-8000-000000000001";
    await withCallContext({ task: "process_import_rows", queueJobId: "7", importJobId }, () =>
      withCallContext({ rowNumber: 12 }, async () => {
        await tmdb.searchMovies(ctx, { query: "Heat", year: 1995 });
        await tmdb.searchMovies(ctx, { query: "Heat", year: 1995 });
      }),
    );
    const rows = await logged();
    const on = { task: "process_import_rows", queue_job_id: "7", import_job_id: importJobId, row_number: 12 };
    expect(rows).toMatchObject([
      { endpoint: "/search/movie", method: "GET", status: 200, cached: false, error_code: null, ...on },
      { endpoint: "/search/movie", status: 200, cached: true, duration_ms: 0, ...on },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`Heat|${sandbox.keys.tmdb}`));
    const { rows: view } = await sql`select * from tmdb_api_logs`.execute(db);
    expect(view).toHaveLength(2);
  });

  it("writes thousands of lines in a few statements and loses none", async () => {
    await tmdb.searchMovies(ctx, { query: "Heat" });
    const inputs = Array.from({ length: 2_500 }, () => ({ query: "Heat" }));
    await tmdb.cachedMovieSearches(ctx, inputs);
    expect(await logged()).toHaveLength(2_501);
  });
});
