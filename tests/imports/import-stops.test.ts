import { afterEach, describe, expect, it } from "vitest";
import { RetryLater } from "#app/errors.ts";
import { fanOut } from "#app/imports/lifecycle.server.ts";
import { processRows } from "#app/imports/process.server.ts";
import { logger } from "#app/logger.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";
import { testConfig } from "#tests/setup/drain.ts";

const desk = await importDesk();
const { db, sandbox } = desk;

afterEach(() => sandbox.control.clearFaults());

describe("a worker that is to stop", () => {
  it("breaks a look-up off, gives its rows back and burns neither their tries nor the job's", async () => {
    sandbox.control.addFault({
      service: "tmdb",
      match: { path: "/search" },
      fault: { kind: "hang" },
    });
    const jobId = await desk.takeIn(watched("2024-01-01,Alien,1979,u", "2024-01-01,Aliens,1986,u"));
    await db.transaction().execute((trx) => fanOut(trx, jobId, 100));
    const stop = new AbortController();
    const context = {
      db,
      config: testConfig(desk.env),
      logger,
      workerId: "stopping",
      signal: stop.signal,
    };
    const run = processRows(context, { jobId, fromRow: 1, toRow: 2 });
    await expect.poll(() => sandbox.control.requests("tmdb").length).toBe(2);
    stop.abort();
    await expect(run).rejects.toBeInstanceOf(RetryLater);
    const { rows } = await desk.read(jobId);
    expect(rows.map((row) => [row.status, row.attemptCount])).toEqual([
      ["pending", 0],
      ["pending", 0],
    ]);
    sandbox.control.clearFaults();
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "completed", successRows: 2 });
  });
});

describe("one bad row never stops a file", () => {
  it("a title that brings a bug out fails alone, after its tries", async () => {
    // The database refuses to remember one title, as it would an answer that its shape did not foresee.
    await desk.pool.query(
      `alter table title_matches add constraint no_jaws check (title_key not like 'jaws%')`,
    );
    const job = await desk.run(
      watched("2024-02-01,Jaws,1975,u", "2024-02-02,Jaws,1975,u", "2024-02-01,The Matrix,1999,u"),
    );
    await desk.pool.query("alter table title_matches drop constraint no_jaws");
    expect(job.rows.map((row) => [row.status, row.errorCode])).toEqual([
      ["failed", "UNEXPECTED"],
      ["failed", "UNEXPECTED"],
      ["success", null],
    ]);
    expect(job.status).toBe("partial");
  });
});
