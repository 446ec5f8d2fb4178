import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { retryRows } from "#app/imports/lifecycle.server.ts";
import { pause, resume } from "#app/queue/pauses.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { episodesOf, takeInEpisodes } from "#tests/imports/episode-rows.ts";
import { importDesk, type TakeInOptions, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db, sandbox } = desk;

const remote = {
  catalogue: sandbox.catalogueUrl,
  env: {
    CATALOGUE_URL: sandbox.catalogueUrl,
    CATALOGUE_API_KEY: sandbox.keys.catalogue,
    IMPORT_CHUNK_ROWS: "5",
  },
};

afterEach(async () => {
  sandbox.control.clearFaults();
  sandbox.control.clearCatalogue();
  sandbox.control.clearRequests();
  sandbox.control.configure({
    idempotency: true,
    rejectDuplicates: false,
    envelope: false,
    errorsAs2xx: true,
  });
  await closeCircuit(db, "catalogue");
  await sql`truncate remote_writes, remote_records`.execute(db);
});

const shows = () => sandbox.control.catalogue().shows;
const posts = () =>
  sandbox.control.requests("catalogue").filter(({ method, path }) => method === "POST" && path === "/shows");
const twoSeasons = () => episodesOf("Breaking Bad", [1, 2], 10);

async function run(episodes = twoSeasons(), options: TakeInOptions = {}) {
  const jobId = await takeInEpisodes(desk, episodes, { ...remote, ...options });
  await desk.drain(remote.env);
  return desk.read(jobId);
}

const fault = (kind: "lostAnswer" | "reset", times = 1) =>
  sandbox.control.addFault({ service: "catalogue", match: { method: "POST" }, times, fault: { kind } });

describe("I-10 a remote catalogue gets a series once per season", () => {
  it("20 episodes of 2 seasons are 2 records, and every row has its season's", async () => {
    const job = await run();
    expect(job).toMatchObject({ status: "completed", successRows: 20 });
    expect(posts()).toHaveLength(2);
    expect(new Set(posts().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    const bySeason = new Map(shows().map((show) => [show.seasons[0]?.seasonNumber, show]));
    expect(bySeason.get(1)).toMatchObject({
      title: "Breaking Bad",
      tmdbId: 1396,
      // The first day in the file, though its newest row comes first.
      startedDate: "2025-01-01",
      status: "watching",
      genre: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\w/),
    });
    expect(bySeason.get(2)).toMatchObject({ startedDate: "2025-02-01" });
    for (const row of job.rows)
      expect(row.targetRecordId).toBe(String(bySeason.get(row.normalized?.season)?.id));
  });

  it("two workers on all chunks at once write each season once", async () => {
    sandbox.control.configure({ latencyMs: 20 });
    const jobId = await takeInEpisodes(desk, episodesOf("Breaking Bad", [1, 2, 3, 4], 9), remote);
    await Promise.all([desk.drain(remote.env), desk.drain(remote.env)]);
    sandbox.control.configure({ latencyMs: 0 });
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 36 });
    expect(posts()).toHaveLength(4);
  });

  it("two imports of the same series at once write each season once", async () => {
    const first = await takeInEpisodes(desk, twoSeasons(), remote);
    const second = await takeInEpisodes(desk, episodesOf("Breaking Bad", [2, 3], 8), remote);
    await Promise.all([desk.drain(remote.env), desk.drain(remote.env)]);
    for (const jobId of [first, second])
      expect(await desk.read(jobId)).toMatchObject({ status: "completed", failedRows: 0 });
    expect(
      shows()
        .map((show) => show.seasons[0]?.seasonNumber)
        .sort(),
    ).toEqual([1, 2, 3]);
    expect(posts()).toHaveLength(3);
  });

  it.each([
    ["bare lists", false],
    ["pages", true],
  ])("an import of the same file again writes nothing (%s)", async (_form, envelope) => {
    sandbox.control.configure({ envelope });
    const first = await run();
    const again = await run();
    expect(again).toMatchObject({ status: "completed", skippedRows: 20 });
    expect(again.rows.every((row) => row.errorCode === "DUPLICATE_IN_CATALOGUE")).toBe(true);
    expect(again.rows.map((row) => row.targetRecordId)).toEqual(first.rows.map((row) => row.targetRecordId));
    const wanted = await run(twoSeasons(), { skipDuplicates: false });
    expect(wanted).toMatchObject({ status: "completed", successRows: 20 });
    expect(posts()).toHaveLength(2);
  });

  it("a dry run foretells it", async () => {
    expect(await run(twoSeasons(), { dryRun: true })).toMatchObject({ successRows: 20, skippedRows: 0 });
    expect(posts()).toHaveLength(0);
    await run();
    expect(await run(twoSeasons(), { dryRun: true })).toMatchObject({ successRows: 0, skippedRows: 20 });
    expect(await run(episodesOf("Breaking Bad", [2, 3], 2), { dryRun: true })).toMatchObject({
      successRows: 2,
      skippedRows: 2,
    });
  });

  it.each([true, false])(
    "answers lost after the write lead to one record each (idempotency at the remote: %s)",
    async (idempotency) => {
      sandbox.control.configure({ idempotency });
      fault("lostAnswer", 2);
      expect(await run()).toMatchObject({ status: "completed", successRows: 20 });
      expect(shows()).toHaveLength(2);
    },
  );

  it("connections cut before the write lead to one record each", async () => {
    fault("reset", 3);
    expect(await run()).toMatchObject({ status: "completed", successRows: 20 });
    expect(shows()).toHaveLength(2);
  });

  it("what a dead worker began is looked for, and sent again with its own key and words", async () => {
    await run(episodesOf("Breaking Bad", [1], 1));
    // As it is when a worker dies behind its call: nobody here knows whether the remote has the record.
    const forget = () =>
      sql`update remote_writes set record_id = null, started_at = clock_timestamp() - interval '2 minutes'`.execute(
        db,
      );
    await forget();
    expect(await run(episodesOf("Breaking Bad", [1], 3))).toMatchObject({ successRows: 3 });
    expect(posts()).toHaveLength(1);
    await forget();
    sandbox.control.clearCatalogue();
    const later = { show: "Breaking Bad", season: 1, title: "Later", day: "2025-08-08" };
    expect(await run([later])).toMatchObject({ status: "completed", successRows: 1 });
    expect(posts()).toHaveLength(2);
    expect(posts()[1]?.idempotencyKey).toBe(posts()[0]?.idempotencyKey);
    expect(shows()).toMatchObject([{ startedDate: "2025-01-01" }]);
  });

  it("a row waits while another worker is at its season", async () => {
    await run(episodesOf("Breaking Bad", [1], 1));
    await sql`update remote_writes set record_id = null, started_at = clock_timestamp()`.execute(db);
    await sql`truncate remote_records`.execute(db);
    sandbox.control.clearCatalogue();
    const jobId = await takeInEpisodes(desk, episodesOf("Breaking Bad", [1], 3), remote);
    await desk.drainDue(remote.env);
    expect(await desk.read(jobId)).toMatchObject({ status: "processing", processedRows: 0 });
    expect((await desk.read(jobId)).rows.every((row) => row.attemptCount === 0)).toBe(true);
    await sql`update remote_writes set record_id = '4711', import_job_id = ${jobId}::uuid`.execute(db);
    await desk.drain(remote.env);
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 3 });
    expect(posts()).toHaveLength(1);
  });

  it("a season deleted over there is written again", async () => {
    await run();
    sandbox.control.clearCatalogue();
    expect(await run()).toMatchObject({ status: "completed", successRows: 20 });
    expect(shows()).toHaveLength(2);
    expect(new Set(posts().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(4);
  });

  it("seasons that the remote had before us are duplicates, the others are written", async () => {
    await run(episodesOf("Breaking Bad", [1], 1));
    await sql`truncate remote_writes, remote_records`.execute(db);
    const job = await run();
    expect(job).toMatchObject({ status: "completed", successRows: 10, skippedRows: 10 });
    expect(shows()).toHaveLength(2);
  });

  it("a remote that says it has the season is believed, also where its list does not show it", async () => {
    sandbox.control.configure({ rejectDuplicates: true });
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "POST" },
      fault: { kind: "status", status: 200, body: { error: "Show already exists" } },
    });
    const job = await run(episodesOf("Breaking Bad", [1], 4));
    expect(job).toMatchObject({ status: "completed", skippedRows: 4 });
    expect(posts()).toHaveLength(1);
  });

  it("a refusal fails the season's rows with the remote's words, asks once per chunk, and a retry mends it", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "POST" },
      fault: { kind: "status", status: 200, body: { error: "Failed to create show" } },
    });
    const job = await run(episodesOf("Breaking Bad", [1], 5));
    expect(job.status).toBe("failed");
    expect(job.rows.every((row) => row.errorCode === "CATALOGUE_REFUSED")).toBe(true);
    expect(job.rows[0]?.errorMessage).toContain("Failed to create show");
    expect(posts()).toHaveLength(1);
    sandbox.control.clearFaults();
    await db.transaction().execute((trx) => retryRows(trx, job.id, { kind: "failed" }));
    await desk.drain(remote.env);
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 5 });
    expect(shows()).toHaveLength(1);
  });

  it("rows without a season are one record of the series; one nobody knows goes by its name", async () => {
    const job = await run([
      ...episodesOf("Breaking Bad", [null], 2),
      ...episodesOf("The Harbour Nobody Filmed", [1], 2),
    ]);
    expect(job).toMatchObject({ status: "completed", successRows: 4 });
    expect(
      shows()
        .map(({ title, tmdbId }) => [title, tmdbId])
        .sort(),
    ).toEqual([
      ["Breaking Bad", 1396],
      ["The Harbour Nobody Filmed", 0],
    ]);
  });

  it("TMDB failing costs the details, never a row", async () => {
    await sql`truncate title_matches, upstream_cache`.execute(db);
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/tv/" },
      fault: { kind: "status", status: 500 },
    });
    expect(await run(episodesOf("The Wire", [1], 3))).toMatchObject({ status: "completed", successRows: 3 });
    expect(shows()).toMatchObject([{ title: "The Wire", description: "" }]);
  });

  it("reads films and series before it starts, as far as the file may hold them", async () => {
    await run();
    const reads = () =>
      sandbox.control
        .requests("catalogue")
        .filter(({ method }) => method === "GET")
        .map(({ path }) => path);
    expect(reads()).toEqual(["/shows"]);
    sandbox.control.clearRequests();
    await desk.run(watched("2025-01-01,Alien,1979,u"), remote);
    expect(reads()).toEqual(["/movies", "/shows"]);
  });

  it("J-05 holds an import to a remote catalogue that is paused by hand, and fails no row for it", async () => {
    const target = { kind: "upstream", service: "catalogue" } as const;
    const jobId = await takeInEpisodes(desk, twoSeasons(), remote);
    const change = { target, reason: "it moves house", by: "ann@example.com" };
    const { id: pauseId } = await db.transaction().execute((trx) => pause(trx, change));
    await desk.drainDue(remote.env);
    expect(sandbox.control.requests("catalogue")).toEqual([]);
    expect(await desk.read(jobId)).toMatchObject({ status: "queued", failedRows: 0, processedRows: 0 });
    await db.transaction().execute((trx) => resume(trx, { pauseId, by: "bob@example.com" }));
    await desk.drain(remote.env);
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 20 });
  });
});
