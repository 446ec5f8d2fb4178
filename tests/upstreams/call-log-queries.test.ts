import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { type CallFilter, listCalls, MOST_LOOKED_AT } from "#app/upstreams/call-log-queries.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

const importId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** 30,000 calls, one every 10 s, of every kind; many at the very same moment. */
beforeAll(async () => {
  await sql`
    insert into upstream_calls (at, service, endpoint, status, error_code, duration_ms, cached, task, queue_job_id,
      import_job_id, row_number, work_id)
    select date_trunc('second', now()) - (n / 5) * interval '50 seconds',
      case when n % 10 = 0 then 'omdb' else 'tmdb' end,
      case when n % 10 = 0 then '/?i={id}' when n % 3 = 0 then '/search/movie' else '/movie/{id}' end,
      case when n % 40 = 1 then 500 when n % 11 = 3 then 404 else 200 end,
      case when n % 40 = 1 then 'HTTP_5XX' when n % 40 = 2 then 'STALE' end, n % 500, n % 2 = 0,
      case when n % 4 = 0 then 'refresh_work' when n % 4 = 1 then 'process_import_rows' end, n / 100,
      case when n % 4 = 1 then ${importId(0).slice(0, 24)} || lpad((n / 1000)::text, 12, '0') end::uuid, n,
      n % 300
    from generate_series(1, 30000) as n`.execute(db);
  await sql`analyze upstream_calls`.execute(db);
});

/** Every call that a filter lets through, by way of all pages. */
async function readAll(filter: CallFilter, limit = 500) {
  const ids: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await listCalls(db, filter, { limit, cursor });
    expect(page.calls.length).toBeLessThanOrEqual(limit);
    ids.push(...page.calls.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor);
  return { ids, pages };
}

async function expected(where: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from upstream_calls where at >= now() - interval '90 days' and ${sql.raw(where)}
    order by at desc, id desc`.execute(db);
  return rows.map(({ id }) => id);
}

describe("T-06 the call log", () => {
  it.each<[string, CallFilter, string]>([
    ["nothing", {}, "true"],
    ["a service", { service: "omdb" }, "service = 'omdb'"],
    ["an endpoint", { service: "tmdb", endpoint: "/movie/{id}" }, "endpoint = '/movie/{id}'"],
    ["failures", { outcome: "failed" }, "error_code is not null and not cached"],
    ["an error", { outcome: "STALE" }, "error_code = 'STALE'"],
    ["not found", { outcome: "NOT_FOUND" }, "status = 404 and error_code is null"],
    ["answered", { outcome: "OK" }, "status <> 404 and error_code is null"],
    ["from the cache", { cached: true }, "cached"],
    ["not from the cache", { cached: false }, "not cached"],
    ["a task", { task: "refresh_work" }, "task = 'refresh_work'"],
    ["a job", { jobId: "17" }, "queue_job_id = 17"],
    ["an import", { importJobId: importId(7) }, `import_job_id = '${importId(7)}'`],
    ["a work", { workId: "12" }, "work_id = 12"],
    ["a day", { hours: 24 }, "at >= now() - interval '24 hours'"],
    [
      "several",
      { service: "tmdb", outcome: "failed", task: "process_import_rows", cached: false, workId: "41" },
      "service = 'tmdb' and error_code is not null and not cached and task = 'process_import_rows' and work_id = 41",
    ],
  ])("filtered by %s gives every call once, newest first, page by page", async (_what, filter, where) => {
    const ids = await expected(where);
    expect(ids.length).toBeGreaterThan(0);
    expect((await readAll(filter)).ids).toEqual(ids);
  });

  it("keeps to a span of time, its end left out", async () => {
    const to = new Date(Date.now() - 3_600_000);
    const from = new Date(to.getTime() - 3_600_000);
    const ids = await expected(`at >= '${from.toISOString()}' and at < '${to.toISOString()}'`);
    expect(ids.length).toBeGreaterThan(0);
    expect((await readAll({ from, to }, 50)).ids).toEqual(ids);
  });

  it("looks through so many calls at a time and says how far back it came", async () => {
    const never = { service: "omdb", outcome: "HTTP_5XX" };
    expect(await listCalls(db, never, { limit: 10 })).toEqual({
      calls: [],
      nextCursor: null,
      lookedBackTo: null,
    });
    const seldom = { cached: true, service: "tmdb", from: new Date(0) };
    await sql`update upstream_calls set cached = false where service = 'tmdb' and at > now() - interval '70 hours'`.execute(
      db,
    );
    const first = await listCalls(db, seldom, { limit: 50 });
    expect(first.calls.length).toBeLessThan(50);
    expect(first.nextCursor).not.toBeNull();
    const { rows } = await sql<{ at: Date }>`
      select at from upstream_calls where service = 'tmdb' order by at desc, id desc
      offset ${MOST_LOOKED_AT - 1} limit 1`.execute(db);
    expect(first.lookedBackTo).toEqual(rows[0]?.at);
    expect((await readAll(seldom)).ids).toEqual(await expected("cached and service = 'tmdb'"));
  });

  it("refuses a cursor that it did not give out", async () => {
    for (const cursor of [
      "nonsense",
      Buffer.from("2026-99-99T00:00:00.000000Z 1").toString("base64url"),
      "é",
    ])
      await expect(listCalls(db, {}, { limit: 10, cursor })).rejects.toMatchObject({ code: "BAD_CURSOR" });
  });
});
