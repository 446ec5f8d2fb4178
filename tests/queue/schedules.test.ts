import { readdir } from "node:fs/promises";
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#app/errors.ts";
import { isTaskName } from "#app/queue/catalog.ts";
import { type CrontabLine, parseCrontabLines, readCrontab } from "#app/queue/crontab.server.ts";
import { entryOf, scheduleKey } from "#app/queue/enqueue.server.ts";
import { MAX_ATTEMPTS } from "#app/queue/retry-policy.ts";
import { isDescribed } from "#app/queue/schedule-purposes.ts";
import { listSchedules, runScheduleNow } from "#app/queue/schedules.server.ts";
import { orProblem } from "#app/routes/schedules/read-schedules.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";
import pruneHistory from "../../tasks/prune_history.ts";

const { db, url, pool } = await testDatabase();

const HOURLY = parseCrontabLines(
  '0 * * * * prune_history ?id=hourly&fill=1h&max=10&jobKey=schedule:hourly {_schedule: "hourly"}',
);

beforeEach(async () => {
  await pool.query("truncate schedules, job_runs, queue_pauses");
  await pool.query("select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs");
});

const run = (lines: CrontabLine[], id: string) =>
  db.transaction().execute((trx) => runScheduleNow(trx, id, lines));
const knownFor = (interval: string) =>
  pool.query("insert into schedules (id, known_since) values ('hourly', now() - $1::interval)", [interval]);
const only = async () => (await listSchedules(db, HOURLY))[0]!;

const lines = await readCrontab();

describe("J-06 the crontab", () => {
  it("asks only for tasks that exist, with payloads that they take", async () => {
    const files = await readdir("tasks");
    expect(lines.length).toBeGreaterThan(0);
    for (const { task, payload } of lines) {
      expect(files).toContain(`${task}.ts`);
      expect(isTaskName(task) && entryOf(task).payload.safeParse(payload).success).toBe(true);
    }
  });

  it("names each line, once, in its id, its key and its payload", () => {
    for (const line of lines) {
      expect(line).toMatchObject({
        hasOwnId: true,
        jobKey: scheduleKey(line.id),
        payload: { _schedule: line.id },
      });
      expect(isDescribed(line.id)).toBe(true);
    }
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  });

  it("makes up for downtime on each line and bounds its attempts", () => {
    for (const { fillMs, maxAttempts } of lines) {
      expect(fillMs).toBeGreaterThan(0);
      expect(maxAttempts).toBeLessThanOrEqual(MAX_ATTEMPTS);
    }
  });
});

describe("J-06 schedules", () => {
  it("say what a line is for, when it is due, and what it has done", async () => {
    await pool.query(
      `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
       select n, 'prune_history', '{"_schedule": "hourly"}', 1, 10, at, at, at, at + interval '1.5 s', case n when 70 then 'failed' else 'completed' end
       from generate_series(1, 70) as n, lateral (select now() - (70 - n) * interval '1 hour') as times (at)`,
    );
    const schedule = await only();
    expect(schedule).toMatchObject({
      id: "hourly",
      task: "prune_history",
      expression: "0 * * * *",
      words: "Every hour",
      state: "failed",
      jobId: null,
    });
    expect(schedule.runs).toHaveLength(60);
    expect(schedule.runs[0]).toMatchObject({ jobId: "70", outcome: "failed", durationMs: 1500 });
    expect(schedule.next?.getTime()).toBeGreaterThan(Date.now());
  });

  it("are known from the first time they are looked for, and from then on overdue when nothing runs", async () => {
    expect(await only()).toMatchObject({ state: "scheduled", runs: [] });
    const { rows } = await pool.query("select id from schedules");
    expect(rows).toEqual([{ id: "hourly" }]);
    await pool.query("update schedules set known_since = now() - interval '3 hours'");
    expect(await only()).toMatchObject({ state: "overdue" });
  });

  it("are no longer overdue once their job has run", async () => {
    await knownFor("3 hours");
    await run(HOURLY, "hourly");
    expect(await only()).toMatchObject({ state: "waiting", jobId: expect.any(String) });
    await drainQueue(url, { tasks: [pruneHistory] });
    const schedule = await only();
    expect(schedule).toMatchObject({ state: "scheduled", jobId: null });
    expect(schedule.runs.map(({ outcome }) => outcome)).toEqual(["completed"]);
  });

  it("see the jobs that cron adds", async () => {
    await knownFor("3 hours");
    const cron = JSON.stringify({
      _schedule: "hourly",
      _cron: { ts: new Date().toISOString(), backfilled: false },
    });
    await sql`select graphile_worker.add_job('prune_history', ${cron}::json, job_key := ${HOURLY[0]!.jobKey})`.execute(
      db,
    );
    expect(await only()).toMatchObject({ state: "waiting" });
    await drainQueue(url, { tasks: [pruneHistory] });
    expect((await only()).runs).toHaveLength(1);
  });

  it("are paused with their task", async () => {
    await knownFor("3 hours");
    await pool.query(
      "insert into queue_pauses (flag, reason, paused_by) values ('task:prune_history', 'r', 'me')",
    );
    expect(await only()).toMatchObject({ state: "paused" });
    await pool.query("update queue_pauses set resumed_at = now()");
    expect(await only()).toMatchObject({ state: "overdue" });
  });

  it("can be run now, but not twice at once", async () => {
    expect(await run(HOURLY, "hourly")).toEqual({ label: "hourly" });
    await expect(run(HOURLY, "hourly")).rejects.toMatchObject({ code: "SCHEDULE_BUSY", status: 409 });
    const { rows } = await pool.query("select key from graphile_worker.jobs");
    expect(rows).toEqual([{ key: "schedule:hourly" }]);
  });

  it("are run once when several press at the same moment", async () => {
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => run(HOURLY, "hourly")));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("can be run again when the last job has failed for good", async () => {
    await run(HOURLY, "hourly");
    await pool.query(
      "select graphile_worker.permanently_fail_jobs(array_agg(id), 'broken') from graphile_worker.jobs",
    );
    expect(await run(HOURLY, "hourly")).toEqual({ label: "hourly" });
    await expect(run(HOURLY, "hourly")).rejects.toMatchObject({ code: "SCHEDULE_BUSY" });
  });

  it("leave the pages standing that would say that the crontab has a slip in it", async () => {
    const broken = Promise.reject(new AppError("CRONTAB_UNREADABLE", 500, "Mend it: line 3"));
    expect(await orProblem(broken)).toEqual({ schedules: [], problem: "Mend it: line 3" });
    await expect(orProblem(Promise.reject(new Error("away")))).rejects.toThrow("away");
  });

  it("say it when a line is gone or its task is unknown", async () => {
    await expect(run(HOURLY, "gone")).rejects.toMatchObject({ code: "SCHEDULE_NOT_FOUND", status: 404 });
    const [strange] = parseCrontabLines("0 * * * * no_such_task ?id=strange&fill=1h");
    await expect(run([strange!], "strange")).rejects.toMatchObject({ code: "TASK_UNKNOWN", status: 409 });
  });
});
