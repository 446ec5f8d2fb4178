import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { flushCallLog, logCall, withCallContext } from "#app/upstreams/call-log.server.ts";
import { readCallBars, readCallKinds, readCallSums } from "#app/upstreams/call-sums.server.ts";
import { CALL_RANGES, DURATION_BOUNDS_MS, fateOf, figuresOf, partBy } from "#app/upstreams/call-sums.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, url } = await testDatabase();

const entry = {
  service: "tmdb",
  endpoint: "/search/movie",
  method: "GET",
  status: 200,
  errorCode: null,
  durationMs: 120,
  cached: false,
  attempt: 1,
} as const;

const failed = { ...entry, endpoint: "/movie/{id}", status: 500, errorCode: "HTTP_5XX", durationMs: 900 };
const missing = { ...entry, endpoint: "/movie/{id}", status: 404 };
const hit = { ...entry, cached: true, durationMs: 0 };
const stale = { ...hit, errorCode: "STALE" };

/** Log and sums at one moment: one statement sees one state of the database. */
async function compare() {
  const { rows } = await sql<{ logged: number; grains: Record<string, number> }>`
    select (select count(*)::int from upstream_calls) as logged,
      (select coalesce(json_object_agg(grain, calls), '{}') from (
        select grain, sum(calls)::int as calls from upstream_call_sums group by grain) as by_grain) as grains`.execute(
    db,
  );
  return rows[0]!;
}

describe("T-06 sums of upstream calls", () => {
  it("hold as many calls as the log at any moment, whoever writes and however late", async () => {
    const writers = Array.from({ length: 4 }, () => createDatabase(url, { max: 2 }));
    let writing = true;
    const write = async ({ db: own }: (typeof writers)[number], index: number) => {
      for (let round = 0; round < 30; round += 1) {
        // In another order each time: writers that took rows as they come would wait for one another for ever.
        const kinds = [entry, failed, missing, hit, stale];
        for (const kind of index % 2 === 0 ? kinds : kinds.toReversed())
          for (let repeat = 0; repeat <= round % 3; repeat += 1) logCall(own, kind);
        await flushCallLog(own);
      }
    };
    const look = async () => {
      const looks = [];
      while (writing) looks.push(await compare());
      return looks;
    };
    const looking = look();
    await Promise.all(writers.map(write));
    writing = false;
    const looks = await looking;
    await Promise.all(writers.map((writer) => writer.close()));
    expect(looks.length).toBeGreaterThan(0);
    for (const { logged, grains } of [...looks, await compare()])
      for (const calls of Object.values(grains)) expect(calls).toBe(logged);
    expect((await compare()).logged).toBe(4 * 5 * 60);
  });

  it("tell apart what was answered, kept and failed, for whom and how quickly", async () => {
    await sql`truncate upstream_calls, upstream_call_sums`.execute(db);
    withCallContext({ task: "refresh_work" }, () => logCall(db, entry));
    for (const call of [failed, missing, hit, stale]) logCall(db, call);
    logCall(db, { ...entry, service: "omdb", endpoint: "/?i={id}" });
    await flushCallLog(db);
    for (const range of CALL_RANGES) {
      const sums = await readCallSums(db, range, "tmdb");
      expect(figuresOf(sums)).toMatchObject({ ok: 2, cached: 2, failed: 1, asked: 3, meanMs: 380 });
      expect(partBy(sums, ({ endpoint }) => endpoint).map(({ key }) => key)).toEqual([
        "/search/movie",
        "/movie/{id}",
      ]);
      expect(partBy(sums, ({ task }) => task ?? "-").map(({ key }) => key)).toEqual(["-", "refresh_work"]);
      expect((await readCallSums(db, range)).some(({ service }) => service === "omdb")).toBe(true);
    }
    const kinds = await readCallKinds(db);
    expect(kinds).toContainEqual({
      service: "tmdb",
      endpoint: "/movie/{id}",
      task: null,
      outcome: "HTTP_5XX",
    });
  });

  it("are drawn over time: every range ends with the present bar and has no gaps", async () => {
    const bars = { "1h": 60, "24h": 24, "7d": 28, "90d": 90 };
    for (const range of CALL_RANGES) {
      const drawn = await readCallBars(db, range, "tmdb");
      expect(drawn).toHaveLength(bars[range]);
      const total = { ok: 0, cached: 0, failed: 0 };
      for (const [index, bar] of drawn.entries()) {
        if (index > 0) expect(bar.at).toEqual(drawn[index - 1]?.until);
        total.ok += bar.ok;
        total.cached += bar.cached;
        total.failed += bar.failed;
      }
      expect(total).toEqual({ ok: 2, cached: 2, failed: 1 });
    }
  });

  it("are what a migration makes of calls that were logged before", async () => {
    const summed = sql<{ sums: unknown }>`
      select json_agg(s order by grain, service, endpoint, task, outcome, cached, bucket) as sums
      from upstream_call_sums as s`;
    const { rows: byWriter } = await summed.execute(db);
    const { up, down } = await import("../../migrations/2026-11-20T1310_create_upstream_sums.ts");
    await db.transaction().execute(async (trx) => {
      await down(trx);
      await up(trx);
    });
    const { rows: byMigration } = await summed.execute(db);
    expect(byMigration).toEqual(byWriter);
    const { rows } = await sql<{ calls: number }>`select count(*)::int as calls from tmdb_api_logs`.execute(
      db,
    );
    expect(rows).toEqual([{ calls: 5 }]);
  });
});

describe("J-09 figures of calls", () => {
  const bucketOf = (ms: number) => DURATION_BOUNDS_MS.filter((bound) => bound <= ms).length;
  const sumOf = (durationMs: number, calls = 1) => ({
    service: "tmdb",
    endpoint: "/x",
    task: null,
    outcome: "OK",
    cached: false,
    bucket: bucketOf(durationMs),
    calls,
    durationMs: durationMs * calls,
  });

  it("a percentile lies in the bucket of the call that has that rank", () => {
    const durations = fc.array(fc.integer({ min: 0, max: 29_999 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95), (times, share) => {
        const { p50Ms, p95Ms } = figuresOf(times.map((ms) => sumOf(ms)));
        const sorted = times.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
        const estimated = (share === 0.5 ? p50Ms : p95Ms)!;
        const bucket = bucketOf(exact);
        expect(estimated).toBeGreaterThanOrEqual(DURATION_BOUNDS_MS[bucket - 1] ?? 0);
        expect(estimated).toBeLessThanOrEqual(DURATION_BOUNDS_MS[bucket]!);
      }),
    );
  });

  it("there is none without a call, and none beyond the last bound", () => {
    expect(figuresOf([sumOf(40_000, 3)]).p95Ms).toBe(DURATION_BOUNDS_MS.at(-1));
    expect(figuresOf([])).toMatchObject({ asked: 0, meanMs: null, p95Ms: null });
  });

  it("not found is an answer, and an old answer out of the cache is no failed call", () => {
    expect(fateOf({ outcome: "NOT_FOUND", cached: false })).toBe("ok");
    expect(fateOf({ outcome: "STALE", cached: true })).toBe("cached");
    expect(fateOf({ outcome: "ABORTED", cached: false })).toBe("failed");
  });
});
