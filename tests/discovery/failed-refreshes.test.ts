import { describe, expect, it } from "vitest";
import { sweepFailedRefreshes } from "#app/discovery/refresh/sweep-failed-refreshes.server.ts";
import { addWork, discoveryDesk } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const database = await testDatabase();
const desk = await discoveryDesk(database);
const { db, sandbox, config } = desk;

const work = (workId: string) =>
  db.selectFrom("works").selectAll().where("work_id", "=", workId).executeTakeFirstOrThrow();
const pass = (workId: string) =>
  database.pool.query("update works set due_at = now() - interval '1 second' where work_id = $1", [workId]);

describe("T-04 a refresh that failed", () => {
  it("comes again by itself when its wait is over, and waits twice as long when it fails once more", async () => {
    const workId = await addWork(db, { tmdbId: 603, releaseDate: "1999-03-31", refreshedDaysAgo: 31 });
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/movie/603" },
      fault: { kind: "status", status: 500 },
    });
    await desk.refresh();
    await desk.drain("all");
    const first = await work(workId);
    expect(first).toMatchObject({ due_reason: "failed", refresh_failures: 1 });

    expect(await sweepFailedRefreshes(db, config)).toBe(0);
    await pass(workId);
    expect(await sweepFailedRefreshes(db, config)).toBe(1);
    // It is under way: another sweep leaves it alone.
    expect(await sweepFailedRefreshes(db, config)).toBe(0);
    await desk.drain("all");
    const second = await work(workId);
    expect(second.refresh_failures).toBe(2);
    const waitMs = (row: typeof first) => Number(row.due_at) - Number(row.refresh_attempted_at);
    expect(waitMs(second)).toBe(2 * waitMs(first));

    sandbox.control.clearFaults();
    await pass(workId);
    expect(await sweepFailedRefreshes(db, config)).toBe(1);
    await desk.drain("all");
    expect(await work(workId)).toMatchObject({ refresh_failures: 0, due_reason: "age", title: "The Matrix" });
    expect(await sweepFailedRefreshes(db, config)).toBe(0);
  });

  it("asks nobody while TMDB is off", async () => {
    const workId = await addWork(db, { tmdbId: 603, releaseDate: "1999-03-31", refreshedDaysAgo: 31 });
    await database.pool.query(
      "update works set due_reason = 'failed', refresh_failures = 1 where work_id = $1",
      [workId],
    );
    await pass(workId);
    expect(await sweepFailedRefreshes(db, testConfig({}))).toBe(0);
  });
});
