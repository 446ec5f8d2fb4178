import { describe, expect, it } from "vitest";
import { previewDiscovery } from "#app/discovery/discover/discover.server.ts";
import { retryFailedMembers } from "#app/discovery/runs/retry-failed.server.ts";
import { addWork, discoveryDesk, untrueLines } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";

const database = await testDatabase();
const desk = await discoveryDesk(database);
const { db, sandbox } = desk;

describe("T-02 a discovery run", () => {
  it("finds 50 new films with 15 list calls at most, and one call each", async () => {
    await desk.discover({ source: "all", maxMovies: 50 });
    await desk.drain();
    const calls = desk.calls();
    expect(calls.lists).toBeLessThanOrEqual(15);
    expect(calls.films).toBe(50);
    const run = await desk.lastRun();
    expect(run).toMatchObject({
      kind: "discovery",
      source: "mixed",
      status: "completed",
      trigger_type: "manual",
      movies_ingested: 50,
      movies_failed: 0,
      movies_not_attempted: 0,
      pages_read: calls.lists,
      error_message: null,
    });
    expect(run.ingested_titles).toHaveLength(50);
    expect(run.ingested_titles[0]).toMatch(/ \(\d{4}\)$/);
    expect(await desk.works()).toHaveLength(50);
    expect(await untrueLines(db)).toEqual([]);
  });

  it("skips what is known and what is excluded, and says so", async () => {
    const { films } = await previewDiscovery(
      { db, config: desk.config },
      { source: "popular", maxMovies: 3 },
    );
    const [known, excluded] = films;
    await addWork(db, { tmdbId: known!.tmdbId, refreshedDaysAgo: 0 });
    await db
      .insertInto("excluded_titles")
      .values({ media_type: "movie", tmdb_id: excluded!.tmdbId, title: excluded!.title, excluded_by: "test" })
      .execute();
    await desk.discover({ source: "popular", maxMovies: 3, maxPages: 1 });
    await desk.drain();
    const skipped = await db
      .selectFrom("ingestion_members")
      .select(["tmdb_id", "reason"])
      .where("status", "=", "skipped")
      .orderBy("position")
      .limit(2)
      .execute();
    expect(skipped).toEqual([
      { tmdb_id: known!.tmdbId, reason: "known" },
      { tmdb_id: excluded!.tmdbId, reason: "excluded" },
    ]);
    expect(await desk.lastRun()).toMatchObject({
      status: "completed",
      movies_checked: 20,
      movies_ingested: 3,
    });
  });

  it("previews without storing anything, and takes what was previewed", async () => {
    const preview = await previewDiscovery({ db, config: desk.config }, { source: "all", maxMovies: 30 });
    expect(await desk.runs()).toEqual([]);
    expect(await desk.works()).toEqual([]);
    await desk.discover({ source: "all", maxMovies: 30 });
    await desk.drain();
    const taken = preview.films.filter((film) => film.skip === null).map((film) => film.tmdbId);
    expect((await desk.works()).map((work) => work.tmdb_id).toSorted()).toEqual(taken.toSorted());
  });

  it.each([4, -4])("takes each film once while the lists drift by %i places a page", async (listDrift) => {
    sandbox.control.configure({ listDrift, oddListItems: true });
    await desk.discover({ source: "all", maxMovies: 300, maxPages: 2 });
    await desk.drain();
    const run = await desk.lastRun();
    expect(run).toMatchObject({ status: "completed", pages_read: 6 });
    expect(desk.calls()).toMatchObject({ lists: 6, films: run.movies_ingested });
    expect(await untrueLines(db)).toEqual([]);
  });

  it("never takes a film twice when two runs plan at once", async () => {
    await desk.discover({ source: "all", maxMovies: 40 });
    await desk.discover({ source: "all", maxMovies: 40 });
    await desk.drain();
    const runs = await desk.runs();
    expect(runs.map((run) => run.status)).toEqual(["completed", "completed"]);
    const ingested = runs.reduce((sum, run) => sum + run.movies_ingested, 0);
    expect(await desk.works()).toHaveLength(ingested);
    expect(desk.calls().films).toBe(ingested);
    expect(await untrueLines(db)).toEqual([]);
  });
});

describe("T-02 a discovery run in trouble", () => {
  it("ends saying so when TMDB is off, and its job ends with it", async () => {
    await desk.discover({ source: "all" });
    await desk.drain("due", { TMDB_API_KEY: "" });
    expect(await desk.lastRun()).toMatchObject({
      status: "failed",
      error_code: "UPSTREAM_OFF",
      movies_checked: 0,
    });
    const attempts = await db.selectFrom("job_runs").select("outcome").execute();
    expect(attempts).toEqual([{ outcome: "completed" }]);
  });

  it("ends with the reason when the key is refused, and goes on by itself afterwards", async () => {
    sandbox.control.addFault({ service: "tmdb", times: 1, fault: refused });
    await desk.discover({ source: "all", maxMovies: 10 });
    await desk.drain();
    expect(await desk.lastRun()).toMatchObject({ status: "failed", error_code: "KEY_REFUSED" });
    // Somebody has closed the circuit: the same job comes again.
    await db.deleteFrom("upstream_circuits").execute();
    await desk.drain("all");
    expect(await desk.runs()).toMatchObject([{ status: "completed", movies_ingested: 10, error_code: null }]);
  });

  it("ends as it stands when the key is refused between films, and is completed afterwards", async () => {
    sandbox.control.addFault({ service: "tmdb", match: { path: "^/movie/\\d+$" }, fault: refused });
    await desk.discover({ source: "popular", maxMovies: 10 });
    await desk.drain();
    expect(await desk.lastRun()).toMatchObject({
      status: "failed",
      error_code: "UPSTREAM_PAUSED",
      movies_not_attempted: 10,
      movies_failed: 0,
    });
    expect(await untrueLines(db)).toEqual([]);
    sandbox.control.clearFaults();
    await db.deleteFrom("upstream_circuits").execute();
    await desk.drain("all");
    expect(await desk.lastRun()).toMatchObject({ status: "completed", movies_ingested: 10 });
    expect(await desk.works()).toHaveLength(10);
  });

  it.each(["status", "garbage", "truncate", "html", "reset"] as const)(
    "names pages that cannot be read and takes the others (%s)",
    async (kind) => {
      sandbox.control.addFault({
        service: "tmdb",
        match: { path: "/movie/now_playing" },
        fault: kind === "status" ? { kind, status: 500 } : { kind },
      });
      await desk.discover({ source: "all", maxMovies: 300, maxPages: 2 });
      await desk.drain("all");
      const run = await desk.lastRun();
      expect(run.status).toBe("partial");
      expect(run.movies_ingested).toBeGreaterThan(0);
      expect(run.errors).toHaveLength(2);
      expect(run.errors[0]?.message).toMatch(/^Page 1 of now_playing could not be read: TMDB /);
      expect(run.pages_read).toBe(4);
      expect(await untrueLines(db)).toEqual([]);
    },
  );

  it("asks again for a page that failed, and for none that was read", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      times: 3,
      match: { path: "/trending" },
      fault: { kind: "status", status: 503 },
    });
    await desk.discover({ source: "all", maxMovies: 300, maxPages: 2 });
    await desk.drain("all");
    expect(await desk.lastRun()).toMatchObject({ status: "completed", pages_read: 6, errors: [] });
    expect(desk.calls().lists).toBe(6 + 3);
  });

  it("fails when no page can be read", async () => {
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "garbage" } });
    await desk.discover({ source: "popular" });
    await desk.drain("all");
    expect(await desk.lastRun()).toMatchObject({
      status: "failed",
      error_code: "BAD_ANSWER",
      movies_checked: 0,
    });
  });

  it("says which films could not be fetched, and is put right when they are tried again", async () => {
    const { films } = await previewDiscovery(
      { db, config: desk.config },
      { source: "popular", maxMovies: 5 },
    );
    const [bad, gone] = films;
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: `^/movie/${bad!.tmdbId}$` },
      fault: { kind: "status", status: 500 },
    });
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: `^/movie/${gone!.tmdbId}$` },
      fault: { kind: "status", status: 404, body: { status_code: 34, status_message: "Not found." } },
    });
    await desk.discover({ source: "popular", maxMovies: 5 });
    await desk.drain("all");
    const run = await desk.lastRun();
    expect(run).toMatchObject({ status: "partial", movies_ingested: 3, movies_failed: 2 });
    expect(run.failed_titles).toEqual([
      expect.stringContaining(`${bad!.title} (${bad!.year}): TMDB has an internal fault`),
      expect.stringContaining(`${gone!.title} (${gone!.year}): TMDB has no film`),
    ]);
    // An operator retries what can succeed, twice by mistake: the film that TMDB does not have is left.
    sandbox.control.clearFaults();
    const retry = () => db.transaction().execute((trx) => retryFailedMembers(trx, run.id));
    expect([await retry(), await retry()]).toEqual([1, 1]);
    const { rows } = await database.pool.query<{ key: string }>(
      "select key from graphile_worker.jobs where attempts < max_attempts",
    );
    expect(rows).toEqual([{ key: `ingest_movie:${bad!.tmdbId}` }]);
    await desk.drain("all");
    expect(await desk.lastRun()).toMatchObject({ status: "partial", movies_ingested: 4, movies_failed: 1 });
    await expect(retry()).rejects.toMatchObject({ code: "NOTHING_TO_RETRY" });
    expect(await untrueLines(db)).toEqual([]);
  });

  it("waits out a 429 and loses nothing", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      times: 2,
      match: { path: "^/movie/\\d+$" },
      fault: { kind: "status", status: 429, headers: { "retry-after": "1" } },
    });
    await desk.discover({ source: "popular", maxMovies: 10 });
    await desk.drain("all");
    expect(await desk.lastRun()).toMatchObject({ status: "completed", movies_ingested: 10 });
  });
});

const refused = {
  kind: "status",
  status: 401,
  body: {
    success: false,
    status_code: 7,
    status_message: "Invalid API key: You must be granted a valid key.",
  },
} as const;
