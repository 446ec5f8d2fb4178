import { afterAll, beforeEach, describe, expect, it } from "vitest";
import {
  cancelBackfill,
  createBackfill,
  findBackfill,
  listBackfillRows,
  retryBackfill,
} from "#app/discovery/backfill/backfills.server.ts";
import { countChosen, countLacking } from "#app/discovery/backfill/choose-works.server.ts";
import { costOf } from "#app/discovery/backfill/cost.ts";
import { backfillRequest } from "#app/discovery/backfill/fields.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { db, pool, url } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0 });
afterAll(() => sandbox.close());

const env: Record<string, string> = {
  TMDB_API_KEY: sandbox.keys.tmdb,
  TMDB_BASE_URL: sandbox.tmdbUrl,
  TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
  TMDB_RATE_LIMIT: "10000/1s",
  RETRY_BASE_MS: "1",
};
const remote = { CATALOGUE_URL: sandbox.catalogueUrl, CATALOGUE_API_KEY: sandbox.keys.catalogue };

beforeEach(async () => {
  await pool.query("truncate works, backfills cascade");
  await pool.query("truncate upstream_cache, upstream_circuits, title_matches, job_runs");
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
  sandbox.control.clearCatalogue();
});

async function add(title: string, fields: Record<string, unknown> = {}): Promise<string> {
  const row = await db
    .insertInto("works")
    .values({ media_type: "movie", title, title_key: `${title}|movie`, ...fields })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  return row.work_id;
}

async function create(request: unknown, catalogue: string | null = null): Promise<string> {
  const asked = backfillRequest.parse(request);
  return db.transaction().execute((trx) => createBackfill(trx, asked, { catalogue, requestedBy: "test" }));
}

async function run(request: unknown, more: Record<string, string> = {}) {
  const id = await create(request, more.CATALOGUE_URL ?? null);
  await drainQueue(url, { env: { ...env, ...more }, until: "all" });
  return read(id);
}

const read = async (id: string) => ({
  ...(await findBackfill(db, id)),
  rows: await listBackfillRows(db, id, {}),
});

describe("T-13 backfill of the built-in catalogue", () => {
  it("fills what works lack, says per work what, and leaves the others alone", async () => {
    const known = await add("The Matrix", { tmdb_id: 603 });
    const unnamed = await add("Heat", { year: 1995 });
    const nobody = await add("Zzyzx Qwertyuiop", { year: 1931 });
    const whole = await add("Alien", { tmdb_id: 348, imdb_id: "tt0078748" });

    const ended = await run({ filter: { lacks: ["imdb_id"] }, fields: ["poster", "imdb_id", "tmdb_id"] });

    expect(ended).toMatchObject({
      status: "completed",
      totalRows: 3,
      successRows: 2,
      skippedRows: 1,
      failedRows: 0,
    });
    const byWork = new Map(ended.rows.map((row) => [row.workId, row]));
    expect(byWork.get(known)).toMatchObject({
      status: "success",
      lacks: ["poster", "imdb_id"],
      filled: { imdb_id: "tt0133093", poster: expect.stringContaining("/w342/") },
    });
    expect(byWork.get(unnamed)).toMatchObject({ status: "success", filled: { tmdb_id: 949 } });
    expect(byWork.get(nobody)).toMatchObject({
      status: "skipped",
      errorCode: "NO_TITLE_FOUND",
      filled: null,
    });
    expect(byWork.has(whole)).toBe(false);
  });

  it("counts what lacks before anything is asked of anybody", async () => {
    await add("The Matrix", { tmdb_id: 603 });
    await add("Alien", { tmdb_id: 348, imdb_id: "tt0078748", year: 1979 });
    expect(await countLacking(db)).toMatchObject({
      works: 2,
      lacking: { imdb_id: 1, year: 1, poster: 2, tmdb_id: 0 },
    });
    await add("Inception");
    // One call for the film that TMDB's id is known of, three at most for the other; OMDb for what has no rating.
    const chosen = await countChosen(db, { lacks: ["year"], limit: 10 }, ["year", "poster"]);
    expect(chosen).toEqual({ works: 2, unidentified: 1, unrated: 2 });
    const rate = { requests: 2, perMs: 4_000 };
    expect(costOf(chosen, ["year"], rate)).toEqual({ tmdbCalls: 4, omdbCalls: 0, seconds: 8 });
    expect(costOf(chosen, ["year", "rating"], rate)).toMatchObject({ tmdbCalls: 4, omdbCalls: 2 });
    expect(sandbox.control.requests()).toHaveLength(0);
  });

  it("names the work that is the title already, instead of making two of one", async () => {
    await add("The Matrix", { tmdb_id: 603, imdb_id: "tt0133093" });
    const twin = await add("Matrix", { year: 1999 });
    const ended = await run({ filter: { lacks: ["tmdb_id"] } });
    expect(ended.rows).toMatchObject([{ workId: twin, status: "failed", errorCode: "ANOTHER_WORK_HAS_IT" }]);
    expect(ended.status).toBe("failed");
  });

  it("fails the rows of an upstream that does not answer, and fills them on retry", async () => {
    await add("The Matrix", { tmdb_id: 603 });
    await add("Alien", { tmdb_id: 348 });
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/movie/603" },
      fault: { kind: "status", status: 500 },
    });
    const ended = await run({ fields: ["overview"] });
    expect(ended).toMatchObject({ status: "partial", successRows: 1, failedRows: 1 });
    expect(ended.rows.find((row) => row.status === "failed")?.errorCode).toBe("TMDB_NO_ANSWER");

    sandbox.control.clearFaults();
    expect(await db.transaction().execute((trx) => retryBackfill(trx, ended.id))).toBe(1);
    await drainQueue(url, { env, until: "all" });
    expect(await read(ended.id)).toMatchObject({ status: "completed", successRows: 2, failedRows: 0 });
    await expect(db.transaction().execute((trx) => retryBackfill(trx, ended.id))).rejects.toMatchObject({
      code: "NOTHING_TO_RETRY",
    });
  });

  it("goes on with the rows that a killed worker held, once each", async () => {
    for (let number = 1; number <= 5; number += 1)
      await add("The Matrix", { title_key: `copy ${number}`, year: 1900 + number });
    await add("Alien", { tmdb_id: 348 });
    const id = await create({ fields: ["overview"] });
    await drainQueue(url, {
      env,
      until: "due",
      tasks: [(await import("../../tasks/backfill_metadata.ts")).default],
    });
    // What a worker that was killed with a row in hand leaves behind.
    await pool.query(`update backfill_rows set status = 'processing', claim_token = gen_random_uuid(), attempt_count = 1,
      lease_until = now() - interval '1 second' where row_number = 1`);
    await drainQueue(url, { env, until: "all" });
    const ended = await read(id);
    expect(ended.successRows + ended.skippedRows + ended.failedRows).toBe(ended.totalRows);
    expect(ended.rows.every((row) => !["pending", "processing"].includes(row.status))).toBe(true);
    expect(ended.rows[0]).toMatchObject({ title: "Alien", status: "success" });
  });

  it("stops between two rows when it is cancelled, and can be taken up again", async () => {
    await add("The Matrix", { tmdb_id: 603 });
    const id = await create({ fields: ["overview"] });
    await drainQueue(url, {
      env,
      until: "due",
      tasks: [(await import("../../tasks/backfill_metadata.ts")).default],
    });
    await db.transaction().execute((trx) => cancelBackfill(trx, id));
    await drainQueue(url, { env, until: "all" });
    expect(await read(id)).toMatchObject({
      status: "cancelled",
      successRows: 0,
      rows: [{ status: "pending" }],
    });
    await db.transaction().execute((trx) => retryBackfill(trx, id));
    await drainQueue(url, { env, until: "all" });
    expect(await read(id)).toMatchObject({ status: "completed", successRows: 1 });
  });

  it("takes jobs that other people's SQL adds, once even when the job is run twice", async () => {
    await add("The Matrix", { tmdb_id: 603 });
    await pool.query(
      `select graphile_worker.add_job('backfill_metadata', '{"filter": {"lacks": ["overview"]}, "fields": ["overview"]}')`,
    );
    await drainQueue(url, { env, until: "all" });
    const made = await db.selectFrom("backfills").selectAll().execute();
    expect(made).toMatchObject([{ status: "completed", success_rows: 1, requested_by: "queue" }]);

    await pool.query(
      `select graphile_worker.add_job('backfill_metadata', '{"filter": {"lacks": ["colour"]}}')`,
    );
    await drainQueue(url, { env, until: "all" });
    const failed = await db.selectFrom("job_runs").selectAll().where("outcome", "=", "failed").execute();
    expect(failed).toMatchObject([{ error_code: "BAD_PAYLOAD", attempt: 1 }]);
  });
});

describe("T-13 backfill of a remote catalogue", () => {
  it("patches records with what they lack and nothing else", async () => {
    const headers = { apikey: sandbox.keys.catalogue, "content-type": "application/json" };
    const post = (body: object) =>
      fetch(`${sandbox.catalogueUrl}/movies`, { method: "POST", headers, body: JSON.stringify(body) });
    await post({
      title: "The Matrix",
      year: 1999,
      viewingDate: "2020-01-01",
      genre: "My own genre",
      tmdbId: 603,
    });
    await post({ title: "Heat", year: 1995, viewingDate: "2020-01-02" });
    sandbox.control.clearRequests();

    const ended = await run(
      { filter: { lacks: ["poster"] }, fields: ["poster", "genre", "imdb_id"] },
      remote,
    );

    expect(ended).toMatchObject({ status: "completed", successRows: 2, catalogue: sandbox.catalogueUrl });
    const [matrix, heat] = sandbox.control.catalogue().movies;
    expect(matrix).toMatchObject({ genre: "My own genre", imdbId: "tt0133093", viewingDate: "2020-01-01" });
    expect(matrix?.posterUrl).toContain("/w500/");
    expect(heat?.genre).not.toBe("");
    const patches = sandbox.control.requests("catalogue").filter((request) => request.method === "PATCH");
    expect(patches).toHaveLength(2);
  });

  it("sends a change again under its key when the answer was lost", async () => {
    const headers = { apikey: sandbox.keys.catalogue, "content-type": "application/json" };
    await fetch(`${sandbox.catalogueUrl}/movies`, {
      method: "POST",
      headers,
      body: JSON.stringify({ title: "Heat", year: 1995, viewingDate: "2020-01-02" }),
    });
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "PATCH" },
      times: 1,
      fault: { kind: "lostAnswer" },
    });
    const ended = await run({ fields: ["poster"] }, remote);
    expect(ended).toMatchObject({ status: "completed", successRows: 1 });
    const keys = sandbox.control
      .requests("catalogue")
      .filter((request) => request.method === "PATCH")
      .map((request) => request.idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("does not touch another catalogue than the one it was made for", async () => {
    const id = await create({ fields: ["poster"] }, "http://127.0.0.1:9/elsewhere");
    await drainQueue(url, { env: { ...env, ...remote }, until: "all" });
    expect(await read(id)).toMatchObject({
      status: "failed",
      errorMessage: expect.stringContaining("elsewhere"),
    });
  });
});
