import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

describe("T-06 what is kept of upstream calls", () => {
  it("90 days of calls go in batches; later ones stay", async () => {
    await sql`
      insert into upstream_calls (at, service, endpoint, duration_ms)
      select now() - interval '95 days' + n * interval '40 seconds', 'tmdb', '/x', 1 from generate_series(1, 12000) as n`.execute(
      db,
    );
    const { rows } = await sql<{ old: number }>`
      select count(*)::int as old from upstream_calls where at < now() - interval '90 days'`.execute(db);
    const old = rows[0]!.old;
    expect(old).toBeGreaterThan(10_000);
    expect(await pruneHistory(db)).toMatchObject({ upstream_calls: old });
    const left = await sql<{ calls: number; old: number }>`
      select count(*)::int as calls, count(*) filter (where at < now() - interval '90 days')::int as old
      from upstream_calls`.execute(db);
    expect(left.rows).toEqual([{ calls: 12_000 - old, old: 0 }]);
  });

  it("sums go when nothing is drawn from them any more", async () => {
    const sums = [
      ["minute", "2 hours", true],
      ["minute", "2 days", false],
      ["hour", "25 hours", true],
      ["hour", "3 days", false],
      ["quarter", "7 days", true],
      ["quarter", "10 days", false],
      ["day", "90 days", true],
      ["day", "93 days", false],
    ] as const;
    for (const [grain, age] of sums)
      await sql`insert into upstream_call_sums values
        (${grain}, now() - ${age}::interval, 'tmdb', ${age}, '', 'OK', false, 0, 1, 1)`.execute(db);
    await pruneHistory(db);
    const kept = await db
      .selectFrom("upstream_call_sums")
      .select("endpoint")
      .where("starts_at", ">", sql<Date>`'-infinity'`)
      .execute();
    expect(kept.map(({ endpoint }) => endpoint).toSorted()).toEqual(
      sums
        .filter(([, , stays]) => stays)
        .map(([, age]) => age)
        .toSorted(),
    );
    // The calls of old days stay as one sum: counters of all calls ever made never fall.
    await pruneHistory(db);
    const folded = await db
      .selectFrom("upstream_call_sums")
      .select(["grain", "endpoint", "calls"])
      .where("starts_at", "=", sql<Date>`'-infinity'`)
      .execute();
    expect(folded).toContainEqual({ grain: "day", endpoint: "93 days", calls: "1" });
  });

  it("answers go half a year after they were fetched, and leases that brought none", async () => {
    await sql`
      insert into upstream_cache (service, request_key, status, body, fetched_at, expires_at, fetching_by, fetching_until) values
        ('tmdb', 'fresh', 200, '1', now(), now() + interval '1 day', null, null),
        ('tmdb', 'stale', 200, '1', now() - interval '100 days', now() - interval '70 days', null, null),
        ('tmdb', 'too old', 200, '1', now() - interval '181 days', now() - interval '151 days', null, null),
        ('tmdb', 'given up', null, null, null, null, null, null),
        ('tmdb', 'died', null, null, null, null, gen_random_uuid(), now() - interval '2 days'),
        ('tmdb', 'on its way', null, null, null, null, gen_random_uuid(), now() + interval '20 seconds')`.execute(
      db,
    );
    expect(await pruneHistory(db)).toMatchObject({ upstream_cache: 3 });
    const kept = await db.selectFrom("upstream_cache").select("request_key").orderBy("request_key").execute();
    expect(kept.map(({ request_key }) => request_key)).toEqual(["fresh", "on its way", "stale"]);
  });
});
