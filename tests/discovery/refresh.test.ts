import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { addDays } from "#app/discovery/refresh/feed-windows.ts";
import { retryFailedMembers } from "#app/discovery/runs/retry-failed.server.ts";
import { recomputeDueDates } from "#app/works/due-dates.server.ts";
import { SEED_RULES } from "#app/works/refresh-rules.ts";
import { addWork, discoveryDesk, untrueLines } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const desk = await discoveryDesk(database);
const { db, sandbox } = desk;

const today = new Date().toISOString().slice(0, 10);
const OLD = "1999-03-31";
const work = (workId: string) =>
  db.selectFrom("works").selectAll().where("work_id", "=", workId).executeTakeFirstOrThrow();
const gaps = () =>
  db.selectFrom("feed_gaps").select(["gap_from", "gap_to", "closed_at"]).orderBy("gap_from").execute();
const cursor = async (feed = "daily_refresh") =>
  (
    await db
      .selectFrom("sync_state")
      .select("last_sync_cursor")
      .where("sync_type", "=", feed)
      .executeTakeFirst()
  )?.last_sync_cursor;
const setCursor = (day: string, feed = "daily_refresh") =>
  db.insertInto("sync_state").values({ sync_type: feed, last_sync_cursor: day }).execute();
const changed = (id: number, changedOn: string) => sandbox.control.editFilm({ id, changedOn });

describe("T-05 the daily refresh", () => {
  it("refreshes what is due, in one call each, and says when it is due again", async () => {
    const stale = await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 31 });
    const fresh = await addWork(db, { tmdbId: 550, releaseDate: OLD, refreshedDaysAgo: 3 });
    await desk.refresh();
    await desk.drain();
    expect(desk.calls().films).toBe(1);
    expect(await work(stale)).toMatchObject({
      title: "The Matrix",
      last_refresh_result: "stored",
      due_reason: "age",
      due_at: new Date(addDays(today, 30)),
    });
    expect(await work(fresh)).toMatchObject({ due_reason: "age", due_at: new Date(addDays(today, 27)) });
    expect(await desk.lastRun()).toMatchObject({
      kind: "refresh",
      source: "refresh",
      status: "completed",
      movies_checked: 1,
      movies_ingested: 1,
      ingested_titles: ["Film 603"],
    });
    expect(await untrueLines(db)).toEqual([]);
  });

  it("makes no call at all when nothing is known to TMDB", async () => {
    await desk.refresh();
    await desk.drain();
    expect(sandbox.control.requests()).toEqual([]);
    expect(await desk.lastRun()).toMatchObject({ status: "completed", movies_checked: 0 });
  });

  it("refreshes what the change feed names, although it is not due", async () => {
    const named = await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 3 });
    const gone = await addWork(db, { tmdbId: 550, releaseDate: OLD, refreshedDaysAgo: 3 });
    await addWork(db, { tmdbId: 680, releaseDate: OLD, refreshedDaysAgo: 3 });
    changed(603, addDays(today, -1));
    sandbox.control.editFilm({ id: 550, deleted: true });
    await desk.refresh();
    await desk.drain();
    expect(desk.calls().films).toBe(2);
    expect(await work(named)).toMatchObject({ last_refresh_result: "stored", due_reason: "age" });
    expect(await work(gone)).toMatchObject({
      last_refresh_result: "missing",
      due_reason: "lost",
      due_at: null,
    });
    expect(await cursor()).toBe(today);
    expect(await desk.lastRun()).toMatchObject({ status: "partial", movies_ingested: 1, movies_failed: 1 });

    // Once more on the same day: today's part of the feed alone, and nothing is refreshed twice.
    sandbox.control.clearRequests();
    await desk.refresh();
    await desk.drain();
    expect(desk.calls()).toMatchObject({ films: 0, feed: 2 });
    expect((await desk.lastRun()).movies_checked).toBe(0);
  });

  it("reads the series' own feed from its own cursor: a changed one is refreshed, and says what changed", async () => {
    const season = await addWork(db, {
      mediaType: "tv",
      tmdbId: 1396,
      releaseDate: OLD,
      refreshedDaysAgo: 3,
    });
    const still = await addWork(db, { mediaType: "tv", tmdbId: 1399, releaseDate: OLD, refreshedDaysAgo: 3 });
    // Films have their own numbers: the same one changed is another title.
    await addWork(db, { tmdbId: 1396, releaseDate: OLD, refreshedDaysAgo: 3 });
    await sql`update works set total_seasons = 5, total_episodes = 62 where work_id = ${season}::bigint`.execute(
      db,
    );
    await setCursor(addDays(today, -30), "daily_refresh_tv");
    await setCursor(today);
    sandbox.control.editSeries({
      id: 1396,
      fields: { number_of_seasons: 6, number_of_episodes: 70 },
      changedOn: addDays(today, -1),
    });
    await desk.refresh();
    await desk.drain();
    expect(desk.calls()).toMatchObject({ films: 0, series: 1 });
    expect([await cursor(), await cursor("daily_refresh_tv")]).toEqual([today, today]);
    expect(await work(season)).toMatchObject({ total_episodes: 70, due_reason: "age" });
    expect((await work(still)).changed_at).toBeNull();
    const { changes } = await db.selectFrom("work_changes").select("changes").executeTakeFirstOrThrow();
    expect(changes).toMatchObject({
      total_seasons: { before: 5, after: 6 },
      total_episodes: { before: 62, after: 70 },
    });
    // What TMDB does not give out any more of this feed hides nothing: both were refreshed after it.
    expect(await gaps()).toMatchObject([{ gap_to: addDays(today, -15), closed_at: expect.any(Date) }]);
  });

  it("is not moved by a change from before the last refresh", async () => {
    const workId = await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 3 });
    await setCursor(addDays(today, -10));
    changed(603, addDays(today, -8));
    changed(603, addDays(today, -9));
    // Read with the days after it in one window, it may have changed on any of them.
    await desk.refresh();
    await desk.drain();
    expect((await work(workId)).changed_at).toEqual(new Date(today));
    // Read by itself, it has not changed since.
    await db.deleteFrom("sync_state").execute();
    await setCursor(today);
    await desk.refresh();
    await desk.drain();
    expect(desk.calls().films).toBe(1);
  });

  it("records a gap of more than 14 days and catches up on it, oldest first, within the budget", async () => {
    await setCursor(addDays(today, -40));
    const ids = [603, 550, 680];
    for (const [index, tmdbId] of ids.entries())
      await addWork(db, { tmdbId, releaseDate: OLD, refreshedDaysAgo: 20 + index });
    await desk.refresh({ limit: 2 });
    await desk.drain();
    expect(await gaps()).toEqual([
      { gap_from: addDays(today, -40), gap_to: addDays(today, -15), closed_at: null },
    ]);
    const planned = await db
      .selectFrom("ingestion_members")
      .select(["tmdb_id", "source"])
      .orderBy("position")
      .execute();
    expect(planned).toEqual([
      { tmdb_id: 680, source: "feed_gap" },
      { tmdb_id: 550, source: "feed_gap" },
    ]);
    expect(await cursor()).toBe(today);
    await desk.refresh();
    await desk.drain();
    await desk.refresh();
    await desk.drain();
    expect(await gaps()).toMatchObject([{ closed_at: expect.any(Date) }]);
    expect(desk.calls().films).toBe(3);
  });

  it("keeps the cursor where it was when a page of the feed cannot be read, and plans all the same", async () => {
    await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 31 });
    await setCursor(addDays(today, -5));
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/movie/changes", query: { page: "3" } },
      fault: { kind: "garbage" },
    });
    await desk.refresh();
    await desk.drain("all");
    expect(await cursor()).toBe(addDays(today, -5));
    const run = await desk.lastRun();
    expect(run).toMatchObject({ status: "partial", movies_ingested: 1 });
    expect(run.errors).toMatchObject([{ code: "BAD_ANSWER" }]);
    sandbox.control.clearFaults();
    await desk.refresh();
    await desk.drain("all");
    expect(await cursor()).toBe(today);
  });

  it("reads a window that has more pages than TMDB gives out in halves", async () => {
    await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 13 });
    await setCursor(addDays(today, -5));
    changed(603, addDays(today, -2));
    const tooMany = {
      page: 1,
      results: [{ id: 603, adult: false }],
      total_pages: 590,
      total_results: 59_000,
    };
    sandbox.control.addFault({
      service: "tmdb",
      match: { query: { start_date: addDays(today, -5), end_date: addDays(today, -1) } },
      fault: { kind: "status", status: 200, body: tooMany },
    });
    await desk.refresh();
    await desk.drain("all");
    expect(await cursor()).toBe(today);
    const windows = sandbox.control
      .requests("tmdb")
      .filter((request) => request.path === "/movie/changes" && request.query.page === "1")
      .map(({ query }) => [query.start_date, query.end_date]);
    expect(windows).toEqual([
      [addDays(today, -5), addDays(today, -1)],
      [addDays(today, -5), addDays(today, -4)],
      [addDays(today, -3), addDays(today, -1)],
      [today, today],
    ]);
    expect(desk.calls().films).toBe(1);
  });

  it("takes films around their release first, then what has changed, then what has been due longest", async () => {
    await addWork(db, { tmdbId: 601, releaseDate: OLD, refreshedDaysAgo: 40 });
    await addWork(db, { tmdbId: 602, releaseDate: OLD, refreshedDaysAgo: 50 });
    await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 2 });
    await addWork(db, { tmdbId: 550, releaseDate: addDays(today, -3), refreshedDaysAgo: 2 });
    changed(603, addDays(today, -1));
    await desk.refresh({ limit: 4 });
    await desk.drain("due", { TMDB_RATE_LIMIT: "10000/1s" });
    const order = await db
      .selectFrom("ingestion_members")
      .select(["tmdb_id", "source"])
      .orderBy("position")
      .execute();
    expect(order.map((member) => [member.tmdb_id, member.source])).toEqual([
      [550, "new"],
      [603, "changed"],
      [602, "due"],
      [601, "due"],
    ]);
  });

  it("plans no more than the day's share of TMDB's limit allows, whatever was planned before", async () => {
    // Of the 864,000,000 calls that 10,000 a second allow in a day, these are 5.
    await db
      .insertInto("refresh_rules")
      .values({ rules: JSON.stringify({ ...SEED_RULES, dailyShare: 0.0000006 }), created_by: "test" })
      .execute();
    for (const tmdbId of [603, 680, 550, 601, 602, 605])
      await addWork(db, { tmdbId, releaseDate: OLD, refreshedDaysAgo: 40 });
    await setCursor(today);
    for (let turn = 0; turn < 2; turn += 1) {
      await desk.refresh();
      await desk.drain();
    }
    // A feed may take a quarter of what is left: today's one begins with a page, says that it has two, and is left for later.
    expect((await desk.runs()).map((run) => [run.status, run.pages_read, run.movies_checked])).toEqual([
      ["completed", 1, 4],
      ["completed", 0, 0],
    ]);
    expect((await desk.lastRun()).parameters).toMatchObject({ feeds: { movie: { stoppedAt: today } } });
  });

  it("waits longer after each failure, and then asks again by itself", async () => {
    const workId = await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 31 });
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "^/movie/603$" },
      fault: { kind: "garbage" },
    });
    for (const failures of [1, 2]) {
      await desk.refresh();
      await desk.drain("all");
      const { due_at, refresh_attempted_at, ...found } = await work(workId);
      expect(found).toMatchObject({
        refresh_failures: failures,
        due_reason: "failed",
        last_refresh_result: "failed",
      });
      expect(due_at!.getTime() - refresh_attempted_at!.getTime()).toBe(failures * 3_600_000);
      // That time passes.
      await sql`update works set due_at = clock_timestamp()`.execute(db);
    }
    sandbox.control.clearFaults();
    await desk.refresh();
    await desk.drain("all");
    expect(await work(workId)).toMatchObject({ refresh_failures: 0, due_reason: "age", title: "The Matrix" });
    expect((await desk.runs()).map((run) => run.status)).toEqual(["failed", "failed", "completed"]);
    // The last one that failed is put right from its page too, although the work is not due.
    const run = (await desk.runs())[1]!;
    expect(await db.transaction().execute((trx) => retryFailedMembers(trx, run.id))).toBe(1);
    await desk.drain("all");
    expect((await desk.runs()).map((one) => one.status)).toEqual(["failed", "completed", "completed"]);
  });

  it("ends saying so when TMDB is off", async () => {
    await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 31 });
    await desk.refresh();
    await desk.drain("due", { TMDB_API_KEY: "" });
    expect(await desk.lastRun()).toMatchObject({ status: "failed", error_code: "UPSTREAM_OFF" });
    expect(sandbox.control.requests()).toEqual([]);
  });

  it("leaves a work that was refreshed meanwhile to the one who did", async () => {
    const workId = await addWork(db, { tmdbId: 603, releaseDate: OLD, refreshedDaysAgo: 31 });
    await desk.refresh();
    await desk.drain("due", { TMDB_API_KEY: "" });
    expect(desk.calls().films).toBe(0);
    await sql`select graphile_worker.add_job('refresh_work', json_build_object('workId', ${workId}::bigint, 'force', true))`.execute(
      db,
    );
    await desk.drain();
    await sql`select graphile_worker.add_job('refresh_work', json_build_object('workId', ${workId}::bigint))`.execute(
      db,
    );
    await desk.drain();
    expect(desk.calls().films).toBe(1);
  });
});

describe("T-04 due dates of works that stand already", () => {
  it("are computed in batches, and anew when the rules change", async () => {
    for (let index = 0; index < 5; index += 1)
      await addWork(db, { tmdbId: 700 + index, releaseDate: OLD, refreshedDaysAgo: 1 });
    expect(await recomputeDueDates(db)).toBe(true);
    expect((await desk.works()).map((one) => one.due_at)).toEqual(
      Array(5).fill(new Date(addDays(today, 29))),
    );
    await db
      .insertInto("refresh_rules")
      .values({ rules: JSON.stringify({ ...SEED_RULES, olderEvery: 60 }), created_by: "test" })
      .execute();
    expect(await recomputeDueDates(db)).toBe(true);
    expect((await desk.works()).map((one) => one.due_at)).toEqual(
      Array(5).fill(new Date(addDays(today, 59))),
    );
  });
});
