import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { excludeTitles, includeTitle, listExcluded } from "#app/discovery/excluded/excluded-titles.server.ts";
import { findRun, listMembers, listRuns, runsPerDay } from "#app/discovery/runs/list-runs.server.ts";
import { sweepRuns } from "#app/discovery/runs/sweep-runs.server.ts";
import { addWork, discoveryDesk, untrueLines } from "#tests/discovery/discovery-desk.ts";
import { testDatabase } from "#tests/setup/database.ts";

const desk = await discoveryDesk(await testDatabase());
const { db } = desk;

const refused = {
  kind: "status",
  status: 401,
  body: { status_code: 7, status_message: "Invalid API key" },
} as const;
/** A minute goes by in which nothing moves. */
const aMinuteLater = () =>
  sql`update scheduled_ingestion_log set updated_at = clock_timestamp() - interval '61 seconds'`.execute(db);
const discard = (task: string) =>
  sql`select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs where task_identifier = ${task}`.execute(
    db,
  );

describe("T-07 runs that nobody will end any more", () => {
  it("fail films whose jobs were discarded, and leave those that wait", async () => {
    desk.sandbox.control.addFault({ service: "tmdb", match: { path: "^/movie/\\d+$" }, fault: refused });
    await desk.discover({ source: "popular", maxMovies: 4 });
    await desk.drain();
    await aMinuteLater();
    await sweepRuns(db);
    expect(await desk.lastRun()).toMatchObject({ movies_failed: 0, movies_not_attempted: 4 });
    await discard("ingest_movie");
    await sweepRuns(db);
    const run = await desk.lastRun();
    expect(run).toMatchObject({ status: "failed", movies_failed: 4, movies_not_attempted: 0 });
    expect(run.failed_titles[0]).toMatch(/Its job was discarded/);
    expect(await untrueLines(db)).toEqual([]);
  });

  it("end when their own job was discarded before it had planned", async () => {
    desk.sandbox.control.addFault({
      service: "tmdb",
      times: 1,
      fault: { kind: "status", status: 429, headers: { "retry-after": "5" } },
    });
    await desk.discover({ source: "popular" });
    await desk.drain();
    expect(await desk.lastRun()).toMatchObject({ status: "running" });
    await discard("discover_movies");
    await sweepRuns(db);
    expect(await desk.lastRun()).toMatchObject({ status: "running" });
    await aMinuteLater();
    await sweepRuns(db);
    expect(await desk.lastRun()).toMatchObject({ status: "failed", error_code: "JOB_GONE" });
  });
});

describe("T-07 the history of runs", () => {
  it("is listed newest first, by kind and status, in pages", async () => {
    await desk.discover({ source: "popular", maxMovies: 1, maxPages: 1 });
    await desk.drain();
    for (let turn = 0; turn < 2; turn += 1) {
      await desk.refresh();
      await desk.drain();
    }
    const first = await listRuns(db, {}, { limit: 2 });
    const second = await listRuns(db, {}, { limit: 2, before: first.next ?? "" });
    expect([...first.runs, ...second.runs].map((run) => run.kind)).toEqual([
      "refresh",
      "refresh",
      "discovery",
    ]);
    expect(second.next).toBeNull();
    expect((await listRuns(db, { kind: "discovery", status: "failed" }, { limit: 5 })).runs).toEqual([]);
    const run = await findRun(db, second.runs[0]!.id);
    expect(run).toMatchObject({
      ingested: 1,
      checked: 20,
      skipped: 19,
      notAttempted: 0,
      triggerType: "manual",
    });
    await expect(findRun(db, "0")).rejects.toMatchObject({ code: "RUN_NOT_FOUND", status: 404 });
    await expect(findRun(db, "x")).rejects.toMatchObject({ status: 404 });
    expect(await runsPerDay(db, "discovery", 30)).toMatchObject([
      { runs: 1, ingested: 1, skipped: 19, failed: 0 },
    ]);
  });

  it("shows a run's members in pages, by what came of them", async () => {
    await desk.discover({ source: "popular", maxMovies: 5, maxPages: 1 });
    await desk.drain();
    const { id } = await desk.lastRun();
    const first = await listMembers(db, id, { status: "skipped" }, { limit: 10 });
    const second = await listMembers(db, id, { status: "skipped" }, { limit: 10, after: first.next ?? 0 });
    expect([first.members.length, second.members.length, second.next]).toEqual([10, 5, null]);
    const { members } = await listMembers(db, id, { status: "ingested" }, { limit: 10 });
    expect(members.every((member) => member.workId !== null)).toBe(true);
  });
});

describe("T-02 titles that nobody wants", () => {
  it("can be excluded, listed in pages and let in again", async () => {
    const title = (tmdbId: number) => ({
      mediaType: "movie" as const,
      tmdbId,
      title: `Film ${tmdbId}`,
      year: null,
    });
    await excludeTitles(db, [1, 2, 3].map(title), { by: "test", reason: "Not ours" });
    await excludeTitles(db, [title(3)], { by: "again", reason: null });
    const first = await listExcluded(db, { limit: 2 });
    const second = await listExcluded(db, { limit: 2, cursor: first.next ?? "" });
    expect([...first.titles, ...second.titles].map((one) => one.tmdbId).toSorted()).toEqual([1, 2, 3]);
    expect([second.titles.length, second.next]).toEqual([1, null]);
    expect(await includeTitle(db, { mediaType: "movie", tmdbId: 2 })).toBe(true);
    expect(await includeTitle(db, { mediaType: "movie", tmdbId: 2 })).toBe(false);
  });

  it("stay in the catalogue when they are there", async () => {
    await addWork(db, { tmdbId: 603, refreshedDaysAgo: 0 });
    await excludeTitles(db, [{ mediaType: "movie", tmdbId: 603, title: "The Matrix", year: 1999 }], {
      by: "test",
      reason: null,
    });
    expect(await desk.works()).toHaveLength(1);
  });
});
