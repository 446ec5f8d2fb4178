import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import { findJob, type JobAttempt } from "#app/queue/console/find-job.server.ts";
import { listJobCalls, listTaskRuns } from "#app/queue/console/job-surroundings.server.ts";
import { argumentOf } from "#app/routes/queue/argument.ts";
import { lifeLine } from "#app/routes/queue/job/life-line.ts";
import { stackFrames } from "#app/routes/queue/job/stack-frames.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addJob, addRun, clearQueue } from "./console-jobs.ts";

const { db } = await testDatabase();
const importId = "6f3c2a1e-0000-4000-8000-00000000000a";

beforeEach(() => clearQueue(db));

describe("J-02 the page of a job", () => {
  it("knows a job that waits, with its attempts newest first and what it serves", async () => {
    const id = await addJob(db, "retrying", { payload: { importJobId: importId }, key: "k", priority: 3 });
    await addRun(db, { jobId: id, outcome: "retrying", attempt: 1, finished: 60, errorMessage: "first" });
    await addRun(db, { jobId: id, outcome: "lost", attempt: 2, finished: 5, errorMessage: "second" });
    const job = await findJob(db, id);
    expect(job).toMatchObject({
      id,
      task: "refresh_work",
      fate: "retrying",
      key: "k",
      priority: 3,
      flags: ["task:refresh_work"],
      payload: { importJobId: importId },
      hasMoreAttempts: false,
    });
    expect(job.attemptsMade.map(({ errorMessage }) => errorMessage)).toEqual(["second", "first"]);
  });

  it("takes the subject of a job that has not run from its payload", async () => {
    expect(
      await findJob(db, await addJob(db, "queued", { payload: { importJobId: importId } })),
    ).toMatchObject({
      importJobId: importId,
      workId: null,
    });
    expect(await findJob(db, await addJob(db, "queued", { payload: { workId: "12" } }))).toMatchObject({
      workId: "12",
    });
    expect(await findJob(db, await addJob(db, "queued", { payload: { workId: "x" } }))).toMatchObject({
      workId: null,
    });
  });

  it("knows a job that is gone: completed, discarded, taken away", async () => {
    await addRun(db, { jobId: "800", outcome: "retrying", attempt: 1, finished: 9 });
    await addRun(db, { jobId: "800", outcome: "completed", attempt: 2, payload: { workId: 5 }, workId: "5" });
    expect(await findJob(db, "800")).toMatchObject({
      fate: "completed",
      attempts: 2,
      workId: "5",
      priority: null,
    });
    await addRun(db, { jobId: "801", outcome: "failed" });
    expect(await findJob(db, "801")).toMatchObject({ fate: "removed" });
    const id = await addJob(db, "failed");
    await db
      .transaction()
      .execute((trx) => actOnJobs(trx, [id], { name: "discard", by: "me", reason: null }, "failed"));
    const discarded = await findJob(db, id);
    expect(discarded).toMatchObject({ fate: "discarded" });
    expect(lifeLine(discarded).map(({ words }) => words)).toEqual(["Enqueued", "Discarded"]);
  });

  it("calls a job completed from the moment its attempt is recorded, before the queue has forgotten it", async () => {
    const id = await addJob(db, "running");
    await addRun(db, { jobId: id, outcome: "completed" });
    expect((await findJob(db, id)).fate).toBe("completed");
  });

  it("says of any other address that there is no such job", async () => {
    for (const id of ["1", "0", "-1", "abc", "9999999999999999999999", "1 or 1=1"])
      await expect(findJob(db, id)).rejects.toMatchObject({ code: "JOB_NOT_FOUND", status: 404 });
  });

  it("shows 100 attempts and says that there are more", async () => {
    const id = await addJob(db, "failed");
    for (let run = 0; run < 101; run++) await addRun(db, { jobId: id, outcome: "postponed" });
    const job = await findJob(db, id);
    expect(job.attemptsMade).toHaveLength(100);
    expect(job.hasMoreAttempts).toBe(true);
    expect(lifeLine(job).map(({ words }) => words)).toEqual([
      "Enqueued",
      expect.any(String),
      expect.any(String),
      "Postponed 100 times",
    ]);
  });

  it("lists the calls it made and the last runs of its task, postponed ones aside", async () => {
    await db
      .insertInto("upstream_calls")
      .values({ service: "tmdb", endpoint: "/movie/{id}", status: 200, duration_ms: 12, queue_job_id: "70" })
      .execute();
    expect(await listJobCalls(db, "70")).toMatchObject({
      calls: [{ endpoint: "/movie/{id}", status: 200 }],
      hasMore: false,
    });
    expect((await listJobCalls(db, "71")).calls).toEqual([]);
    await addRun(db, { jobId: "1", finished: 3 });
    await addRun(db, { jobId: "2", finished: 2, outcome: "postponed" });
    await addRun(db, { jobId: "3", finished: 1, outcome: "failed" });
    await addRun(db, { jobId: "4", task: "prune_history" });
    expect(await listTaskRuns(db, "refresh_work")).toMatchObject([
      { jobId: "3", outcome: "failed", durationMs: 1_000 },
      { jobId: "1", outcome: "completed" },
    ]);
  });
});

const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
const attempt: fc.Arbitrary<JobAttempt> = fc
  .record({
    outcome: fc.constantFrom("completed", "retrying", "postponed", "failed", "lost", "discarded"),
    enqueuedAt: moment,
    runAt: moment,
    startedAt: moment,
    finishedAt: moment,
  })
  .map((each) => ({
    ...each,
    id: "1",
    attempt: 1,
    maxAttempts: 10,
    workerId: null,
    statistics: null,
    errorClass: null,
    errorCode: null,
    errorMessage: null,
    errorStack: null,
    fingerprint: null,
  }));

describe("J-02 life line", () => {
  it("has no negative span and loses no attempt, however clocks disagree", () => {
    const fates = fc.constantFrom(
      "running",
      "queued",
      "paused",
      "scheduled",
      "retrying",
      "failed",
      "completed",
      "removed",
    );
    fc.assert(
      fc.property(
        fc.record({ fate: fates, createdAt: moment, runAt: moment, lockedAt: fc.option(moment) }),
        fc.array(attempt, { maxLength: 6 }),
        (job, attemptsMade) => {
          const steps = lifeLine({ ...job, attemptsMade });
          expect(steps[0]?.kind).toBe("enqueued");
          for (const { durationMs } of steps)
            if (durationMs !== null) expect(durationMs).toBeGreaterThanOrEqual(0);
          const counted = steps.reduce((sum, { kind, words }) => {
            if (kind === "ran") return sum + 1;
            return kind === "postponed" ? sum + Number(/\d+/.exec(words)?.[0]) : sum;
          }, 0);
          expect(counted).toBe(attemptsMade.length);
        },
      ),
    );
  });

  it("tells how long a job was held back, waited for a slot and ran", () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, seconds));
    const base = { enqueuedAt: at(0), attempt: 1 };
    const runs = [
      { ...base, outcome: "retrying", runAt: at(0), startedAt: at(2), finishedAt: at(3) },
      { ...base, outcome: "failed", runAt: at(7), startedAt: at(8), finishedAt: at(10) },
    ].map((run) => ({ ...fc.sample(attempt, 1)[0]!, ...run }) as JobAttempt);
    const steps = lifeLine({
      fate: "failed",
      createdAt: at(0),
      runAt: at(7),
      lockedAt: null,
      attemptsMade: runs.toReversed(),
    });
    expect(steps.map(({ words, durationMs }) => `${words} ${durationMs}`)).toEqual([
      "Enqueued null",
      "Waited for a slot 2000",
      "Ran: attempt 1 1000",
      "Held back before the next try 4000",
      "Waited for a slot 1000",
      "Ran: attempt 1 2000",
    ]);
  });
});

describe("J-02 payload and stack in a line", () => {
  it("shows a payload's only value, or names with values, without what cron adds", () => {
    expect(argumentOf({ workId: 7, _cron: { ts: "x" }, _schedule: "daily" })).toBe("7");
    expect(argumentOf({ importJobId: importId, fromRow: 1, toRow: 100 })).toBe(
      "importJobId 6f3c2a1e · fromRow 1 · toRow 100",
    );
    expect(argumentOf({})).toBe("");
    expect(argumentOf(null)).toBe("");
    expect(argumentOf({ text: "x".repeat(300) })).toHaveLength(100);
  });

  it("folds a stack to our own frames, without where the project lies", () => {
    const stack = `Error: app/ is not a frame
    at ask (file:///srv/reeldesk/app/upstreams/http.server.ts:10:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    at Object.run (/srv/reeldesk/node_modules/graphile-worker/dist/app/worker.js:1:1)
    at async file:///srv/reeldesk/tasks/refresh_work.ts:5:3`;
    const { own, all } = stackFrames(stack);
    expect(own).toEqual(["at ask (app/upstreams/http.server.ts:10:5)", "at async tasks/refresh_work.ts:5:3"]);
    expect(all).toHaveLength(4);
  });
});
