import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { countWaitingJobs, surveyJobs } from "#app/queue/console/count-jobs.server.ts";
import { listCompletedJobs } from "#app/queue/console/list-completed.server.ts";
import { listWaitingJobs } from "#app/queue/console/list-jobs.server.ts";
import { parseJobFilter } from "#app/queue/job-filter.ts";
import type { WaitingState } from "#app/queue/job-state.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addJob, addRun, clearQueue, pause } from "./console-jobs.ts";

const { db } = await testDatabase();
const importId = "6f3c2a1e-0000-4000-8000-00000000000a";

beforeEach(() => clearQueue(db));

const list = async (state: WaitingState, text = "", limit = 50) =>
  (await listWaitingJobs(db, { state, filter: parseJobFilter(text).filter }, { limit })).jobs.map(
    ({ id }) => id,
  );
const completed = async (text = "", limit = 50) =>
  (await listCompletedJobs(db, parseJobFilter(text).filter, { limit })).jobs.map(({ id }) => id);

/** One job in every state; refresh_work is not paused, fetch_episode_counts is. */
async function oneOfEach() {
  await pause(db, "task:fetch_episode_counts");
  return {
    queued: await addJob(db, "queued"),
    scheduled: await addJob(db, "scheduled"),
    running: await addJob(db, "running"),
    retrying: await addJob(db, "retrying"),
    failed: await addJob(db, "failed"),
    paused: await addJob(db, "paused", { task: "fetch_episode_counts" }),
  };
}

describe("J-01 jobs by state", () => {
  it("counts every job in exactly one state, and lists it there and nowhere else", async () => {
    const jobs = await oneOfEach();
    const { counts, bound } = await countWaitingJobs(db, {});
    expect(counts).toEqual({ queued: 1, scheduled: 1, running: 1, retrying: 1, failed: 1, paused: 1 });
    expect(bound).toBeNull();
    for (const state of Object.keys(jobs) as WaitingState[]) expect(await list(state)).toEqual([jobs[state]]);
  });

  it("calls a paused job that runs or has failed by what it is: a pause holds back only what could start", async () => {
    await pause(db, "task:refresh_work");
    await addJob(db, "running");
    await addJob(db, "failed");
    await addJob(db, "retrying");
    expect((await countWaitingJobs(db, {})).counts).toMatchObject({
      running: 1,
      failed: 1,
      paused: 1,
      retrying: 0,
    });
    await db.updateTable("queue_pauses").set({ resumed_at: new Date(), resumed_by: "test" }).execute();
    expect((await countWaitingJobs(db, {})).counts).toMatchObject({ paused: 0, retrying: 1 });
  });

  it("orders each state by what fits it", async () => {
    const soon = await addJob(db, "scheduled", { seconds: 10 });
    const late = await addJob(db, "scheduled", { seconds: 20 });
    expect(await list("scheduled")).toEqual([soon, late]);
    const old = await addJob(db, "failed", { seconds: 20 });
    const fresh = await addJob(db, "failed", { seconds: 10 });
    expect(await list("failed")).toEqual([fresh, old]);
    const later = await addJob(db, "queued", { priority: 5, seconds: 100 });
    const first = await addJob(db, "queued", { priority: -5, seconds: 1 });
    expect(await list("queued")).toEqual([first, later]);
    await addRun(db, { jobId: "900", finished: 20 });
    await addRun(db, { jobId: "901", finished: 10 });
    await addRun(db, { jobId: "902", finished: 5, outcome: "discarded" });
    expect(await completed()).toEqual(["901", "900"]);
  });

  it("pages by keyset: every job once, equal times included", async () => {
    const ids = [];
    for (let index = 0; index < 7; index++) ids.push(await addJob(db, "queued", { priority: index % 2 }));
    await sql`update graphile_worker._private_jobs set run_at = now() - interval '1 minute'`.execute(db);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listWaitingJobs(db, { state: "queued", filter: {} }, { limit: 2, cursor });
      seen.push(...page.jobs.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([...ids.filter((_, at) => at % 2 === 0), ...ids.filter((_, at) => at % 2 === 1)]);
    for (let run = 0; run < 5; run++) await addRun(db, { jobId: String(500 + run), finished: 10 - run });
    const first = await listCompletedJobs(db, {}, { limit: 3 });
    const second = await listCompletedJobs(db, {}, { limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(["504", "503", "502", "501", "500"]);
    expect(second.nextCursor).toBeNull();
  });

  it("refuses a cursor that it did not give out, or gave out for another state", async () => {
    await addJob(db, "failed");
    await addJob(db, "failed");
    const { nextCursor } = await listWaitingJobs(db, { state: "failed", filter: {} }, { limit: 1 });
    for (const [state, cursor] of [
      ["queued", nextCursor],
      ["failed", "nonsense"],
      ["failed", Buffer.from('["failed","now","1"]').toString("base64url")],
    ] as const)
      await expect(
        listWaitingJobs(db, { state, filter: {} }, { limit: 1, cursor: cursor ?? "" }),
      ).rejects.toMatchObject({ code: "BAD_CURSOR", status: 400 });
  });
});

describe("J-01 filters", () => {
  it("finds waiting jobs by task, any field of the payload, import, work, error, time", async () => {
    const film = await addJob(db, "failed", {
      task: "ingest_movie",
      payload: { tmdbId: 603, options: { pages: [1, 2] } },
      error: "429 Too many requests",
      seconds: 7_200,
    });
    const rows = await addJob(db, "failed", {
      task: "process_import_rows",
      payload: { importJobId: importId, fromRow: 1, toRow: 100 },
      error: "100 % lost",
    });
    const work = await addJob(db, "failed", { payload: { workId: "603" }, error: "no such work" });
    expect(await list("failed", "task:ingest_movie")).toEqual([film]);
    expect(await list("failed", "task:no_such_task")).toEqual([]);
    expect(await list("failed", "tmdbId:603")).toEqual([film]);
    expect(await list("failed", "options.pages:2")).toEqual([film]);
    expect(await list("failed", "tmdbId:60")).toEqual([]);
    expect(await list("failed", "tmdb_d:603")).toEqual([]);
    expect(await list("failed", "workId:603")).toEqual([work]);
    expect(await list("failed", "work:603")).toEqual([work]);
    expect(await list("failed", `import:${importId}`)).toEqual([rows]);
    expect(await list("failed", 'error:"too MANY"')).toEqual([film]);
    expect(await list("failed", "error:%")).toEqual([rows]);
    expect(await list("failed", "since:1h task:ingest_movie")).toEqual([]);
    expect(await list("failed", "since:3h task:ingest_movie")).toEqual([film]);
    expect(await list("failed", "to:2020-01-01")).toEqual([]);
    expect((await countWaitingJobs(db, parseJobFilter("error:lost").filter)).counts.failed).toBe(1);
  });

  it("reads payloads that jsonb cannot hold without failing", async () => {
    await sql`select graphile_worker.add_job('refresh_work', '{"name": "a\\u0000b", "workId": 5}'::json)`.execute(
      db,
    );
    const other = await addJob(db, "queued", { payload: { workId: 5 } });
    expect(await list("queued", "workId:5")).toEqual([other]);
  });

  it("finds jobs by worker and by the group of their last failure", async () => {
    await db
      .insertInto("workers")
      .values({ id: "worker-a", host: "h", pid: 1, version: "1", concurrency: 8, pool_ids: ["pool-a"] })
      .execute();
    const running = await addJob(db, "running", { pool: "pool-a" });
    await addJob(db, "running", { pool: "pool-b" });
    expect(await list("running", "worker:worker-a")).toEqual([running]);
    const same = await addJob(db, "failed");
    const changed = await addJob(db, "failed");
    await addRun(db, { jobId: same, outcome: "failed", fingerprint: "f00d", workerId: "worker-a" });
    await addRun(db, { jobId: changed, outcome: "retrying", fingerprint: "f00d" });
    await addRun(db, { jobId: changed, outcome: "failed", fingerprint: "beef" });
    expect(await list("failed", "fingerprint:f00d")).toEqual([same]);
    expect(await list("failed", "worker:worker-a")).toEqual([same]);
  });

  it("goes by the newest 5,000 runs of a group and says so; a bulk action goes by all", async () => {
    const old = await addJob(db, "failed");
    await addRun(db, { jobId: old, outcome: "failed", fingerprint: "f00d", finished: 600 });
    await sql`
      insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome, fingerprint)
      select 1000000 + n, 'refresh_work', '{}', 1, 10, now(), now(), now(), now(), 'failed', 'f00d'
      from generate_series(1, 5000) as n`.execute(db);
    const filter = { fingerprint: "f00d" };
    expect(await countWaitingJobs(db, filter)).toMatchObject({
      counts: { failed: 0 },
      bound: { newest: 5_000, of: "runs" },
    });
    expect(await surveyJobs(db, { state: "failed", filter })).toMatchObject({ count: 1, newestId: old });
  });

  it("looks for a field in the newest 50,000 jobs and says so", async () => {
    const oldest = await addJob(db, "queued", { payload: { tmdbId: 603 } });
    await sql`
      insert into graphile_worker._private_jobs (task_id, payload)
      select task_id, '{"tmdbId": 604}' from graphile_worker._private_jobs, generate_series(1, 50000)`.execute(
      db,
    );
    const filter = parseJobFilter("tmdbId:603").filter;
    expect(await countWaitingJobs(db, filter)).toMatchObject({
      counts: { queued: 0 },
      bound: { newest: 50_000, of: "jobs" },
    });
    expect(await list("queued", "tmdbId:603")).toEqual([]);
    await sql`delete from graphile_worker._private_jobs where id = (select max(id) from graphile_worker._private_jobs)`.execute(
      db,
    );
    expect((await countWaitingJobs(db, filter)).bound).toBeNull();
    expect(await list("queued", "tmdbId:603")).toEqual([oldest]);
  });

  it("finds completed jobs by the same words", async () => {
    await addRun(db, { jobId: "1", task: "ingest_movie", payload: { tmdbId: 603 }, workerId: "w" });
    await addRun(db, { jobId: "2", payload: { workId: 9 }, workId: "9", finished: 7_200 });
    await addRun(db, { jobId: "3", payload: { importJobId: importId }, importJobId: importId, finished: 1 });
    expect(await completed("tmdbId:603")).toEqual(["1"]);
    expect(await completed("task:ingest_movie")).toEqual(["1"]);
    expect(await completed("work:9")).toEqual(["2"]);
    expect(await completed(`import:${importId}`)).toEqual(["3"]);
    expect(await completed("since:1h")).toEqual(["1", "3"]);
    expect(await completed("worker:w")).toEqual(["1"]);
    expect(await completed("error:x")).toEqual([]);
  });

  it("looks through so many completed runs a page, says how far back it came, and goes on from there", async () => {
    for (let n = 1; n <= 30; n++)
      await addRun(db, {
        jobId: String(n),
        finished: n,
        outcome: n % 10 === 0 ? "completed" : "retrying",
      });
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await listCompletedJobs(db, {}, { limit: 5, cursor, mostLookedAt: 7 });
      pages.push({ ids: page.jobs.map(({ id }) => id), isCut: page.lookedBackTo !== null });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([
      { ids: [], isCut: true },
      { ids: ["10"], isCut: true },
      { ids: ["20"], isCut: true },
      { ids: [], isCut: true },
      { ids: ["30"], isCut: false },
    ]);
  });

  it("looks for a field that very many runs have in the time that is asked for, not before", async () => {
    await sql`
      insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
      select n, 'refresh_work', '{"workId": 1}', 1, 10, at, at, at, at, 'completed'
      from generate_series(1, 5001) as n, lateral (select now() - n * interval '1 minute') as times (at)`.execute(
      db,
    );
    await addRun(db, { jobId: "6000", finished: 30 * 86_400 });
    const to = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
    const page = await listCompletedJobs(db, parseJobFilter(`workId:1 to:${to}`).filter, {
      limit: 5,
      mostLookedAt: 100,
    });
    expect(page).toMatchObject({ jobs: [{ id: "6000" }], nextCursor: null, lookedBackTo: null });
  });

  it("says what a list needs of a job: its last attempt, its worker, its error", async () => {
    const id = await addJob(db, "retrying", { payload: { tmdbId: 603 }, error: "TMDB did not answer" });
    await addRun(db, { jobId: id, outcome: "retrying" });
    const { jobs } = await listWaitingJobs(db, { state: "retrying", filter: {} }, { limit: 1 });
    expect(jobs).toMatchObject([
      {
        id,
        task: "refresh_work",
        payload: { tmdbId: 603 },
        attempts: 1,
        maxAttempts: 10,
        error: "TMDB did not answer",
      },
    ]);
    const { runAt, startedAt, finishedAt } = jobs[0]!.lastRun!;
    expect([startedAt.getTime() - runAt.getTime(), finishedAt.getTime() - startedAt.getTime()]).toEqual([
      2_000, 1_000,
    ]);
  });
});
