import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { circuitStates, closeCircuit, keyFingerprint } from "#app/upstreams/circuit.server.ts";
import { UpstreamPaused } from "#app/upstreams/errors.ts";
import * as omdb from "#app/upstreams/omdb/client.server.ts";
import * as tmdb from "#app/upstreams/tmdb/client.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor, failureOf } from "#tests/upstreams/upstream-context.ts";

const { db, url } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null });
afterAll(async () => {
  await flushCallLog();
  await sandbox.close();
});
beforeEach(async () => {
  await closeCircuit(db, "tmdb");
  await closeCircuit(db, "omdb");
  await sql`truncate upstream_budgets, upstream_cache, upstream_circuits`.execute(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

const WRONG = "0123456789abcdef0123456789abcdef";
const wrongKey = contextFor(db, sandbox, { TMDB_API_KEY: WRONG });
const rightKey = contextFor(db, sandbox);
const calls = () => sandbox.control.requests("tmdb");

describe("J-05 a broken upstream pauses itself", () => {
  it("one refused key stops every further call, and tells people what to do", async () => {
    const first = await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    const second = await failureOf(tmdb.getMovie(wrongKey, 603));
    for (const error of [first, second]) {
      expect(error).toBeInstanceOf(UpstreamPaused);
      expect(error).toMatchObject({ service: "tmdb", reasonCode: "KEY_REFUSED", retryAt: null });
      expect((error as Error).message).toContain("TMDB_API_KEY");
    }
    expect(calls()).toHaveLength(1);
    const states = await circuitStates(db);
    expect(states).toMatchObject([{ service: "tmdb", state: "open", reasonCode: "KEY_REFUSED" }]);
  });

  it("keeps neither the key nor a hash that could be turned back in the table or the error", async () => {
    const error = await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    const { rows } = await sql`select * from upstream_circuits`.execute(db);
    expect(`${JSON.stringify(rows)} ${(error as Error).stack}`).not.toContain(WRONG);
    expect(keyFingerprint(WRONG)).not.toBe(keyFingerprint(`${WRONG}0`));
    expect(keyFingerprint(WRONG)).toHaveLength(16);
  });

  it("a new key closes it by itself", async () => {
    await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    expect((await tmdb.searchMovies(rightKey, { query: "Heat" })).source).toBe("network");
    expect(await circuitStates(db)).toMatchObject([{ state: "closed" }]);
  });

  it("closing it by hand lets the next call find out", async () => {
    await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    await closeCircuit(db, "tmdb");
    await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    expect(calls()).toHaveLength(2);
  });

  it("another process sees it before its first call", async () => {
    await failureOf(tmdb.searchMovies(wrongKey, { query: "Heat" }));
    const other = createDatabase(url, { applicationName: "other process" });
    const error = await failureOf(tmdb.searchMovies({ ...wrongKey, db: other.db }, { query: "Heat" }));
    await flushCallLog(other.db);
    await other.close();
    expect(error).toBeInstanceOf(UpstreamPaused);
    expect(calls()).toHaveLength(1);
  });

  it("fresh answers are given while it is open: they cost nothing", async () => {
    await tmdb.searchMovies(rightKey, { query: "Heat" });
    await failureOf(tmdb.getMovie(wrongKey, 603));
    expect((await tmdb.searchMovies(wrongKey, { query: "Heat" })).source).toBe("cache");
  });

  it.each([
    ["a page with 403", { kind: "status", status: 403, body: "<html>Attention</html>" }],
    ["Cloudflare's header", { kind: "status", status: 503, headers: { "cf-mitigated": "challenge" } }],
    ["an empty 202", { kind: "status", status: 202, body: "" }],
  ] as const)("a robot challenge (%s) pauses for a while", async (_name, fault) => {
    sandbox.control.addFault({ service: "tmdb", fault });
    const error = await failureOf(tmdb.searchMovies(rightKey, { query: "Heat" }));
    expect(error).toMatchObject({ name: "UpstreamPaused", reasonCode: "CHALLENGED" });
    expect((error as UpstreamPaused).retryAt).toBeInstanceOf(Date);
    expect(calls()).toHaveLength(1);
  });

  it("OMDb's used-up day and its bad key are both 401 and are told apart", async () => {
    sandbox.control.configure({ omdbDailyLimit: 0 });
    const usedUp = await failureOf(omdb.getByImdbId(rightKey, "tt0113277"));
    sandbox.control.configure({ omdbDailyLimit: 1000 });
    expect(usedUp).toMatchObject({ name: "UpstreamPaused", reasonCode: "QUOTA_USED_UP" });
    const retryAt = (usedUp as UpstreamPaused).retryAt!;
    expect(retryAt.toISOString()).toMatch(/T00:0\d:/);
    await closeCircuit(db, "omdb");
    const refused = await failureOf(
      omdb.getByImdbId(contextFor(db, sandbox, { OMDB_API_KEY: "0000000f" }), "tt0113277"),
    );
    expect(refused).toMatchObject({ reasonCode: "KEY_REFUSED", retryAt: null });
  });

  it("closes by itself when its time has come", async () => {
    sandbox.control.addFault({ service: "omdb", times: 1, fault: { kind: "status", status: 429 } });
    const limited = await failureOf(omdb.getByImdbId(rightKey, "tt0113277"));
    expect(limited).toMatchObject({ name: "UpstreamPaused", reasonCode: "RATE_LIMITED" });
    await sql`update upstream_circuits set retry_at = now() - interval '1 second'`.execute(db);
    const other = createDatabase(url, { applicationName: "other process" });
    const answer = await omdb.getByImdbId({ ...rightKey, db: other.db }, "tt0113277");
    await flushCallLog(other.db);
    await other.close();
    expect(answer.value?.title).toBe("Heat");
    expect(await circuitStates(db)).toMatchObject([{ service: "omdb", state: "closed" }]);
  });
});
