import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { claimIngest } from "#app/works/ingest-claim.server.ts";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { drainQueue, testConfig } from "#tests/setup/drain.ts";
import { filmDesk } from "#tests/works/film-desk.ts";

const desk = await filmDesk();
const { db, ctx, sandbox, calls } = desk;

const MATRIX = 603;

const onlyWork = async () => {
  const works = await desk.works();
  expect(works).toHaveLength(1);
  return works[0]!;
};

describe("T-03 the ingest of one film", () => {
  it("stores a new film in one call, and every answer is in the call log", async () => {
    const ingested = await ingestMovie(ctx, MATRIX);
    const work = await onlyWork();
    expect(ingested).toEqual({ outcome: "stored", workId: work.work_id, isNew: true, changes: [] });
    expect(work).toMatchObject({
      tmdb_id: MATRIX,
      imdb_id: "tt0133093",
      title: "The Matrix",
      ingestion_status: "complete",
      ingestion_error: null,
      request_count: 1,
    });
    expect(await desk.meta(work.work_id)).toMatchObject({ schema_version: SCHEMA_VERSION });
    expect(calls()).toEqual([`/movie/${MATRIX}`]);
    await flushCallLog(db);
    const logged = await db.selectFrom("upstream_calls").select(["endpoint", "cached"]).execute();
    expect(logged).toEqual([{ endpoint: "/movie/{id}", cached: false }]);
    expect(await db.selectFrom("ingest_claims").selectAll().execute()).toEqual([]);
  });

  it("asks nothing for what is kept, and really asks for a refresh", async () => {
    await ingestMovie(ctx, MATRIX);
    await ingestMovie(ctx, MATRIX);
    expect(calls()).toHaveLength(1);
    await ingestMovie(ctx, MATRIX, { fresh: true });
    await ingestMovie({ ...ctx, fresh: true }, MATRIX);
    expect(calls()).toHaveLength(3);
    expect(await onlyWork()).toMatchObject({ request_count: 4 });
  });

  it("completes a film known by its IMDb id alone, or by its title from a search, instead of doubling it", async () => {
    const byImdbId = {
      media_type: "movie",
      imdb_id: "tt0133093",
      title: "Matrix",
      title_key: "matrix",
    } as const;
    await db.insertInto("works").values(byImdbId).execute();
    const byTmdbId = { media_type: "movie", tmdb_id: 550, title: "Fight club", title_key: "fight" } as const;
    await db.insertInto("works").values(byTmdbId).execute();
    const before = await desk.works();
    const first = await ingestMovie(ctx, MATRIX);
    const second = await ingestMovie(ctx, 550);
    expect(first).toMatchObject({ outcome: "stored", isNew: false, workId: before[0]!.work_id });
    expect(second).toMatchObject({ outcome: "stored", isNew: false, workId: before[1]!.work_id });
    expect(await desk.works()).toMatchObject([
      { tmdb_id: MATRIX, title: "The Matrix", ingestion_status: "complete" },
      { tmdb_id: 550, title: "Fight Club", ingestion_status: "complete" },
    ]);
  });

  it("makes one of a film that stood twice, with everything that hung on either", async () => {
    const [twin, known] = await db
      .insertInto("works")
      .values([
        { media_type: "movie", imdb_id: "tt0133093", title: "Matrix", title_key: "matrix" },
        { media_type: "movie", tmdb_id: MATRIX, title: "The Matrix", title_key: "matrix" },
      ])
      .returning("work_id")
      .execute();
    await db
      .insertInto("viewings")
      .values([
        { work_id: twin!.work_id, viewed_on: "2020-01-01" },
        { work_id: known!.work_id, viewed_on: "2021-01-01" },
      ])
      .execute();
    const said = { source_name: "IMDb", scale_type: "0-10", value_raw: "8.7", value_0_100: 87 };
    await db
      .insertInto("rating_sources")
      .values({ ...said, work_id: twin!.work_id })
      .execute();
    await ingestMovie(ctx, MATRIX);
    expect(await onlyWork()).toMatchObject({
      work_id: known!.work_id,
      imdb_id: "tt0133093",
      tmdb_id: MATRIX,
    });
    const ratings = await db
      .selectFrom("rating_sources")
      .select("source_name")
      .orderBy("source_name")
      .execute();
    expect(ratings.map((rating) => rating.source_name)).toEqual(["IMDb", "TMDB"]);
    const viewings = await db.selectFrom("viewings").select("viewed_on").orderBy("viewed_on").execute();
    expect(viewings.map((one) => one.viewed_on)).toEqual(["2020-01-01", "2021-01-01"]);
  });

  it("says of a film that TMDB does not have that it is missing, and makes no work of it", async () => {
    expect(await ingestMovie(ctx, 999_999_999)).toEqual({ outcome: "missing", workId: null });
    expect(await desk.works()).toEqual([]);
  });

  it("keeps what was known of a film that TMDB deleted, and says so", async () => {
    await ingestMovie(ctx, MATRIX);
    const gone = { status_code: 34, status_message: "The resource you requested could not be found." };
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "status", status: 404, body: gone } });
    const { work_id: workId } = await onlyWork();
    expect(await ingestMovie(ctx, MATRIX, { fresh: true })).toEqual({ outcome: "missing", workId });
    expect(await onlyWork()).toMatchObject({
      title: "The Matrix",
      ingestion_status: "failed",
      ingestion_error: "TMDB does not have this film any more. What was known of it is kept.",
    });
    expect(await desk.meta(workId)).toMatchObject({ runtime_minutes: 136 });
  });

  it("stores nothing of another film that TMDB gives under this id", async () => {
    await ingestMovie(ctx, MATRIX);
    desk.answerFilm(MATRIX, { id: 604, title: "The Matrix Reloaded" });
    const { work_id: workId } = await onlyWork();
    expect(await ingestMovie(ctx, MATRIX, { fresh: true })).toEqual({ outcome: "merged", into: 604, workId });
    const work = await onlyWork();
    expect(work).toMatchObject({ title: "The Matrix", ingestion_status: "failed" });
    expect(work.ingestion_error).toContain("(604)");
  });
});

describe("T-03 two ingests of one film", () => {
  const slow = () =>
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/movie/" },
      fault: { kind: "delay", ms: 200 },
    });

  it("never overlap, in whatever processes: one writes, the others are told that it is busy", async () => {
    slow();
    const pools = Array.from({ length: 3 }, () => createDatabase(desk.url, { max: 2 }));
    const outcomes = await Promise.all(
      [db, ...pools.map((pool) => pool.db)].map((each) => ingestMovie({ ...ctx, db: each }, MATRIX)),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    expect(outcomes.map((each) => each.outcome).sort()).toEqual(["busy", "busy", "busy", "stored"]);
    expect(calls()).toHaveLength(1);
    expect(await onlyWork()).toMatchObject({ request_count: 1 });
  });

  it("shows the film as ingesting meanwhile, and holds no lock", async () => {
    await ingestMovie(ctx, MATRIX);
    slow();
    const running = ingestMovie(ctx, MATRIX, { fresh: true });
    await expect.poll(async () => (await onlyWork()).ingestion_status).toBe("ingesting");
    // A lock would keep this waiting; the statement gives up before the ingest ends.
    await db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '50ms'`.execute(trx);
      await trx.updateTable("works").set({ year: 1999 }).execute();
    });
    expect(await running).toMatchObject({ outcome: "stored" });
    expect(await onlyWork()).toMatchObject({ ingestion_status: "complete" });
  });

  it("the next one completes what a killed worker left", async () => {
    await ingestMovie(ctx, MATRIX);
    const dead = await claimIngest(db, MATRIX, 60_000);
    expect(dead).not.toBeNull();
    expect(await ingestMovie(ctx, MATRIX)).toEqual({ outcome: "busy" });
    expect(await onlyWork()).toMatchObject({ ingestion_status: "ingesting" });
    await sql`update ingest_claims set lease_until = clock_timestamp()`.execute(db);
    expect(await ingestMovie(ctx, MATRIX)).toMatchObject({ outcome: "stored" });
    expect(await onlyWork()).toMatchObject({ ingestion_status: "complete" });
  });

  it("one that was thought dead writes nothing when it comes back", async () => {
    slow();
    const late = ingestMovie(ctx, MATRIX);
    await expect.poll(() => calls()).toHaveLength(1);
    await sql`update ingest_claims set lease_until = clock_timestamp()`.execute(db);
    const successor = await claimIngest(db, MATRIX, 60_000);
    expect(await late).toEqual({ outcome: "busy" });
    expect(await desk.works()).toEqual([]);
    const [claim] = await db.selectFrom("ingest_claims").selectAll().execute();
    expect(claim).toMatchObject({ token: successor!.token });
  });

  it("a job postpones itself while somebody else is at its film, and ends it afterwards", async () => {
    await claimIngest(db, MATRIX, 60_000);
    await sql`select graphile_worker.add_job('ingest_movie', '{"tmdbId": 603}')`.execute(db);
    await drainQueue(desk.url, { env: desk.environment });
    const outcomes = () => db.selectFrom("job_runs").select("outcome").orderBy("id").execute();
    expect(await outcomes()).toEqual([{ outcome: "postponed" }]);
    await sql`update ingest_claims set lease_until = clock_timestamp()`.execute(db);
    await drainQueue(desk.url, { env: desk.environment, until: "all" });
    expect(await outcomes()).toEqual([{ outcome: "postponed" }, { outcome: "completed" }]);
    expect(await onlyWork()).toMatchObject({ title: "The Matrix" });
  });
});

describe("T-03 an ingest when TMDB is in trouble", () => {
  const failures = [
    ["500", { kind: "status", status: 500 }, "HTTP_5XX"],
    ["garbage", { kind: "garbage" }, "BAD_ANSWER"],
    ["a page", { kind: "html" }, "BAD_ANSWER"],
    ["half a body", { kind: "truncate" }, "CONNECTION"],
    ["another shape", { kind: "status", status: 200, body: { id: MATRIX } }, "BAD_ANSWER"],
    ["422", { kind: "status", status: 422, body: { status_code: 5 } }, "REFUSED"],
  ] as const;

  it.each(failures)(
    "%s: the film is failed with its reason, keeps what was known, and mends by itself",
    async (_name, fault, code) => {
      await ingestMovie(ctx, MATRIX);
      const { work_id: workId } = await onlyWork();
      const known = await desk.meta(workId);
      const id = sandbox.control.addFault({ service: "tmdb", fault });
      await expect(ingestMovie(ctx, MATRIX, { fresh: true })).rejects.toMatchObject({ code });
      expect(await onlyWork()).toMatchObject({
        ingestion_status: "failed",
        ingestion_error: expect.stringMatching(/^TMDB .*\.$/),
      });
      expect(await desk.meta(workId)).toEqual(known);
      sandbox.control.clearFaults(id);
      expect(await ingestMovie(ctx, MATRIX, { fresh: true })).toMatchObject({
        outcome: "stored",
        changes: [],
      });
      expect(await onlyWork()).toMatchObject({ ingestion_status: "complete", ingestion_error: null });
    },
  );

  it.each([
    ["a limit", { kind: "status", status: 429, headers: { "retry-after": "30" } }, "BudgetWait"],
    ["a refused key", { kind: "status", status: 401 }, "UpstreamPaused"],
  ] as const)("%s is not the film's failure: it stays what it was", async (_name, fault, error) => {
    await ingestMovie(ctx, MATRIX);
    sandbox.control.addFault({ service: "tmdb", fault });
    await expect(ingestMovie(ctx, MATRIX, { fresh: true })).rejects.toMatchObject({ name: error });
    expect(await onlyWork()).toMatchObject({ ingestion_status: "complete", ingestion_error: null });
    expect(await db.selectFrom("ingest_claims").selectAll().execute()).toEqual([]);
  });

  it("a stopping worker gives its film back", async () => {
    await ingestMovie(ctx, MATRIX);
    sandbox.control.addFault({ service: "tmdb", fault: { kind: "hang" } });
    const stop = new AbortController();
    const running = ingestMovie({ ...ctx, signal: stop.signal }, MATRIX, { fresh: true });
    await expect.poll(() => calls()).toHaveLength(2);
    stop.abort(new Error("stopping"));
    await expect(running).rejects.toThrow("stopping");
    expect(await onlyWork()).toMatchObject({ ingestion_status: "complete" });
    expect(await db.selectFrom("ingest_claims").selectAll().execute()).toEqual([]);
  });

  it("without a key a job waits and nothing is claimed", async () => {
    await sql`select graphile_worker.add_job('ingest_movie', '{"tmdbId": 603}')`.execute(db);
    await drainQueue(desk.url, {});
    const run = await db.selectFrom("job_runs").selectAll().orderBy("id", "desc").executeTakeFirstOrThrow();
    expect(run).toMatchObject({
      outcome: "postponed",
      error_message: expect.stringContaining("TMDB_API_KEY"),
    });
    await expect(ingestMovie({ db, config: testConfig() }, MATRIX)).rejects.toMatchObject({
      code: "UPSTREAM_OFF",
    });
    expect(await db.selectFrom("ingest_claims").selectAll().execute()).toEqual([]);
  });

  it("a film that nobody has fails its job for good, and says which", async () => {
    await sql`select graphile_worker.add_job('ingest_movie', '{"tmdbId": "999999999"}')`.execute(db);
    await drainQueue(desk.url, { env: desk.environment });
    const run = await db.selectFrom("job_runs").selectAll().orderBy("id", "desc").executeTakeFirstOrThrow();
    expect(run).toMatchObject({ outcome: "failed", error_code: "FILM_MISSING", attempt: 1 });
  });
});

describe("T-03 half an answer", () => {
  it("wipes nothing out, and leaves the film due for another look", async () => {
    await ingestMovie(ctx, MATRIX);
    const { work_id: workId } = await onlyWork();
    const known = await desk.meta(workId);
    desk.answerFilm(MATRIX, { id: MATRIX, title: "The Matrix", runtime: 137 });
    const again = await ingestMovie(ctx, MATRIX, { fresh: true });
    expect(again).toMatchObject({ changes: [{ field: "runtime_minutes", before: 136, after: 137 }] });
    const { fetched_at: _fetched, updated_at: _updated, ...now } = (await desk.meta(workId))!;
    expect(now).toMatchObject({ overview: known!.overview, crew_members: known!.crew_members });
    expect(now.schema_version).toBeLessThan(SCHEMA_VERSION);
    const similar = await db.selectFrom("similar_movies").select("rank_order").execute();
    expect(similar).toHaveLength(10);
  });
});
