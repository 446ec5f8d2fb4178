import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { logger } from "#app/logger.server.ts";
import { parkPausedJobs } from "#app/queue/console/park-jobs.server.ts";
import { defineTask, type TaskDefinition } from "#app/queue/define-task.server.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";
import type { PauseTarget } from "#app/queue/job-flags.ts";
import { activePauses, pastPauses, pause, resume } from "#app/queue/pauses.server.ts";
import { type RunningWorker, startWorker } from "#app/queue/worker.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const { db, url } = await testDatabase();
const one = "00000000-0000-4000-8000-00000000000a";
const other = "00000000-0000-4000-8000-00000000000b";

let worker: RunningWorker | undefined;
/** What ran, in order: "refresh_work 7", "process_import_rows …a 1". */
let ran: string[] = [];

const tasks: TaskDefinition[] = [
  defineTask("refresh_work", async ({ workId }) => {
    ran.push(`refresh_work ${workId}`);
    return undefined;
  }),
  defineTask("process_import_rows", async ({ importJobId, fromRow }) => {
    ran.push(`rows ${importJobId.at(-1)} ${fromRow}`);
    return undefined;
  }),
  defineTask("prune_history", async () => {
    ran.push("prune_history");
    return undefined;
  }),
];

async function start(own: TaskDefinition[] = tasks): Promise<void> {
  const config = testConfig({ DATABASE_URL: url, WORKER_CONCURRENCY: "4" });
  worker = await startWorker({ databaseUrl: url, config, logger, version: "test", tasks: own });
}

beforeEach(async () => {
  ran = [];
  await sql`delete from graphile_worker._private_jobs`.execute(db);
  await sql`truncate queue_pauses, job_runs`.execute(db);
});

afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});

const pauseNow = (target: PauseTarget, reason = "they asked us to stop") =>
  db.transaction().execute((trx) => pause(trx, { target, reason, by: "ann@example.com" }));
const resumeNow = (pauseId: string) =>
  db.transaction().execute((trx) => resume(trx, { pauseId, by: "bob@example.com" }));

interface Waiting {
  task: string;
  attempts: number;
  flags: string[];
  isPutOff: boolean;
}
const waiting = async () =>
  (
    await sql<Waiting>`
      select task_identifier as task, attempts, array(select jsonb_object_keys(coalesce(flags, '{}')) order by 1) as flags,
        run_at > now() + interval '100 years' as "isPutOff"
      from graphile_worker.jobs where locked_at is null order by id`.execute(db)
  ).rows;
const hasRun = (...what: string[]) =>
  vi.waitFor(() => expect([...ran].sort()).toEqual([...what].sort()), { timeout: 15_000, interval: 20 });

describe("J-05 pausing by task, upstream and import", () => {
  it("holds what is paused, in both lanes, and nothing else; resuming brings it back at the time it had", async () => {
    const byTask = await pauseNow({ kind: "task", task: "prune_history" });
    const byImport = await pauseNow({ kind: "import", importJobId: one });
    await enqueueMany(db, "process_import_rows", [
      { importJobId: one, fromRow: 1, toRow: 9 },
      { importJobId: other, fromRow: 1, toRow: 9 },
    ]);
    await enqueue(db, "prune_history", {});
    await enqueue(db, "refresh_work", { workId: 7 });
    const due = await sql<{
      at: string;
    }>`select date_trunc('milliseconds', min(run_at))::text as at from graphile_worker.jobs`.execute(db);
    await start();
    await hasRun("rows b 1", "refresh_work 7");
    await vi.waitFor(
      async () => expect((await waiting()).map((job) => job.isPutOff)).toEqual([true, true]),
      10_000,
    );
    expect(await waiting()).toMatchObject([
      { task: "process_import_rows", attempts: 0 },
      { task: "prune_history", attempts: 0 },
    ]);
    await resumeNow(byImport.id);
    await hasRun("rows b 1", "refresh_work 7", "rows a 1");
    await resumeNow(byTask.id);
    await hasRun("rows b 1", "refresh_work 7", "rows a 1", "prune_history");
    const runs = await sql<{ at: string; attempt: number }>`
      select min(run_at)::text as at, max(attempt) as attempt from job_runs where task in ('process_import_rows', 'prune_history')`.execute(
      db,
    );
    expect(runs.rows).toEqual([{ at: due.rows[0]!.at, attempt: 1 }]);
    expect(await activePauses(db)).toEqual([]);
    expect(await pastPauses(db, { limit: 10 })).toMatchObject([
      { flag: `import:${one}`, pausedBy: "ann@example.com", resumedBy: "bob@example.com" },
      { flag: "task:prune_history" },
    ]);
  });

  it("by upstream holds every task that needs it", async () => {
    const tmdb = await pauseNow({ kind: "upstream", service: "tmdb" });
    await enqueue(db, "refresh_work", { workId: 1 });
    await enqueue(db, "process_import_rows", { importJobId: one, fromRow: 1, toRow: 2 });
    await enqueue(db, "prune_history", {});
    await start();
    await hasRun("prune_history");
    await resumeNow(tmdb.id);
    await hasRun("prune_history", "refresh_work 1", "rows a 1");
  });

  it("holds jobs that other people's SQL added without flags, untried, and gives them their flags", async () => {
    const paused = await pauseNow({ kind: "upstream", service: "tmdb" });
    await start();
    await sql`select graphile_worker.add_job('refresh_work', '{"workId": 3}')`.execute(db);
    await vi.waitFor(
      async () =>
        expect(await waiting()).toMatchObject([
          { task: "refresh_work", attempts: 0, flags: ["task:refresh_work", "upstream:tmdb"] },
        ]),
      10_000,
    );
    await enqueue(db, "prune_history", {});
    await hasRun("prune_history");
    await resumeNow(paused.id);
    await hasRun("prune_history", "refresh_work 3");
    const runs = await db
      .selectFrom("job_runs")
      .select(["attempt", "outcome"])
      .where("task", "=", "refresh_work")
      .execute();
    expect(runs).toEqual([{ attempt: 1, outcome: "completed" }]);
  });

  it("lets what runs end; a failed attempt of it comes back into the pause", async () => {
    let letGo = () => {};
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await start([
      ...tasks.filter((task) => task.name !== "refresh_work"),
      defineTask("refresh_work", async () => {
        ran.push("began");
        if (ran.filter((each) => each === "began").length > 1) return undefined;
        await isHeld;
        throw new Error("no");
      }),
    ]);
    await enqueue(db, "refresh_work", { workId: 5 });
    await hasRun("began");
    const paused = await pauseNow({ kind: "task", task: "refresh_work" });
    // This worker has no such task, so that only the pause can move the job: it knows of it then.
    await enqueue(db, "process_import", { importJobId: one }, { flags: ["task:refresh_work"] });
    await vi.waitFor(async () => expect((await waiting()).at(-1)?.isPutOff).toBe(true), 10_000);
    letGo();
    await vi.waitFor(async () => expect(await waiting()).toHaveLength(2), 10_000);
    expect(await waiting()).toMatchObject([
      { task: "refresh_work", attempts: 1 },
      { task: "process_import" },
    ]);
    await sql`
      select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where task_identifier = 'refresh_work'),
        run_at := now())`.execute(db);
    // Comes after it in the same lane.
    await enqueue(db, "prune_history", {});
    await hasRun("began", "prune_history");
    await resumeNow(paused.id);
    await hasRun("began", "began", "prune_history");
  });

  it("is refused twice, and so is resuming; both say who was first", async () => {
    const target = { kind: "task", task: "refresh_work" } as const;
    const first = await pauseNow(target, "  TMDB moves its servers ");
    expect(first).toMatchObject({ flag: "task:refresh_work", reason: "TMDB moves its servers" });
    await expect(pauseNow(target)).rejects.toMatchObject({
      code: "ALREADY_PAUSED",
      userMessage: "Task refresh_work is paused already, by ann@example.com: TMDB moves its servers",
    });
    await resumeNow(first.id);
    await expect(resumeNow(first.id)).rejects.toMatchObject({
      code: "NOT_PAUSED",
      userMessage: "Task refresh_work was resumed by bob@example.com meanwhile.",
    });
    await expect(resumeNow("999999")).rejects.toMatchObject({ code: "NOT_PAUSED" });
    await expect(pauseNow(target, " ")).rejects.toMatchObject({ code: "NO_REASON" });
    await expect(pauseNow(target, "x".repeat(301))).rejects.toMatchObject({ code: "REASON_TOO_LONG" });
    const presses = await Promise.allSettled([pauseNow(target), pauseNow(target), pauseNow(target)]);
    expect(presses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("must hold: a long pause does not slow the others", () => {
  it("J-05 what is paused is moved out of the way of every fetch, and back to the microsecond", async () => {
    await enqueueMany(
      db,
      "refresh_work",
      Array.from({ length: 12_000 }, (_, n) => ({ workId: n + 1 })),
      { priority: -5 },
    );
    await enqueue(db, "prune_history", {});
    const times = () =>
      sql<{ hash: string }>`
        select md5(string_agg(id || ' ' || run_at, ',' order by id)) as hash from graphile_worker.jobs`.execute(
        db,
      );
    const before = await times();
    const paused = await pauseNow({ kind: "task", task: "refresh_work" });
    expect(await parkPausedJobs(db)).toEqual({ parked: 12_000, unparked: 0 });
    expect(await parkPausedJobs(db)).toEqual({ parked: 0, unparked: 0 });
    await sql`analyze graphile_worker._private_jobs`.execute(db);
    const { rows } = await sql<{ "QUERY PLAN": string }>`
      explain (analyze, costs off, timing off, summary off)
      select id from graphile_worker._private_jobs where is_available = true and run_at <= now()
        and (flags ?| array['task:refresh_work']) is not true
      order by priority asc, run_at asc limit 1 for update skip locked`.execute(db);
    // Read and thrown away: none of the 12,000.
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).not.toMatch(/Rows Removed by Filter: \d{2,}/);
    await resumeNow(paused.id);
    expect(await parkPausedJobs(db)).toEqual({ parked: 0, unparked: 12_000 });
    expect((await times()).rows).toEqual(before.rows);
  });
});
