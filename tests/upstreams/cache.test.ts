import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { readMany } from "#app/upstreams/cache.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import * as tmdb from "#app/upstreams/tmdb/client.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db, url } = await testDatabase();
const other = createDatabase(url, { applicationName: "other process" });
const sandbox = await startSandbox({ rateLimit: null });
afterAll(async () => {
  await flushCallLog();
  await other.close();
  await sandbox.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits`.execute(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

const here = contextFor(db, sandbox);
const there = contextFor(other.db, sandbox);
const calls = () => sandbox.control.requests("tmdb");
const heat = { query: "Heat", year: 1995 };

async function expire(): Promise<void> {
  await sql`update upstream_cache set expires_at = now() - interval '1 second'`.execute(db);
}

describe("S-02 one answer for all who ask", () => {
  it("callers at the same time share one call, in one process and between two", async () => {
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "delay", ms: 200 } });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => tmdb.searchMovies(index % 2 ? here : there, heat)),
    );
    expect(calls()).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.value))).size).toBe(1);
    expect(answers.filter((answer) => answer.source === "network")).toHaveLength(1);
  });

  it("a process that dies while fetching is waited for no longer than its lease", async () => {
    await sql`insert into upstream_cache (service, request_key, fetching_by, fetching_until)
      values ('tmdb', 'search/movie:heat|year=1995', gen_random_uuid(), clock_timestamp() + interval '400 ms')`.execute(
      db,
    );
    expect((await tmdb.searchMovies(here, heat)).source).toBe("network");
  });

  it("when the one that fetches fails, the other process tries for itself", async () => {
    sandbox.control.addFault({ service: "tmdb", times: 1, fault: { kind: "garbage" } });
    const [first, second] = await Promise.allSettled([
      tmdb.searchMovies(here, heat),
      tmdb.searchMovies(there, heat),
    ]);
    expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
    expect(calls()).toHaveLength(2);
  });

  it("one caller's abort does not take the answer from the others", async () => {
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "delay", ms: 150 } });
    const stop = new AbortController();
    const aborted = tmdb.searchMovies({ ...here, signal: stop.signal }, heat);
    const kept = tmdb.searchMovies(here, heat);
    stop.abort(new Error("stopping"));
    expect(await failureOf(aborted)).toMatchObject({ message: "stopping" });
    expect((await kept).value.results.length).toBeGreaterThan(0);
    expect(calls()).toHaveLength(1);
  });

  it("when all callers have gone, the call is broken off and leaves no lease behind", async () => {
    sandbox.control.addFault({ service: "tmdb", times: 1, fault: { kind: "hang" } });
    const stop = new AbortController();
    const asked = [1, 2].map(() => failureOf(tmdb.searchMovies({ ...here, signal: stop.signal }, heat)));
    while (calls().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("stopping"));
    expect(await Promise.all(asked)).toMatchObject([{ message: "stopping" }, { message: "stopping" }]);
    const [here2, there2] = await Promise.all([
      tmdb.searchMovies(here, heat),
      tmdb.searchMovies(there, heat),
    ]);
    expect([here2.source, there2.source].sort()).toEqual(["cache", "network"]);
  });

  it("asks again when an answer's lifetime is over", async () => {
    await tmdb.searchMovies(here, heat);
    await expire();
    expect((await tmdb.searchMovies(here, heat)).source).toBe("network");
    expect(calls()).toHaveLength(2);
  });

  it.each([
    ["is away", { kind: "reset" }],
    ["has a fault", { kind: "status", status: 503 }],
    ["limits us", { kind: "status", status: 429, headers: { "retry-after": "60" } }],
    ["talks nonsense", { kind: "html" }],
    [
      "refuses the key",
      { kind: "status", status: 401, body: { status_code: 7, status_message: "Invalid API key" } },
    ],
  ] as const)("uses the old answer when TMDB %s, and says so", async (_name, fault) => {
    const fresh = await tmdb.searchMovies(here, heat);
    await expire();
    sandbox.control.addFault({ service: "tmdb", fault });
    const old = await tmdb.searchMovies(here, heat);
    expect(old).toMatchObject({ source: "stale", value: fresh.value });
    expect(old.fetchedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("asks past a good answer when somebody wants news, once for all who do, and takes nothing old for it", async () => {
    const news = { ...here, fresh: true };
    await tmdb.searchMovies(here, heat);
    sandbox.control.addFault({ service: "tmdb", times: 1, fault: { kind: "delay", ms: 200 } });
    const asked = [news, { ...there, fresh: true }, news].map((ctx) => tmdb.searchMovies(ctx, heat));
    expect((await Promise.all(asked)).filter(({ source }) => source === "network")).toHaveLength(1);
    expect(calls()).toHaveLength(2);
    expect((await tmdb.searchMovies(here, heat)).source).toBe("cache");
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "status", status: 503 } });
    expect(await failureOf(tmdb.searchMovies(news, heat))).toMatchObject({ code: "HTTP_5XX" });
    expect((await tmdb.searchMovies(here, heat)).source).toBe("cache");
  });

  it("uses no old answer when TMDB refuses this very request", async () => {
    await tmdb.searchMovies(here, heat);
    await expire();
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "status", status: 400, body: {} } });
    expect(await failureOf(tmdb.searchMovies(here, heat))).toMatchObject({ code: "REFUSED" });
  });

  it("uses nothing older than half a year", async () => {
    await tmdb.searchMovies(here, heat);
    await sql`update upstream_cache set fetched_at = now() - interval '181 days', expires_at = now() - interval '1 day'`.execute(
      db,
    );
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "status", status: 503 } });
    expect(await failureOf(tmdb.searchMovies(here, heat))).toMatchObject({ code: "HTTP_5XX" });
  });

  it("fetches anew what an older version stored in another shape", async () => {
    await tmdb.searchMovies(here, heat);
    await sql`update upstream_cache set body = '{"hits": []}'`.execute(db);
    expect((await tmdb.searchMovies(here, heat)).source).toBe("network");
    expect((await tmdb.searchMovies(here, heat)).source).toBe("cache");
  });

  it("reads many at once, and keeps no key", async () => {
    await tmdb.searchMovies(here, heat);
    await tmdb.getMovie(here, 999_999_999);
    const found = await readMany(db, "tmdb", ["search/movie:heat|year=1995", "movie/999999999", "movie/1"]);
    expect([...found].map(([key, answer]) => [key, answer.status, answer.fresh]).sort()).toEqual([
      ["movie/999999999", 404, true],
      ["search/movie:heat|year=1995", 200, true],
    ]);
    expect(await readMany(db, "tmdb", [])).toEqual(new Map());
    const { rows } = await sql`select * from upstream_cache`.execute(db);
    expect(JSON.stringify(rows)).not.toContain(sandbox.keys.tmdb);
  });
});
