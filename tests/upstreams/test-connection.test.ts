import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { circuitStates, openCircuit } from "#app/upstreams/circuit.server.ts";
import { SERVICES } from "#app/upstreams/services.ts";
import { testConnection } from "#app/upstreams/test-connection.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { contextFor } from "#tests/upstreams/upstream-context.ts";

const { db } = await testDatabase();
const sandbox = await startSandbox();
afterAll(() => sandbox.close());

beforeEach(async () => {
  await flushCallLog(db);
  await sql`truncate upstream_budgets, upstream_cache, upstream_calls, upstream_call_sums, upstream_circuits`.execute(
    db,
  );
});

async function logged() {
  await flushCallLog(db);
  return db
    .selectFrom("upstream_calls")
    .select(["service", "status", "cached", "task"])
    .orderBy("id")
    .execute();
}

describe("J-09 testing a connection", () => {
  // Tabstack refuses the empty request that proves the token.
  it.each(SERVICES.map((service) => [service, service === "tabstack" ? 400 : 200] as const))(
    "%s: asks it once each time, whatever the cache holds, and says how long it took",
    async (service, status) => {
      const ctx = contextFor(db, sandbox);
      for (let turn = 1; turn <= 2; turn += 1) {
        const result = await testConnection(ctx, service);
        expect(result).toMatchObject({ ok: true, code: null });
        expect(result.ms).toBeGreaterThanOrEqual(0);
        expect(result.message).toMatch(/answered within \d+ ms( and takes the key)?\./);
        expect(await logged()).toHaveLength(turn);
      }
      expect(await logged()).toEqual(
        Array.from({ length: 2 }, () => ({ service, status, cached: false, task: "connection_test" })),
      );
    },
  );

  it.each([
    ["tmdb", { TMDB_API_KEY: "0".repeat(32) }],
    ["omdb", { OMDB_API_KEY: "ffffffff" }],
    ["tabstack", { TABSTACK_TOKEN: "another-token" }],
  ] as const)(
    "%s: a refused key is said so, and pauses the service as any call would",
    async (service, wrong) => {
      const result = await testConnection(contextFor(db, sandbox, wrong), service);
      expect(result).toMatchObject({ ok: false, code: "KEY_REFUSED" });
      expect(result.message).toContain("refuses the key");
      expect(result.message).not.toContain(Object.values(wrong)[0]);
      expect(await circuitStates(db)).toMatchObject([{ service, state: "open" }]);
    },
  );

  it("goes past an open circuit, and leaves it open", async () => {
    const ctx = contextFor(db, sandbox);
    await openCircuit(db, "tmdb", { reasonCode: "KEY_REFUSED", key: sandbox.keys.tmdb, forMs: null });
    expect(await testConnection(ctx, "tmdb")).toMatchObject({ ok: true });
    expect(await circuitStates(db)).toMatchObject([{ service: "tmdb", state: "open" }]);
  });

  it("says what a service that does not answer is doing", async () => {
    const gone = { TMDB_BASE_URL: "http://127.0.0.1:1/3" };
    const result = await testConnection(contextFor(db, sandbox, gone), "tmdb");
    expect(result).toMatchObject({ ok: false, code: "CONNECTION" });
    expect(result.message).toContain("ECONNREFUSED");
  });

  it("makes no call when today's are used up, and says when there are more", async () => {
    const result = await testConnection(contextFor(db, sandbox, { OMDB_DAILY_LIMIT: "0" }), "omdb");
    expect(result).toMatchObject({ ok: false, code: "DAILY", ms: null });
    expect(result.message).toMatch(/00:00 UTC.* No call was made\.$/);
    expect(await logged()).toEqual([]);
  });

  it("is refused where there is nothing to test with", async () => {
    const ctx = contextFor(db, sandbox, { TMDB_API_KEY: "" });
    await expect(testConnection(ctx, "tmdb")).rejects.toMatchObject({ code: "UPSTREAM_OFF", status: 503 });
  });
});

describe("J-09 budgets", () => {
  it("say what was used and what is left, by window or by day", async () => {
    const ctx = contextFor(db, sandbox, { OMDB_DAILY_LIMIT: "10", TMDB_RATE_LIMIT: "40/10s" });
    for (const service of SERVICES) await testConnection(ctx, service);
    await flushCallLog(db);
    const states = await budgetState(db, ctx.config);
    expect(states.map(({ service }) => service)).toEqual(["tmdb", "omdb", "tabstack", "imdb"]);
    const [tmdb, omdb] = states;
    expect(tmdb).toMatchObject({ rate: { requests: 40, perMs: 10_000 }, usedInWindow: 1, daily: null });
    expect(tmdb!.left + tmdb!.reserved).toBe(39);
    expect(omdb).toMatchObject({ rate: null, left: 9, daily: { limit: 10, used: 1, left: 9 } });
    expect(omdb!.daily!.resetsAt.toISOString()).toMatch(/T00:00:00\.000Z$/);
  });
});
