import { readFile } from "node:fs/promises";
import { parseCrontab } from "graphile-worker";
import { sql } from "kysely";
import { describe, expect, it, vi } from "vitest";
import { logger } from "#app/logger.server.ts";
import { isTaskName } from "#app/queue/catalog.ts";
import { readCrontab } from "#app/queue/crontab.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import { loadTasks } from "#app/queue/load-tasks.server.ts";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { laneSlots, startWorker } from "#app/queue/worker.server.ts";
import {
  listWorkers,
  registerWorker,
  sweepOrphanedJobs,
  sweepSilentWorkers,
} from "#app/queue/workers.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const { db, url } = await testDatabase();
const importJobId = "00000000-0000-4000-8000-000000000002";

async function lockedJobs(): Promise<number> {
  const { rows } = await sql<{ locked: number }>`
    select count(*)::int as locked from graphile_worker.jobs where locked_at is not null`.execute(db);
  return rows[0]!.locked;
}

describe("a worker", () => {
  it("decision 6: stops clean while jobs run: nothing stays locked, nothing is lost", async () => {
    const started: number[] = [];
    const chunk = defineTask("process_import_rows", async ({ fromRow }, run) => {
      started.push(fromRow);
      await new Promise((resolve) => {
        run.signal.addEventListener("abort", resolve, { once: true });
        setTimeout(resolve, 150);
      });
      return { fromRow };
    });
    await enqueueMany(
      db,
      "process_import_rows",
      Array.from({ length: 30 }, (_, n) => ({ importJobId, fromRow: n + 1, toRow: n + 1 })),
    );
    const config = testConfig({ DATABASE_URL: url, WORKER_CONCURRENCY: "8" });
    const worker = await startWorker({ databaseUrl: url, config, logger, version: "test", tasks: [chunk] });
    await vi.waitFor(() => expect(started.length).toBeGreaterThan(3), 10_000);
    await worker.stop();
    expect(await lockedJobs()).toBe(0);
    const { rows } = await sql<{
      left: number;
    }>`select count(*)::int as left from graphile_worker.jobs`.execute(db);
    const done = await db.selectFrom("job_runs").select("id").where("outcome", "=", "completed").execute();
    expect(done.length + rows[0]!.left).toBe(30);
    expect((await listWorkers(db)).find((row) => row.id === worker.id)?.state).toBe("stopped");
    // J-06: nobody has opened a page, and a line that misses its next tick is overdue all the same.
    const known = await db.selectFrom("schedules").select("id").execute();
    expect(known.map(({ id }) => id).toSorted()).toEqual(
      (await readCrontab()).map(({ id }) => id).toSorted(),
    );
  });

  it("J-07 lends import chunks half of its slots at most", () => {
    for (const concurrency of [2, 3, 8, 15]) {
      const bulk = laneSlots(concurrency).filter((lane) => lane.lanes.includes("bulk"));
      const slots = bulk.reduce((sum, lane) => sum + lane.slots, 0);
      expect(slots).toBeLessThanOrEqual(concurrency / 2);
      expect(slots).toBeGreaterThan(0);
    }
  });

  it("J-07 that falls silent is declared dead once, and its jobs are free again with a record of the lost attempt", async () => {
    await sql`delete from graphile_worker._private_jobs`.execute(db);
    await enqueueMany(db, "process_import_rows", [{ importJobId, fromRow: 1, toRow: 5 }]);
    await registerWorker(db, { id: "silent", version: "test", concurrency: 8 });
    await db
      .updateTable("workers")
      .set({ pool_ids: ["pool-gone"], heartbeat_at: sql`now() - interval '31 s'` })
      .where("id", "=", "silent")
      .execute();
    await sql`update graphile_worker._private_jobs set locked_by = 'pool-gone', locked_at = now(), attempts = 1`.execute(
      db,
    );
    const sweeps = await Promise.all([sweepSilentWorkers(db), sweepSilentWorkers(db)]);
    expect(sweeps.flat()).toEqual([{ id: "silent", releasedJobs: 1 }]);
    expect(await lockedJobs()).toBe(0);
    const lost = await db
      .selectFrom("job_runs")
      .select(["outcome", "import_job_id", "error_code"])
      .where("outcome", "=", "lost")
      .execute();
    expect(lost).toEqual([{ outcome: "lost", import_job_id: importJobId, error_code: "WORKER_LOST" }]);
    expect(await sweepSilentWorkers(db)).toEqual([]);
  });

  it("J-07 that nobody has heard of keeps no job; a living one keeps its own, also with a payload that others made up", async () => {
    await sql`delete from graphile_worker._private_jobs`.execute(db);
    await db.deleteFrom("job_runs").execute();
    const made = JSON.stringify({ importJobId: "-".repeat(36) });
    await sql`select graphile_worker.add_job('process_import', ${made}::json, job_key := k) from unnest(array['a', 'b', 'c']) as k`.execute(
      db,
    );
    const lock = (key: string, poolId: string, ago: string) =>
      sql`update graphile_worker._private_jobs set locked_by = ${poolId}, locked_at = now() - ${ago}::interval where key = ${key}`.execute(
        db,
      );
    await registerWorker(db, { id: "living", version: "test", concurrency: 8 });
    await db
      .updateTable("workers")
      .set({ pool_ids: ["pool-living"] })
      .where("id", "=", "living")
      .execute();
    await lock("a", "pool-living", "2 hours");
    await lock("b", "pool-unknown", "2 minutes");
    await lock("c", "pool-just-started", "5 seconds");
    const freed = await Promise.all([sweepOrphanedJobs(db), sweepOrphanedJobs(db)]);
    expect(freed.reduce((sum, each) => sum + each, 0)).toBe(1);
    const { rows } = await sql<{ key: string }>`
      select key from graphile_worker.jobs where locked_at is null`.execute(db);
    expect(rows).toEqual([{ key: "b" }]);
    const lost = await db.selectFrom("job_runs").select(["outcome", "import_job_id"]).execute();
    expect(lost).toEqual([{ outcome: "lost", import_job_id: null }]);
  });
});

describe("tasks", () => {
  it("J-06 the folder, the catalog and the crontab name the same tasks; every line has its own id and makes up for downtime", async () => {
    expect((await loadTasks()).map((task) => task.name)).toSatisfy((names: string[]) =>
      names.every(isTaskName),
    );
    const text = await readFile("crontab", "utf8");
    const items = parseCrontab(text);
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) expect(isTaskName(item.task)).toBe(true);
    expect(new Set(items.map((item) => item.identifier)).size).toBe(items.length);
    for (const line of text.split("\n").filter((each) => each && !each.startsWith("#"))) {
      expect(line).toMatch(/\?.*\bid=\w+/);
      expect(line).toMatch(/fill=/);
    }
  });

  it("T-06 history past its time is pruned, the rest stays", async () => {
    const call = (age: string) => ({
      at: sql<Date>`now() - ${age}::interval`,
      service: "tmdb",
      endpoint: "/x",
      duration_ms: 1,
    });
    await db
      .insertInto("upstream_calls")
      .values([call("91 days"), call("89 days")])
      .execute();
    expect(await pruneHistory(db)).toMatchObject({ upstream_calls: 1 });
    expect(await db.selectFrom("upstream_calls").select("id").execute()).toHaveLength(1);
  });
});
