import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { cachedFetch, readMany } from "#app/upstreams/cache.server.ts";
import { cacheSizes } from "#app/upstreams/cache-size.server.ts";
import { flushCache } from "#app/upstreams/flush-cache.server.ts";
import type { Service } from "#app/upstreams/services.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, url } = await testDatabase();

beforeEach(async () => {
  await sql`truncate upstream_cache`.execute(db);
});

async function keep(service: Service, count: number): Promise<void> {
  await sql`
    insert into upstream_cache (service, request_key, status, body, fetched_at, expires_at)
    select ${service}, 'film ' || n, 200, '{"n": 1}', now(), now() + (n - 2) * interval '1 hour'
    from generate_series(1, ${count}::int) as n`.execute(db);
}

const options = (key: string, fetch: () => Promise<unknown>) => ({
  service: "tmdb" as const,
  key,
  leaseMs: 60_000,
  patient: false,
  newer: false,
  isReadable: () => true,
  fetch: async () => ({ status: 200, body: await fetch(), ttlMs: 60_000 }),
});

describe("J-09 the cache", () => {
  it("is measured by service", async () => {
    await keep("tmdb", 3);
    await keep("omdb", 1);
    await sql`insert into upstream_cache (service, request_key, fetching_by, fetching_until)
      values ('omdb', 'on its way', gen_random_uuid(), now() + interval '1 minute')`.execute(db);
    const sizes = (await cacheSizes(db)).toSorted((a, b) => a.service.localeCompare(b.service));
    expect(sizes).toMatchObject([
      { service: "omdb", answers: 1, expired: 1, isEstimate: false },
      { service: "tmdb", answers: 3, expired: 2, isEstimate: false },
    ]);
    for (const { bytes } of sizes) expect(bytes).toBeGreaterThan(0);
  });

  it("is estimated when it is large", async () => {
    await keep("tmdb", 60_000);
    await sql`analyze upstream_cache`.execute(db);
    const [size] = await cacheSizes(db);
    expect(size?.isEstimate).toBe(true);
    expect(size?.answers).toBeGreaterThan(30_000);
    expect(size?.answers).toBeLessThan(120_000);
  });

  it("is flushed for one service alone, all of it", async () => {
    await keep("tmdb", 12_001);
    await keep("omdb", 2);
    expect(await flushCache(db, "tmdb")).toBe(12_001);
    expect(await flushCache(db, "tmdb")).toBe(0);
    expect(await cacheSizes(db)).toMatchObject([{ service: "omdb", answers: 2 }]);
  });

  it("a flush leaves a fetch under way to the one who fetches: one call, shared by all, and kept", async () => {
    const other = createDatabase(url, { max: 2 });
    let calls = 0;
    let answer = (_body: string): void => {};
    const fetch = () => {
      calls += 1;
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    };
    // One that has an old answer, one that has none.
    await sql`insert into upstream_cache (service, request_key, status, body, fetched_at, expires_at)
      values ('tmdb', 'known', 200, '"old"', now() - interval '2 days', now() - interval '1 day')`.execute(
      db,
    );
    for (const key of ["known", "new"]) {
      calls = 0;
      const here = cachedFetch(db, options(key, fetch));
      await expect.poll(() => calls).toBe(1);
      await flushCache(db, "tmdb");
      expect(await readMany(db, "tmdb", [key])).toEqual(new Map());
      const there = cachedFetch(other.db, options(key, fetch));
      await expect
        .poll(async () => {
          const { rows } = await sql`select 1 from pg_stat_activity
            where datname = current_database() and query like '%fetching_until <= clock_timestamp()%'`.execute(
            db,
          );
          return rows.length;
        })
        .toBeGreaterThan(0);
      answer("new");
      expect(await here).toMatchObject({ body: "new", source: "network" });
      expect(await there).toMatchObject({ body: "new", source: "cache" });
      expect(calls).toBe(1);
      expect((await readMany(db, "tmdb", [key])).get(key)).toMatchObject({ body: "new", fresh: true });
    }
    await other.close();
  });
});
