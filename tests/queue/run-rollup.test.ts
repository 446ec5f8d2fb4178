import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { countRuns, rollUpRuns, runDurations, runsPerHour } from "#app/queue/run-rollup.server.ts";
import { RUN_SECONDS } from "#app/queue/run-seconds.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, pool } = await testDatabase();

/** No margin: what is committed is rolled up, in steps so small that many are needed. */
const AT_ONCE = { settleMs: 0, binMs: 1, stepRuns: 40, maxSteps: 3 };

beforeEach(async () => {
  await sql`truncate job_runs, job_run_hours, rollups`.execute(db);
});

/** Runs that ended `ago` and lasted so many seconds. */
async function insertRuns(
  count: number,
  run: { ago?: string; task?: string; outcome?: string; seconds?: number } = {},
): Promise<void> {
  await sql`
    insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
    select n, ${run.task ?? "refresh_work"}, '{}', 1, 10, ended, ended, ended - ${run.seconds ?? 0.2}::float8 * interval '1 second',
      ended, ${run.outcome ?? "completed"}
    from generate_series(1, ${count}::int) as n,
      lateral (select clock_timestamp() - ${run.ago ?? "0"}::interval + n * interval '1 millisecond' where n > 0) as at (ended)`.execute(
    db,
  );
}

const total = (counts: Partial<Record<string, number>>) =>
  Object.values(counts).reduce<number>((sum, each) => sum + (each ?? 0), 0);

describe("sums of runs", () => {
  it("and what is not in them yet are every run, by outcome, whether rolled up or not", async () => {
    await insertRuns(120, { ago: "3 hours" });
    await insertRuns(30, { ago: "2 hours", outcome: "failed" });
    await insertRuns(7);
    expect(await countRuns(db)).toEqual({ completed: 127, failed: 30 });
    expect(await rollUpRuns(db)).toBe(150);
    expect(await countRuns(db)).toEqual({ completed: 127, failed: 30 });
    expect(await rollUpRuns(db)).toBe(0);
    await insertRuns(3, { outcome: "retrying" });
    expect(await countRuns(db)).toEqual({ completed: 127, failed: 30, retrying: 3 });
  });

  it("are exact at any moment while workers write and several sweeps roll up", async () => {
    await insertRuns(1_000, { ago: "1 hour" });
    let isWriting = true;
    let written = 0;
    const writers = Array.from({ length: 3 }, async (_, writer) => {
      for (let n = 0; n < 40; n++) {
        const client = await pool.connect();
        try {
          await client.query("begin");
          await client.query(`
            insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
            values (1, 'refresh_work', '{}', 1, 10, now(), now(), now(), clock_timestamp(), 'completed')`);
          // Some are undone, some commit long after they were written.
          if (n % 5 === 0) await client.query("select pg_sleep(0.02)");
          await client.query((n + writer) % 7 === 0 ? "rollback" : "commit");
          if ((n + writer) % 7 !== 0) written++;
        } finally {
          client.release();
        }
      }
    });
    const sweeps = Array.from({ length: 2 }, async () => {
      while (isWriting) await rollUpRuns(db, AT_ONCE);
    });
    const reader = (async () => {
      let reads = 0;
      while (isWriting) {
        // Both ways of counting in one snapshot.
        const { rows } = await db
          .transaction()
          .setIsolationLevel("repeatable read")
          .execute(async (trx) => {
            const counted = await countRuns(trx);
            const all = await sql<{ runs: number }>`select count(*)::int as runs from job_runs`.execute(trx);
            return { rows: [{ counted: total(counted), all: all.rows[0]?.runs }] };
          });
        expect(rows[0]?.counted).toBe(rows[0]?.all);
        reads++;
      }
      return reads;
    })();
    await Promise.all(writers);
    isWriting = false;
    await Promise.all(sweeps);
    expect(await reader).toBeGreaterThan(0);
    while ((await rollUpRuns(db, AT_ONCE)) > 0);
    expect(total(await countRuns(db))).toBe(1_000 + written);
    const { rows } = await sql<{ sums: number }>`select sum(runs)::int as sums from job_run_hours`.execute(
      db,
    );
    expect(rows[0]?.sums).toBe(1_000 + written);
  });

  it("pass over no run whose transaction is still open", async () => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query(`
        insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
        values (1, 'refresh_work', '{}', 1, 10, now(), now(), now(), clock_timestamp(), 'completed')`);
      await insertRuns(5);
      expect(await rollUpRuns(db, AT_ONCE)).toBe(0);
      await client.query("commit");
    } finally {
      client.release();
    }
    await sql`select pg_sleep(0.01)`.execute(db);
    await rollUpRuns(db, AT_ONCE);
    expect(total(await countRuns(db))).toBe(6);
  });

  it("get on though many runs ended at the same moment", async () => {
    await sql`
      insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
      select n, 'refresh_work', '{}', 1, 10, at, at, at, at, 'completed'
      from generate_series(1, 500) as n, (values (now() - interval '1 hour')) as moment (at)`.execute(db);
    expect(await rollUpRuns(db, AT_ONCE)).toBe(500);
  });

  it("put a run into the bucket of the first bound that it did not exceed", async () => {
    for (const seconds of [0, 0.01, 0.011, 1, 1800, 4000]) await insertRuns(1, { seconds, ago: "1 hour" });
    const buckets = async () =>
      (await runDurations(db)).flatMap(({ bucket, runs }) => Array(runs).fill(RUN_SECONDS[bucket] ?? "more"));
    expect(await buckets()).toEqual([0.01, 0.01, 0.025, 1, 1800, "more"]);
    await rollUpRuns(db);
    expect(await buckets()).toEqual([0.01, 0.01, 0.025, 1, 1800, "more"]);
    const durations = await runDurations(db);
    expect(durations.reduce((sum, each) => sum + each.durationMs, 0)).toBe(5_801_021);
  });

  it("give each of the last hours its bar, empty ones too, of all tasks or one", async () => {
    await insertRuns(4, { ago: "2 hours" });
    await insertRuns(2, { ago: "2 hours", task: "prune_history", outcome: "failed" });
    await insertRuns(1);
    await insertRuns(9, { ago: "30 hours" });
    await rollUpRuns(db);
    const hours = await runsPerHour(db, { hours: 24 });
    expect(hours).toHaveLength(24);
    expect(hours.at(-1)?.hour.getTime()).toBe(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    expect(hours.reduce((sum, each) => sum + total(each.runs), 0)).toBe(7);
    expect(hours.at(-2)?.runs).toEqual({});
    const one = await runsPerHour(db, { hours: 24, task: "prune_history" });
    expect(one.flatMap((each) => Object.entries(each.runs))).toEqual([["failed", 2]]);
  });

  it("keep what is pruned in counters, but no longer say that history holds it", async () => {
    await insertRuns(11, { ago: "100 days" });
    await insertRuns(5, { ago: "99 days", seconds: 3 });
    await insertRuns(2, { ago: "1 day" });
    // Not counted yet: not deleted either.
    await pruneHistory(db);
    expect(await countRuns(db)).toEqual({ completed: 18 });
    await rollUpRuns(db);
    for (let twice = 0; twice < 2; twice++) {
      await pruneHistory(db);
      expect(await countRuns(db)).toEqual({ completed: 2 });
      const durations = await runDurations(db);
      expect(durations.map(({ bucket, runs }) => [RUN_SECONDS[bucket], runs])).toEqual([
        [0.25, 13],
        [5, 5],
      ]);
    }
    const { rows } = await sql<{ left: number }>`select count(*)::int as left from job_runs`.execute(db);
    expect(rows[0]?.left).toBe(2);
  });
});

describe("must hold 1: a million runs", () => {
  it("are not read to count them: the tail goes by the index", async () => {
    await insertRuns(30_000, { ago: "10 hours" });
    await rollUpRuns(db);
    await sql`vacuum analyze job_runs`.execute(db);
    const { rows } = await sql<{ "QUERY PLAN": string }>`
      explain select count(*) from job_runs
      where finished_at >= (select coalesce(max(rolled_until), '-infinity') from rollups where name = 'job_runs')
        and finished_at <= (select 'infinity'::timestamptz)`.execute(db);
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("job_runs_finished_at_idx");
  });
});
