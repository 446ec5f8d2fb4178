import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { consoleVersion } from "#app/queue/console/console-version.server.ts";
import { circuitsVersion } from "#app/upstreams/circuits-version.server.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, pool } = await testDatabase();

const RUN = `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
  values (1, 'prune_history', '{}', 1, 10, now(), now(), now(), now(), 'completed')`;
const WORKER = `insert into workers (id, host, pid, version, concurrency) values ('w1', 'h', 1, '1', 8)`;

describe("J-01 version of the console", () => {
  // In one transaction: what passes by itself, the quarter of a minute, then stands still.
  const versionsAround = async (before: string[], change: string) => {
    const trx = await db.startTransaction().execute();
    const version = () =>
      trx
        .selectNoFrom([consoleVersion().as("queue"), circuitsVersion().as("circuits")])
        .executeTakeFirstOrThrow();
    try {
      for (const statement of before) await sql.raw(statement).execute(trx);
      const first = await version();
      await sql.raw(change).execute(trx);
      return [first, await version()];
    } finally {
      await trx.rollback().execute();
    }
  };

  it.each<[string, string, string[]]>([
    ["a run ended", RUN, []],
    ["a job was added", "select graphile_worker.add_job('prune_history', '{}')", []],
    ["a worker came", WORKER, []],
    ["a worker took a job", "update workers set running_jobs = 1", [WORKER]],
    ["a worker signed off", "update workers set stopped_at = now()", [WORKER]],
    ["a worker was declared dead", "update workers set declared_dead_at = now()", [WORKER]],
    ["something was paused", "insert into queue_pauses (flag, reason, paused_by) values ('f', 'r', 'p')", []],
    [
      "something was resumed",
      "update queue_pauses set resumed_at = now()",
      ["insert into queue_pauses (flag, reason, paused_by) values ('g', 'r', 'p')"],
    ],
    ["a circuit opened", "insert into upstream_circuits (service, state) values ('tmdb', 'open')", []],
    [
      "a bulk action went on",
      "update bulk_actions set looked_at = 100, updated_at = clock_timestamp()",
      [
        `insert into bulk_actions (action, filter, asked, newest_job_id, requested_by) values ('retry', '{}', 1, 1, 'anna')`,
      ],
    ],
  ])("is another one when %s", async (_, change, before) => {
    const [first, then] = await versionsAround(before, change);
    expect(then).not.toEqual(first);
  });

  it("stays when a worker merely beats", async () => {
    const [first, then] = await versionsAround(
      [WORKER],
      "update workers set heartbeat_at = clock_timestamp()",
    );
    expect(then).toEqual(first);
  });

  it("scans neither the queue nor the runs, however long they are", async () => {
    await pool.query(
      `insert into graphile_worker._private_tasks (identifier) values ('prune_history') on conflict do nothing`,
    );
    await pool.query(
      `insert into graphile_worker._private_jobs (task_id) select (select min(id) from graphile_worker._private_tasks)
       from generate_series(1, 20000)`,
    );
    await pool.query(
      `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
       select n, 'prune_history', '{}', 1, 10, now(), now(), now(), now(), 'completed' from generate_series(1, 20000) as n`,
    );
    await pool.query("vacuum analyze graphile_worker._private_jobs, job_runs");
    const query = db.selectNoFrom([consoleVersion().as("version")]).compile();
    const { rows } = await pool.query(`explain (analyze, buffers, format json) ${query.sql}`, [
      ...query.parameters,
    ]);
    const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
    expect(JSON.stringify(plan)).not.toMatch(/"Seq Scan"[^}]*"Relation Name":"(_private_jobs|job_runs)"/);
    expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(50);
  });
});
