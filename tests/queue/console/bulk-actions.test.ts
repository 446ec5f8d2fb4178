import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { applyBulkAction } from "#app/queue/apply-bulk-action.server.ts";
import {
  abortBulkAction,
  findBulkAction,
  findBulkActionJob,
  listBulkActions,
  startBulkAction,
} from "#app/queue/bulk-actions.server.ts";
import type { JobAction } from "#app/queue/job-action.ts";
import { parseJobFilter } from "#app/queue/job-filter.ts";
import type { WaitingState } from "#app/queue/job-state.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";
import { addJob, addRun, clearQueue } from "./console-jobs.ts";

const { db, url } = await testDatabase();

beforeEach(() => clearQueue(db));

const start = (action: JobAction, state: WaitingState = "failed", text = "") =>
  db.transaction().execute((trx) =>
    startBulkAction(trx, {
      action,
      state,
      filter: parseJobFilter(text).filter,
      requestedBy: "me@example.org",
    }),
  );
const apply = (id: string, batch: number, signal = new AbortController().signal) =>
  applyBulkAction(db, id, { signal, isLastAttempt: false, batch });
const retry: JobAction = { name: "retry" };

async function failedJobs(count: number, task = "refresh_work"): Promise<string[]> {
  const ids = [];
  for (let index = 0; index < count; index++) ids.push(await addJob(db, "failed", { task }));
  return ids;
}

const inState = async (where: string) =>
  (
    await sql<{ n: number }>`select count(*)::int as n from graphile_worker.jobs
    where task_identifier <> 'apply_bulk_action' and ${sql.raw(where)}`.execute(db)
  ).rows[0]?.n;

describe("J-03 bulk actions", () => {
  it("is a job: counts first, does all that match by batches, and says what came of it", async () => {
    await failedJobs(7);
    await failedJobs(2, "fetch_episode_counts");
    const { id, asked } = await start(
      { name: "reschedule", at: { delayMs: 3_600_000 } },
      "failed",
      "task:refresh_work",
    );
    expect(asked).toBe(7);
    expect(await findBulkAction(db, id)).toMatchObject({ status: "queued", asked: 7, done: 0 });
    await drainQueue(url);
    expect(await findBulkAction(db, id)).toMatchObject({
      status: "completed",
      action: "reschedule",
      state: "failed",
      filter: "task:refresh_work",
      lookedAt: 7,
      done: 7,
      refused: {},
    });
    expect(await inState("attempts = 0 and run_at > now() + interval '50 minutes'")).toBe(7);
    expect(await inState("attempts = 10")).toBe(2);
    expect((await listBulkActions(db, { limit: 1 })).actions).toMatchObject([{ id }]);
  });

  it("leaves alone what was added or tried again after somebody pressed, and says so", async () => {
    const [tried, ...others] = await failedJobs(3);
    const { id } = await start(retry);
    await addRun(db, { jobId: tried!, outcome: "failed" });
    const later = await failedJobs(2);
    await apply(id, 10);
    expect(await findBulkAction(db, id)).toMatchObject({ asked: 3, done: 2, refused: { moved_on: 1 } });
    expect(await inState(`attempts = 0 and id in (${others})`)).toBe(2);
    expect(await inState(`attempts = 10 and id in (${[tried, ...later]})`)).toBe(3);
  });

  it("goes on where a killed worker was: a batch is done with its counters, or not at all", async () => {
    await failedJobs(10);
    const { id } = await start({ name: "discard", by: "me", reason: null });
    // A worker that dies in its third batch: the transaction is rolled back with it.
    await sql`create function die() returns trigger language plpgsql as
      $$ begin if (select count(*) from job_runs) >= 8 then raise 'killed'; end if; return new; end $$`.execute(
      db,
    );
    await sql`create trigger die before update on bulk_actions for each row execute function die()`.execute(
      db,
    );
    await expect(apply(id, 4)).rejects.toThrow("killed");
    expect(await findBulkAction(db, id)).toMatchObject({ status: "running", lookedAt: 4, done: 4 });
    await sql`drop function die cascade`.execute(db);
    await apply(id, 4);
    expect(await findBulkAction(db, id)).toMatchObject({
      status: "completed",
      lookedAt: 10,
      done: 10,
      refused: {},
    });
    expect(await db.selectFrom("job_runs").select("job_id").execute()).toHaveLength(10);
  });

  it("stops between batches when somebody aborts it, and at once when nothing has begun", async () => {
    await failedJobs(6);
    const { id } = await start(retry);
    await sql`create function abort() returns trigger language plpgsql as
      $$ begin new.abort_requested_at := now(); new.aborted_by := 'me'; return new; end $$`.execute(db);
    await sql`create trigger abort before update on bulk_actions for each row
      when (new.looked_at = 4) execute function abort()`.execute(db);
    await apply(id, 2);
    await sql`drop function abort cascade`.execute(db);
    expect(await findBulkAction(db, id)).toMatchObject({ status: "aborted", done: 4, abortedBy: "me" });
    const second = await start(retry);
    await abortBulkAction(db, second.id, "me");
    await drainQueue(url);
    expect(await findBulkAction(db, second.id)).toMatchObject({ status: "aborted", done: 0 });
    await expect(abortBulkAction(db, second.id, "me")).rejects.toMatchObject({
      code: "BULK_ACTION_FINISHED",
    });
  });

  it("ends at once when it is aborted and its job is gone or has failed for good: nobody would stop it", async () => {
    await failedJobs(6);
    const { id } = await start(retry);
    await sql`update bulk_actions set status = 'running' where id = ${id}`.execute(db);
    expect(await findBulkActionJob(db, id)).toMatchObject({ isAlive: true });
    // While a job carries it out, that one stops it; when a worker is lost with its last attempt, nobody does.
    expect(await abortBulkAction(db, id, "me")).toEqual({ isOver: false });
    await sql`select graphile_worker.permanently_fail_jobs(array[${(await findBulkActionJob(db, id))!.id}]::bigint[], 'lost')`.execute(
      db,
    );
    expect(await findBulkActionJob(db, id)).toMatchObject({ isAlive: false });
    expect(await abortBulkAction(db, id, "me")).toEqual({ isOver: true });
    expect(await findBulkAction(db, id)).toMatchObject({ status: "aborted", done: 0, isAborting: false });
  });

  it("gives its slot back when its worker stops", async () => {
    await failedJobs(1);
    const { id } = await start(retry);
    await expect(apply(id, 1, AbortSignal.abort())).rejects.toMatchObject({ name: "RetryLater" });
    expect(await findBulkAction(db, id)).toMatchObject({ status: "queued", done: 0 });
  });

  it("never acts on bulk actions", async () => {
    await failedJobs(1);
    const { id } = await start(retry);
    await expect(start({ name: "discard", by: "me", reason: null }, "queued")).rejects.toMatchObject({
      code: "NOTHING_MATCHES",
      status: 409,
    });
    expect(await inState("true")).toBe(1);
    await drainQueue(url);
    expect(await findBulkAction(db, id)).toMatchObject({ status: "completed", done: 1 });
  });

  it("lets two over the same jobs be: each job is done once, the other is told", async () => {
    await failedJobs(20);
    const [one, other] = [await start(retry), await start({ name: "discard", by: "me", reason: null })];
    await Promise.all([apply(one.id, 3), apply(other.id, 3)]);
    const views = [await findBulkAction(db, one.id), await findBulkAction(db, other.id)];
    expect(views.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(views[0]!.done + views[1]!.done).toBe(20);
    for (const { asked, done, refused } of views)
      expect(done + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(asked);
    expect(await inState("true")).toBe(views[0]!.done);
  });

  it("means by since: the time before the press", async () => {
    await addJob(db, "failed", { seconds: 7_000 });
    const { id } = await start(retry, "failed", "since:2h");
    expect((await findBulkAction(db, id)).filter).toMatch(/^from:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await apply(id, 5);
    expect(await findBulkAction(db, id)).toMatchObject({ asked: 1, done: 1 });
  });

  it("is not found by what is no id", async () => {
    await expect(findBulkAction(db, "nonsense")).rejects.toMatchObject({ status: 404 });
    await expect(listBulkActions(db, { limit: 1, cursor: "nonsense" })).rejects.toMatchObject({
      status: 400,
    });
  });
});
