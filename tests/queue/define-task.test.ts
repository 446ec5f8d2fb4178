import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { Permanent, RetryLater } from "#app/errors.ts";
import { defineTask, type TaskRun } from "#app/queue/define-task.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { retryDelayMs } from "#app/queue/retry-policy.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { db, url } = await testDatabase();
const importJobId = "00000000-0000-4000-8000-000000000001";

beforeEach(async () => {
  await sql`delete from graphile_worker._private_jobs`.execute(db);
  await db.deleteFrom("job_runs").execute();
});

/** Runs `process_import` with this handler in place of its own. */
async function drain(
  handler: (run: TaskRun) => Promise<Record<string, unknown> | undefined>,
  until: "due" | "all" = "due",
) {
  const tasks = [defineTask("process_import", (_payload, run) => handler(run))];
  return drainQueue(url, { tasks, until, env: { RETRY_BASE_MS: "4000" } });
}

const queued = async () =>
  (
    await sql<{
      attempts: number;
      max_attempts: number;
      last_error: string;
      locked_at: Date | null;
      waits_ms: number;
    }>`
      select attempts, max_attempts, last_error, locked_at, (extract(epoch from run_at - now()) * 1000)::float8 as waits_ms
      from graphile_worker._private_jobs`.execute(db)
  ).rows;

const runs = () =>
  db
    .selectFrom("job_runs")
    .select(["attempt", "outcome", "error_code", "error_message", "statistics", "import_job_id"])
    .orderBy("id")
    .execute();

describe("our retry policy", () => {
  it("keeps a completed run with its statistics, and the queue forgets the job", async () => {
    await enqueue(db, "process_import", { importJobId });
    await drain(async () => ({ rows: 3 }));
    expect(await queued()).toEqual([]);
    expect(await runs()).toEqual([
      {
        attempt: 1,
        outcome: "completed",
        error_code: null,
        error_message: null,
        statistics: { rows: 3 },
        import_job_id: importJobId,
      },
    ]);
  });

  it("puts a failed attempt back after RETRY_BASE_MS, doubled each time, unlocked and with its error", async () => {
    await enqueue(db, "process_import", { importJobId });
    await drain(async () => {
      throw new Error("the well is dry");
    });
    const [job] = await queued();
    expect(job).toMatchObject({ attempts: 1, last_error: "the well is dry", locked_at: null });
    expect(job?.waits_ms).toBeGreaterThan(1_000);
    expect(job?.waits_ms).toBeLessThanOrEqual(4_000);
    expect([1, 2, 3, 9].map((attempt) => retryDelayMs(attempt, 4_000))).toEqual([
      4_000, 8_000, 16_000, 1_024_000,
    ]);
    expect(retryDelayMs(1, 4_000, 60_000)).toBe(60_000);
    expect(retryDelayMs(1, 4_000, Number.POSITIVE_INFINITY)).toBe(86_400_000);
  });

  it("gives up after ten attempts and leaves the job to an operator", async () => {
    await enqueue(db, "process_import", { importJobId });
    await drain(async () => {
      throw new Error("still dry");
    }, "all");
    expect(await queued()).toMatchObject([{ attempts: 10, max_attempts: 10, locked_at: null }]);
    expect((await runs()).map((run) => run.outcome)).toEqual([...Array(9).fill("retrying"), "failed"]);
  });

  it("never retries what is permanent", async () => {
    await enqueue(db, "process_import", { importJobId });
    await drain(async () => {
      throw new Permanent("NO_SUCH_THING", "There is no such thing.");
    }, "all");
    expect(await runs()).toMatchObject([{ attempt: 1, outcome: "failed", error_code: "NO_SUCH_THING" }]);
    expect(await queued()).toMatchObject([{ attempts: 10, max_attempts: 10 }]);
  });

  it("does not count what was only postponed", async () => {
    await enqueue(db, "process_import", { importJobId });
    let turns = 0;
    await drain(async () => {
      if (++turns < 15) throw new RetryLater("not our turn", 300);
      return undefined;
    }, "all");
    expect(turns).toBe(15);
    expect((await runs()).map((run) => `${run.attempt} ${run.outcome}`)).toEqual([
      ...Array(14).fill("1 postponed"),
      "1 completed",
    ]);
  });

  it("fails a job whose payload does not fit, whoever added it", async () => {
    await sql`select graphile_worker.add_job('process_import', '{"importJobId": "not an id"}')`.execute(db);
    await drain(async () => undefined, "all");
    expect(await runs()).toMatchObject([{ outcome: "failed", error_code: "BAD_PAYLOAD" }]);
  });
});

describe("enqueue on the caller's transaction", () => {
  it("is gone with it", async () => {
    const undone = db.transaction().execute(async (trx) => {
      await enqueue(trx, "process_import", { importJobId });
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    expect(await queued()).toEqual([]);
  });

  it("adds one waiting job per key", async () => {
    await enqueue(db, "process_import", { importJobId });
    await enqueue(db, "process_import", { importJobId });
    expect(await queued()).toHaveLength(1);
  });
});

describe("J-04 work that is asked for anew", () => {
  it("takes the place of the job that failed with it, instead of standing beside it for ever", async () => {
    await enqueue(db, "prune_history", {});
    await sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs where key = 'prune_history'), 'broken')`.execute(
      db,
    );
    await enqueue(db, "prune_history", {});
    const { rows } = await sql<{ attempts: number; last_error: string | null }>`
      select attempts, last_error from graphile_worker.jobs where task_identifier = 'prune_history'`.execute(
      db,
    );
    expect(rows).toEqual([{ attempts: 0, last_error: null }]);
  });
});
