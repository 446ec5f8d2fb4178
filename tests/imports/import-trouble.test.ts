import { afterEach, describe, expect, it } from "vitest";
import { cancelImport, fanOut, retryRows } from "#app/imports/lifecycle.server.ts";
import { pickCandidate } from "#app/imports/review/decide-title.server.ts";
import { claimRows, settleRows, takeBackLostClaims } from "#app/imports/rows.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db, sandbox } = desk;

afterEach(async () => {
  sandbox.control.clearFaults();
  sandbox.control.clearCatalogue();
  await closeCircuit(db, "tmdb");
});

const inTransaction: typeof db.transaction = () => db.transaction();
const retry = (jobId: string) => inTransaction().execute((trx) => retryRows(trx, jobId, { kind: "failed" }));

describe("an upstream in trouble", () => {
  it("I-12 TMDB that does not answer fails the row after some tries; a retry mends it, and is taken once", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/search" },
      fault: { kind: "status", status: 503 },
    });
    const job = await desk.run(watched("2024-01-01,Alien,1979,u", "2024-01-01,Alien,1979,u"));
    expect(job.rows.map((row) => row.errorCode)).toEqual(["TMDB_NO_ANSWER", "DUPLICATE_IN_FILE"]);
    expect(job.status).toBe("partial");
    sandbox.control.clearFaults();
    const presses = await Promise.allSettled([retry(job.id), retry(job.id), retry(job.id)]);
    expect(presses.map((press) => press.status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    await desk.drain();
    expect(await desk.read(job.id)).toMatchObject({
      status: "completed",
      successRows: 1,
      skippedRows: 1,
      failedRows: 0,
    });
  });

  it("I-12 a retry asks anew for what TMDB did not know a moment ago, once, and believes it then", async () => {
    const nothing = { page: 1, results: [], total_pages: 0, total_results: 0 };
    const fault = { kind: "status", status: 200, body: nothing } as const;
    sandbox.control.addFault({ service: "tmdb", match: { path: "/search" }, fault });
    const job = await desk.run(watched("2024-01-01,Rear Window,1954,u", "2024-01-02,Qwertyish,1979,u"));
    expect(job.rows.map((row) => row.errorCode)).toEqual(["NO_MATCH", "NO_MATCH"]);
    sandbox.control.clearFaults();
    const searches = async (act: () => Promise<unknown>) => {
      sandbox.control.clearRequests();
      await act();
      await desk.drain();
      return sandbox.control.requests("tmdb").filter((request) => request.path === "/search/movie").length;
    };
    const again = await searches(() => retry(job.id));
    expect((await desk.read(job.id)).rows.map((row) => row.status)).toEqual(["success", "failed"]);
    expect(again).toBeLessThanOrEqual(4);
    // The same title in another file: what the retry was told is believed.
    const other = await searches(() => desk.takeIn(watched("2024-01-03,Qwertyish,1979,u")));
    expect(other).toBe(0);
  });

  it("one title's garbage answer is that row's alone", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      match: { query: { query: "Aliens" } },
      fault: { kind: "garbage" },
    });
    const job = await desk.run(
      watched("2024-02-01,Aliens,1986,u", "2024-02-01,Jaws,1975,u", "2024-02-01,The Matrix,1999,u"),
    );
    expect(job.rows.map((row) => row.status)).toEqual(["failed", "success", "success"]);
  });

  it("J-05 a refused key pauses TMDB, burns no attempts, and the import ends with the reason", async () => {
    const job = await desk.run(watched("2024-03-01,Zodiac,2007,u", "2024-03-02,Memento,2000,u"), {
      env: { TMDB_API_KEY: "0".repeat(32) },
    });
    expect(job.rows.map((row) => row.errorCode)).toEqual(["TMDB_KEY_REFUSED", "TMDB_KEY_REFUSED"]);
    expect(job.status).toBe("failed");
    await retry(job.id);
    await desk.drain();
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 2 });
  });

  it("I-10 without TMDB, OMDb gives the record", async () => {
    const env = { TMDB_API_KEY: "", OMDB_API_KEY: sandbox.keys.omdb };
    const job = await desk.run(watched("2024-04-01,Whiplash,2014,u"), { env });
    expect(job.rows[0]).toMatchObject({
      status: "success",
      outcome: { match: { strategy: "omdb", imdbId: "tt2582802" } },
    });
    // Later, with TMDB, the same work gets its TMDB id instead of a twin.
    const again = await desk.run(watched("2024-04-02,Whiplash,,u"));
    expect(again.rows[0]?.workId).toBe(job.rows[0]?.workId);
    const works = await db
      .selectFrom("works")
      .select(["tmdb_id", "imdb_id"])
      .where("title", "=", "Whiplash")
      .execute();
    expect(works).toEqual([{ tmdb_id: 244786, imdb_id: "tt2582802" }]);
  });

  it("without any source the rows say what to turn on", async () => {
    const job = await desk.run(watched("2024-05-01,Fargo,1996,u"), { env: { TMDB_API_KEY: "" } });
    expect(job.rows[0]).toMatchObject({
      status: "failed",
      errorCode: "UPSTREAM_OFF",
      errorMessage: expect.stringContaining("TMDB_API_KEY"),
    });
  });
});

describe("I-12 cancel and go on", () => {
  it("stops what has not begun, writes nothing after it, and goes on with the rest later", async () => {
    const jobId = await desk.takeIn(watched("2024-06-01,Seven Samurai,1954,u", "2024-06-02,Rashomon,1950,u"));
    await inTransaction().execute((trx) => fanOut(trx, jobId, 100));
    const claim = await claimRows(db, { jobId, fromRow: 1, toRow: 1 }, "w", crypto.randomUUID(), 1);
    expect(await inTransaction().execute((trx) => cancelImport(trx, jobId))).toEqual({
      successRows: 0,
      openRows: 2,
    });
    expect(await settleRows(db, claim, [{ rowNumber: 1, status: "success" }])).toBe(0);
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "cancelled", successRows: 0 });
    await expect(inTransaction().execute((trx) => cancelImport(trx, jobId))).rejects.toMatchObject({
      code: "ALREADY_FINISHED",
      status: 409,
    });

    await db
      .updateTable("import_rows")
      .set({ lease_until: new Date(0) })
      .where("job_id", "=", jobId)
      .where("status", "=", "processing")
      .execute();
    await takeBackLostClaims(db);
    await inTransaction().execute((trx) => retryRows(trx, jobId, { kind: "unfinished" }));
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 2 });
  });
});

describe("leases", () => {
  it("a worker that was thought dead changes nothing; a row that outlived three workers is put aside, its neighbour is not", async () => {
    const jobId = await desk.takeIn(watched("2024-07-01,Vertigo,1958,u", "2024-07-02,Psycho,1960,u"));
    await inTransaction().execute((trx) => fanOut(trx, jobId, 100));
    for (let death = 1; death <= 3; death++) {
      const claim = await claimRows(db, { jobId, fromRow: 1, toRow: 1 }, "gone", crypto.randomUUID(), 1);
      await db
        .updateTable("import_rows")
        .set({ lease_until: new Date(0) })
        .where("job_id", "=", jobId)
        .where("row_number", "=", 1)
        .execute();
      expect(await takeBackLostClaims(db)).toEqual([jobId]);
      expect(await settleRows(db, claim, [{ rowNumber: 1, status: "success" }])).toBe(0);
    }
    await desk.drain();
    const job = await desk.read(jobId);
    expect(job.rows.map((row) => [row.status, row.errorCode])).toEqual([
      ["failed", "ROW_PUT_ASIDE"],
      ["success", null],
    ]);
    await retry(jobId);
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 2 });
  });

  it("two workers on the same rows settle each row once", async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `2024-08-01,Nobody Knows ${index},2001,u`);
    const jobId = await desk.takeIn(watched(...lines));
    await inTransaction().execute((trx) => fanOut(trx, jobId, 100));
    await inTransaction().execute((trx) => fanOut(trx, jobId, 7));
    await Promise.all([desk.drain(), desk.drain()]);
    const job = await desk.read(jobId);
    expect(job).toMatchObject({ status: "failed", processedRows: 60, failedRows: 60 });
    expect(job.rows.every((row) => row.attemptCount === 1)).toBe(true);
  });
});

describe("one bad row never stops a file", () => {
  it("what the catalogue cannot store fails alone, whatever batch it is in", async () => {
    // The database itself refuses one date, as a constraint of tomorrow might.
    await desk.pool.query(`alter table viewings add constraint no_friday check (viewed_on <> '2024-09-13')`);
    const job = await desk.run(
      watched("2024-09-12,Akira,1988,u", "2024-09-13,Akira,1988,u", "2024-09-14,Akira,1988,u"),
    );
    await desk.pool.query("alter table viewings drop constraint no_friday");
    expect(job.rows.map((row) => [row.status, row.errorCode])).toEqual([
      ["success", null],
      ["failed", "NOT_STORED"],
      ["success", null],
    ]);
  });
});

describe("M-02 doubtful titles", () => {
  it("wait with their candidates; one pick settles all rows of the title and is used ever after", async () => {
    const file = watched("2024-10-01,Solaris,,u", "2024-10-02,Solaris,,u", "2024-10-03,Jaws,1975,u");
    const job = await desk.run(file);
    expect(job).toMatchObject({ status: "partial", reviewRows: 2, successRows: 1 });
    const { match } = job.rows[0]!.outcome as { match: { candidates: { tmdbId: number; year: number }[] } };
    expect(match.candidates.map((candidate) => candidate.year).sort()).toEqual([1972, 2002]);
    const pick = { mediaType: "movie" as const, tmdbId: 593 };
    expect(await inTransaction().execute((trx) => pickCandidate(trx, job.id, 1, pick, "me"))).toBe(2);
    await expect(
      inTransaction().execute((trx) => pickCandidate(trx, job.id, 2, null, "me")),
    ).rejects.toMatchObject({ status: 409 });
    await desk.drain();
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 3, reviewRows: 0 });
    const later = await desk.run(watched("2024-11-01,SOLARIS,,u"));
    expect(later.rows[0]).toMatchObject({
      status: "success",
      outcome: { match: { strategy: "alias", tmdbId: 593 } },
    });
  });

  it("none of these fails the rows with that reason", async () => {
    const job = await desk.run(watched("2024-12-01,Cinderella,,u"));
    expect(job.reviewRows).toBe(1);
    await inTransaction().execute((trx) => pickCandidate(trx, job.id, 1, null, "me"));
    await desk.drain();
    expect((await desk.read(job.id)).rows[0]).toMatchObject({ status: "failed", errorCode: "NO_MATCH" });
  });
});

describe("I-10 a remote catalogue", () => {
  const remote = {
    catalogue: sandbox.catalogueUrl,
    env: { CATALOGUE_URL: sandbox.catalogueUrl, CATALOGUE_API_KEY: sandbox.keys.catalogue },
  };
  const records = () => sandbox.control.catalogue().movies;

  it("gets each viewing once, with our key, and knows what it had before", async () => {
    const file = watched("2025-01-01,Alien,1979,u", "2025-01-02,Alien,1979,u", "2025-01-01,Aliens,1986,u");
    const job = await desk.run(file, remote);
    expect(job).toMatchObject({ status: "completed", successRows: 3 });
    expect(records()).toHaveLength(3);
    expect(records().map((record) => String(record.id))).toContain(job.rows[0]?.targetRecordId);
    const again = await desk.run(file, remote);
    expect(again).toMatchObject({ status: "completed", skippedRows: 3 });
    expect(records()).toHaveLength(3);
  });

  it.each([true, false])(
    "an answer lost after the write leads to one record (idempotency at the remote: %s)",
    async (idempotency) => {
      sandbox.control.configure({ idempotency });
      sandbox.control.addFault({
        service: "catalogue",
        match: { method: "POST" },
        times: 1,
        fault: { kind: "lostAnswer" },
      });
      const job = await desk.run(watched("2025-02-01,Rashomon,1950,u"), remote);
      sandbox.control.configure({ idempotency: true });
      expect(job).toMatchObject({ status: "completed", successRows: 1 });
      expect(records()).toHaveLength(1);
    },
  );

  it("a failure inside a 200 is a failure of its row", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "POST" },
      times: 1,
      fault: { kind: "status", status: 200, body: { error: "Failed to create movie - Movie not found" } },
    });
    const job = await desk.run(watched("2025-03-01,Rashomon,1950,u", "2025-03-02,Rashomon,1950,u"), remote);
    expect(job.rows.map((row) => row.status).sort()).toEqual(["failed", "success"]);
    expect(job.rows.find((row) => row.status === "failed")?.errorCode).toBe("CATALOGUE_REFUSED");
  });

  it("a catalogue that cannot be read fails the import as a whole, and a retry goes on", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "GET" },
      fault: { kind: "status", status: 500 },
    });
    const job = await desk.run(watched("2025-04-01,Rashomon,1950,u"), remote);
    expect(job).toMatchObject({ status: "failed", errorCode: "CATALOGUE_NO_ANSWER" });
    sandbox.control.clearFaults();
    await retry(job.id);
    await desk.drain(remote.env);
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 1 });
  });
});
