import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { fanOut, retryRows } from "#app/imports/lifecycle.server.ts";
import { claimRows, settleRows } from "#app/imports/rows.server.ts";
import { sweepImports } from "#app/imports/sweep.server.ts";
import { registerWorker } from "#app/queue/workers.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";

const desk = await importDesk();
const { db, sandbox } = desk;
const remote = { CATALOGUE_URL: sandbox.catalogueUrl, CATALOGUE_API_KEY: sandbox.keys.catalogue };

afterEach(async () => {
  sandbox.control.clearFaults();
  await sql`delete from graphile_worker._private_jobs`.execute(db);
  await closeCircuit(db, "catalogue");
});

const retry = (jobId: string) =>
  db.transaction().execute((trx) => retryRows(trx, jobId, { kind: "unfinished" }));
const fan = (jobId: string, chunkRows: number) =>
  db.transaction().execute((trx) => fanOut(trx, jobId, chunkRows));

async function chunksInQueue(jobId: string): Promise<number> {
  const { rows } = await sql`
    select from graphile_worker.jobs where starts_with(key, ${`process_import_rows:${jobId}`})`.execute(db);
  return rows.length;
}

async function ageByMinutes(jobId: string): Promise<void> {
  await sql`update import_jobs set updated_at = clock_timestamp() - interval '5 minutes' where id = ${jobId}`.execute(
    db,
  );
}

describe("an import that cannot go on ends and says why", () => {
  const file = watched("2025-01-01,Alien,1979,u");

  it("its catalogue is off, or is another one than it was", async () => {
    const job = await desk.run(file, { catalogue: sandbox.catalogueUrl });
    expect(job).toMatchObject({ status: "failed", errorCode: "CATALOGUE_CHANGED" });
    await retry(job.id);
    expect(await desk.read(job.id)).toMatchObject({ status: "queued", errorCode: null });
    await desk.drain({ ...remote, CATALOGUE_URL: "http://127.0.0.1:9/other" });
    expect(await desk.read(job.id)).toMatchObject({ status: "failed", errorCode: "CATALOGUE_CHANGED" });
    await retry(job.id);
    await desk.drain(remote);
    expect(await desk.read(job.id)).toMatchObject({ status: "completed", successRows: 1 });
  });

  it("its catalogue refuses the key", async () => {
    sandbox.control.addFault({
      service: "catalogue",
      match: { method: "GET" },
      fault: { kind: "status", status: 401, body: { error: "Invalid API key" } },
    });
    const job = await desk.run(file, { catalogue: sandbox.catalogueUrl, env: remote });
    expect(job).toMatchObject({ status: "failed", errorCode: "CATALOGUE_KEY_REFUSED" });
  });

  it("every attempt at a chunk fails: its rows fail, and are taken up again by a retry", async () => {
    await desk.pool.query("alter table title_aliases rename to elsewhere");
    const job = await desk.run(watched("2025-02-01,Aliens,1986,u", "2025-02-02,Nobody Knows,1986,u"));
    await desk.pool.query("alter table elsewhere rename to title_aliases");
    expect(job).toMatchObject({ status: "failed", failedRows: 2 });
    expect(job.rows.map((row) => row.errorCode)).toEqual(["UNEXPECTED", "UNEXPECTED"]);
    const runs = await db
      .selectFrom("job_runs")
      .select(["attempt", "outcome"])
      .where("import_job_id", "=", job.id)
      .where("task", "=", "process_import_rows")
      .orderBy("id")
      .execute();
    expect(runs.map((run) => run.outcome)).toEqual([...Array(9).fill("retrying"), "failed"]);
    await db.transaction().execute((trx) => retryRows(trx, job.id, { kind: "failed" }));
    await desk.drain();
    expect(await desk.read(job.id)).toMatchObject({ status: "partial", successRows: 1, failedRows: 1 });
  });
});

describe("an import that stands still", () => {
  it("is sent round when its queue job is held by a worker that nobody has heard of, not while a living one holds it", async () => {
    const jobId = await desk.takeIn(watched("2025-03-01,Jaws,1975,u"));
    const lock = (poolId: string) =>
      sql`update graphile_worker._private_jobs set locked_by = ${poolId}, locked_at = now() - interval '5 minutes', attempts = 1`.execute(
        db,
      );
    await ageByMinutes(jobId);
    await sweepImports(db);
    await registerWorker(db, { id: "alive", version: "test", concurrency: 1 });
    await db
      .updateTable("workers")
      .set({ pool_ids: ["pool-alive"] })
      .execute();
    const jobs = async () => (await sql`select from graphile_worker.jobs`.execute(db)).rows.length;
    await lock("pool-alive");
    await sweepImports(db);
    expect(await jobs()).toBe(1);
    await lock("pool-unknown");
    await sweepImports(db);
    expect(await jobs()).toBe(2);
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "completed" });
  });
});

describe("going on with an import that runs", () => {
  it("adds chunks only for rows that no waiting chunk will take", async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `2021-04-01,Nobody Knows ${index},1995,u`);
    const jobId = await desk.takeIn(watched(...lines));
    expect(await fan(jobId, 10)).toBe(10);
    for (const row of [1, 2, 3]) {
      const range = { jobId, fromRow: row, toRow: row };
      await db.transaction().execute(async (trx) => {
        const claim = await claimRows(trx, range, "w", crypto.randomUUID(), 1);
        await settleRows(trx, claim, [{ rowNumber: row, status: "failed", errorCode: "TRIED" }]);
      });
      expect(await fan(jobId, 10)).toBe(0);
    }
    expect(await chunksInQueue(jobId)).toBe(10);
    // The first chunk runs, and may have passed row 1: that one needs a chunk of its own.
    await sql`update graphile_worker._private_jobs set locked_by = 'w', locked_at = now() where key like '%:1-10'`.execute(
      db,
    );
    await db.transaction().execute((trx) => retryRows(trx, jobId, { kind: "row", rowNumber: 1 }));
    expect(await fan(jobId, 10)).toBe(1);
    await desk.drain();
    expect(await desk.read(jobId)).toMatchObject({ status: "failed", failedRows: 100 });
  });
});
