import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import { type JobAction, outcomeSentence } from "#app/queue/job-action.ts";
import { type WaitingState, waitingStates } from "#app/queue/job-state.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addJob, addRun, clearQueue, pause } from "./console-jobs.ts";

const { db, pool } = await testDatabase();

beforeEach(() => clearQueue(db));

const act = (ids: string[], action: JobAction, seenIn: WaitingState = "failed") =>
  db.transaction().execute((trx) => actOnJobs(trx, ids, action, seenIn));
const discard: JobAction = { name: "discard", by: "me@example.org", reason: "no use" };

/** What stands in the queue of a job. `waits`: seconds until it is due, whole. */
async function job(id: string) {
  const { rows } = await sql<{ attempts: number; priority: number; waits: number; key: string | null }>`
    select attempts, priority, key, round(extract(epoch from run_at - now()))::int as waits
    from graphile_worker.jobs where id = ${id}::bigint`.execute(db);
  return rows[0];
}

/** One job in every state, by state. */
async function oneOfEach() {
  await pause(db, "task:fetch_episode_counts");
  const ids = {} as Record<(typeof waitingStates)[number], string>;
  for (const state of waitingStates)
    ids[state] = await addJob(
      db,
      state,
      state === "paused" ? { task: "fetch_episode_counts" } : { seconds: 600 },
    );
  return ids;
}

describe("J-03 actions on a selection", () => {
  it("retry gives failed jobs all their attempts again, and says why the others were not", async () => {
    const ids = await oneOfEach();
    const outcome = await act(Object.values(ids), { name: "retry" });
    expect(outcome).toEqual({ asked: 6, done: 1, refused: { not_failed: 4, running: 1 } });
    expect(await job(ids.failed)).toMatchObject({ attempts: 0, waits: 0 });
    expect(await job(ids.retrying)).toMatchObject({ attempts: 1, waits: 600 });
    expect(outcomeSentence("retry", outcome)).toBe(
      "Retried 1 of 6 jobs. 1 is running now, 4 have not failed.",
    );
  });

  it("run now brings forward what waits for a later time, and keeps its attempts", async () => {
    const ids = await oneOfEach();
    expect(await act(Object.values(ids), { name: "run_now" }, "scheduled")).toEqual({
      asked: 6,
      done: 2,
      refused: { has_failed: 1, paused: 1, due_already: 1, running: 1 },
    });
    expect(await job(ids.scheduled)).toMatchObject({ waits: 0 });
    expect(await job(ids.retrying)).toMatchObject({ attempts: 1, waits: 0 });
  });

  it("reschedules by a delay or to a moment; a failed job is to run again", async () => {
    const ids = await oneOfEach();
    const later: JobAction = { name: "reschedule", at: { delayMs: 7_200_000 } };
    const { failed, ...others } = ids;
    expect(await act([failed], later)).toEqual({ asked: 1, done: 1, refused: {} });
    expect(await act(Object.values(others), later, "queued")).toEqual({
      asked: 5,
      done: 4,
      refused: { running: 1 },
    });
    expect(await job(ids.failed)).toMatchObject({ attempts: 0, waits: 7_200 });
    expect(await job(ids.retrying)).toMatchObject({ attempts: 1, waits: 7_200 });
    await act([ids.queued], { name: "reschedule", at: { moment: "2020-01-01T00:00:00Z" } }, "scheduled");
    expect(await job(ids.queued)).toMatchObject({ waits: 0 });
  });

  it("changes the priority of all that no worker has", async () => {
    const ids = await oneOfEach();
    const first: JobAction = { name: "set_priority", priority: -7 };
    expect(await act(Object.values(ids), first, "queued")).toMatchObject({ done: 4 });
    expect(await act([ids.failed], first)).toMatchObject({ done: 1 });
    expect((await job(ids.failed))?.priority).toBe(-7);
    expect((await job(ids.queued))?.priority).toBe(-7);
    expect((await job(ids.running))?.priority).toBe(0);
  });

  it("discards: the job goes, a run says who did it and why, whatever its payload holds", async () => {
    const ids = await oneOfEach();
    await sql`update graphile_worker._private_jobs set payload = '{"workId": "a\\u0000b"}'::json where id = ${ids.queued}::bigint`.execute(
      db,
    );
    const { failed, ...others } = ids;
    expect(await act([failed], discard)).toEqual({ asked: 1, done: 1, refused: {} });
    expect(await act(Object.values(others), discard, "queued")).toEqual({
      asked: 5,
      done: 4,
      refused: { running: 1 },
    });
    expect(await job(ids.failed)).toBeUndefined();
    expect(await job(ids.running)).toBeDefined();
    const runs = await db.selectFrom("job_runs").selectAll().where("outcome", "=", "discarded").execute();
    expect(runs).toHaveLength(5);
    expect(runs.find((run) => run.job_id === ids.failed)).toMatchObject({
      task: "refresh_work",
      payload: { workId: 1 },
      work_id: "1",
      attempt: 10,
      error_code: "DISCARDED",
      error_message: "Discarded by me@example.org: no use",
    });
  });
});

describe("J-03 jobs that moved on meanwhile", () => {
  it("says what became of each: completed, discarded, gone", async () => {
    await addRun(db, { jobId: "1001" });
    await addRun(db, { jobId: "1002", outcome: "discarded" });
    expect(await act(["1001", "1002", "1003"], { name: "retry" })).toEqual({
      asked: 3,
      done: 0,
      refused: { completed: 1, discarded: 1, gone: 1 },
    });
  });

  it("does not discard for its failure what was retried meanwhile, nor what has failed since it was seen waiting", async () => {
    const [retried, failed] = [await addJob(db, "failed"), await addJob(db, "failed")];
    await act([retried], { name: "retry" });
    expect(await act([retried], discard)).toEqual({ asked: 1, done: 0, refused: { moved_on: 1 } });
    expect(await act([failed], discard, "retrying")).toEqual({ asked: 1, done: 0, refused: { moved_on: 1 } });
  });

  it("leaves a job alone that a worker takes while the action waits for it", async () => {
    const id = await addJob(db, "scheduled");
    const worker = await pool.connect();
    try {
      await worker.query("begin");
      await worker.query(
        "update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool', attempts = 1 where id = $1",
        [id],
      );
      const outcome = act([id], discard, "scheduled");
      await waitingForLock();
      await worker.query("commit");
      expect(await outcome).toEqual({ asked: 1, done: 0, refused: { running: 1 } });
      expect(await job(id)).toMatchObject({ attempts: 1 });
    } finally {
      worker.release();
    }
  });

  it("does nothing to a job that is completed while the action waits for it", async () => {
    const id = await addJob(db, "queued");
    const worker = await pool.connect();
    try {
      await worker.query("begin");
      await worker.query("delete from graphile_worker._private_jobs where id = $1", [id]);
      const outcome = act([id], { name: "set_priority", priority: 3 }, "queued");
      await waitingForLock();
      await worker.query("commit");
      await addRun(db, { jobId: id });
      expect((await outcome).done).toBe(0);
    } finally {
      worker.release();
    }
  });

  it("does not retry a failed job that is added again by its key while the action waits for it: another does its work", async () => {
    const key = "refresh_work:1";
    const id = await addJob(db, "failed", { key });
    await addRun(db, { jobId: id, outcome: "failed", jobKey: key });
    const adder = await pool.connect();
    try {
      await adder.query("begin");
      await adder.query(
        "select graphile_worker.add_job('refresh_work', '{\"workId\": 1}', job_key := $1, max_attempts := 10)",
        [key],
      );
      const outcome = act([id], { name: "retry" });
      await waitingForLock();
      await adder.query("commit");
      expect(await outcome).toEqual({ asked: 1, done: 0, refused: { superseded: 1 } });
      expect(await job(id)).toMatchObject({ attempts: 10, key: null });
      expect(await act([id], discard)).toMatchObject({ done: 1 });
    } finally {
      adder.release();
    }
  });

  it("is done once when two operators press at the same moment, in whatever order they chose", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 40; index++) ids.push(await addJob(db, "failed"));
    const [one, other] = await Promise.all([act(ids, discard), act(ids.toReversed(), discard)]);
    expect(one.done + other.done).toBe(40);
    expect((one.refused.discarded ?? 0) + (other.refused.discarded ?? 0)).toBe(40);
    const { rows } = await sql<{ runs: number }>`select count(*)::int as runs from job_runs`.execute(db);
    expect(rows).toEqual([{ runs: 40 }]);
  });

  /** Until some statement of this database waits for another's lock. */
  async function waitingForLock(): Promise<void> {
    for (;;) {
      const { rows } = await sql<{ waits: number }>`
        select count(*)::int as waits from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      if ((rows[0]?.waits ?? 0) > 0) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
