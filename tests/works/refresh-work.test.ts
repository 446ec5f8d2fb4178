import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readChangedWorks } from "#app/works/changed-works.server.ts";
import { refreshSource } from "#app/works/refresh-source.ts";
import { refreshWork } from "#app/works/refresh-work.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const { db, pool } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0 });
afterAll(() => sandbox.close());

const environment = {
  TMDB_API_KEY: sandbox.keys.tmdb,
  TMDB_BASE_URL: sandbox.tmdbUrl,
  TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
  TMDB_RATE_LIMIT: "1000/1s",
  OMDB_API_KEY: sandbox.keys.omdb,
  OMDB_BASE_URL: sandbox.omdbUrl,
};
const config = testConfig(environment);
const kept = { db, config };
const fresh = { db, config, fresh: true };
const calls = (service: "tmdb" | "omdb") => sandbox.control.requests(service).length;

interface Given {
  media_type: "movie" | "tv";
  tmdb_id?: number;
  imdb_id?: string;
  title: string;
}

async function add(given: Given): Promise<string> {
  const work = { ...given, title_key: `${given.title}|${given.media_type}` };
  return (await db.insertInto("works").values(work).returning("work_id").executeTakeFirstOrThrow()).work_id;
}

const read = (workId: string) =>
  db.selectFrom("works").selectAll().where("work_id", "=", workId).executeTakeFirstOrThrow();

beforeEach(async () => {
  await pool.query("truncate works cascade");
  await pool.query("truncate upstream_cache, upstream_circuits, title_matches");
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

describe("T-04 the refresh of one work", () => {
  it("stores a film's details; from what is kept, or past it when forced", async () => {
    const workId = await add({ media_type: "movie", tmdb_id: 603, title: "Matrix, The" });
    expect(await refreshWork(kept, workId)).toEqual({ source: "tmdb", note: null, lost: null });
    expect(await read(workId)).toMatchObject({ title: "The Matrix", ingestion_status: "complete" });
    expect(calls("tmdb")).toBe(1);
    await refreshWork(kept, workId);
    expect(calls("tmdb")).toBe(1);
    await refreshWork(fresh, workId);
    expect(calls("tmdb")).toBe(2);
  });

  it("gives a series its totals and seasons, also one that stood under its own name", async () => {
    const workId = await add({ media_type: "tv", title: "Breaking Bad" });
    expect(await refreshWork(fresh, workId)).toEqual({ source: "tmdb", note: null, lost: null });
    expect(await read(workId)).toMatchObject({ tmdb_id: 1396, total_episodes: 62 });
  });

  it("asks OMDb about a film that only OMDb knows", async () => {
    const workId = await add({ media_type: "movie", imdb_id: "tt0133093", title: "Matrix" });
    expect(await refreshWork(fresh, workId)).toEqual({ source: "omdb", note: null, lost: null });
    expect([calls("tmdb"), calls("omdb")]).toEqual([0, 1]);
    expect(await read(workId)).toMatchObject({ title: "The Matrix", tmdb_id: null });
  });

  it("keeps what was known of a film that TMDB took away, and says so", async () => {
    const workId = await add({ media_type: "movie", tmdb_id: 999_999_999, title: "Gone" });
    const refreshed = await refreshWork(fresh, workId);
    expect(refreshed).toEqual({
      source: null,
      note: "TMDB does not have this film any more. What was known of it is kept.",
      lost: { kind: "deleted" },
    });
    expect(await read(workId)).toMatchObject({
      title: "Gone",
      ingestion_error: refreshed?.note,
      last_refresh_result: "missing",
      due_at: null,
      due_reason: "lost",
    });
    const waiting = await db.selectFrom("lost_titles").select(["work_id", "tmdb_id", "kind"]).execute();
    expect(waiting).toEqual([{ work_id: workId, tmdb_id: 999_999_999, kind: "deleted" }]);
  });

  it("fails, for its job to try again, when TMDB is away: nothing old is taken for news", async () => {
    const workId = await add({ media_type: "movie", tmdb_id: 603, title: "Matrix, The" });
    await refreshWork(kept, workId);
    const { last_refreshed_at } = await read(workId);
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "status", status: 503 } });
    await expect(refreshWork(fresh, workId)).rejects.toMatchObject({ code: "HTTP_5XX" });
    expect((await read(workId)).last_refreshed_at).toEqual(last_refreshed_at);
  });

  it("has nothing to do for a work that is gone", async () => {
    expect(await refreshWork(fresh, "999")).toBeUndefined();
  });

  it.each([
    ["a film with a TMDB id", { mediaType: "movie", tmdbId: 1, imdbId: "tt0000001" }, "tmdb"],
    ["a film with an IMDb id alone", { mediaType: "movie", tmdbId: null, imdbId: "tt0000001" }, "omdb"],
    ["a film without any id", { mediaType: "movie", tmdbId: null, imdbId: null }, null],
    ["a series without any id", { mediaType: "tv", tmdbId: null, imdbId: null }, "tmdb"],
  ] as const)("%s is asked about where it is known", (_name, work, service) => {
    expect(refreshSource(work, config).service).toBe(service);
    expect(refreshSource(work, testConfig()).reason).toMatch(/^(TMDB is off|OMDb is off|Neither)/);
  });

  it("is a change that an open page hears of", async () => {
    const workId = await add({ media_type: "movie", tmdb_id: 603, title: "Matrix, The" });
    const [before] = await readChangedWorks(db, [workId]);
    await refreshWork(fresh, workId);
    const [after] = await readChangedWorks(db, [workId]);
    expect(after).toMatchObject({ topic: `work:${workId}` });
    expect(after?.version).not.toBe(before?.version);
    expect(await readChangedWorks(db, [])).toEqual([]);
  });
});
