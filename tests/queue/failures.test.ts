import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { Permanent } from "#app/errors.ts";
import { countFailedJobs, failedJobIds } from "#app/queue/console/failed-jobs.server.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";
import {
  countIgnoredGroups,
  findFailureGroup,
  ignoreFailureGroup,
  listFailureGroups,
  listFailureSamples,
  unignoreFailureGroup,
} from "#app/queue/failures.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { db, url } = await testDatabase();

const failing = defineTask("refresh_work", async ({ workId }) => {
  if (workId % 2 === 0) throw new Permanent("EVEN", `Work ${workId} is even`);
  throw new Permanent("ODD", `Work ${workId} is odd`);
});

beforeEach(async () => {
  await sql`delete from graphile_worker._private_jobs`.execute(db);
  await sql`truncate job_runs, failure_groups cascade`.execute(db);
  await enqueueMany(db, "refresh_work", [{ workId: 1 }, { workId: 2 }, { workId: 3 }]);
  await drainQueue(url, { tasks: [failing], concurrency: 1 });
});

const group = async (code: string) => {
  const { groups } = await listFailureGroups(db, { ignored: false, limit: 10 });
  return groups.find(({ errorCode }) => errorCode === code)!;
};
const ignore = (fingerprint: string, ahead = 3_600_000, reason = "known, mended on Monday") =>
  db.transaction().execute((trx) =>
    ignoreFailureGroup(trx, {
      fingerprint,
      until: new Date(Date.now() + ahead),
      reason,
      by: "ann@example.com",
    }),
  );
const unignore = (fingerprint: string) =>
  db.transaction().execute((trx) => unignoreFailureGroup(trx, fingerprint));

describe("J-04 groups of failures", () => {
  it("say how often, when, how many jobs wait now, and with which samples", async () => {
    const odd = await group("ODD");
    expect(odd).toMatchObject({ task: "refresh_work", failures: 2, failedJobs: 2, ignoredUntil: null });
    expect(odd.trend).toHaveLength(24);
    expect(odd.trend.reduce((sum, each) => sum + each, 0)).toBe(2);
    expect(odd.sampleMessage).toBe("Work 3 is odd");
    const samples = await listFailureSamples(db, odd.fingerprint, 10);
    expect(samples.map(({ message, outcome }) => [message, outcome])).toEqual([
      ["Work 3 is odd", "failed"],
      ["Work 1 is odd", "failed"],
    ]);
    expect(await failedJobIds(db, odd.fingerprint, 10)).toEqual(
      samples.map(({ jobId }) => jobId).toReversed(),
    );
    expect(await findFailureGroup(db, odd.fingerprint)).toEqual(odd);
    await expect(findFailureGroup(db, "0".repeat(16))).rejects.toMatchObject({
      code: "FAILURE_GROUP_NOT_FOUND",
    });
  });

  it("count a job where it failed last", async () => {
    const odd = await group("ODD");
    const [jobId] = await failedJobIds(db, odd.fingerprint, 1);
    await sql`select graphile_worker.reschedule_jobs(array[${jobId}]::bigint[], run_at := now(), attempts := 0)`.execute(
      db,
    );
    await drainQueue(url, {
      tasks: [
        defineTask("refresh_work", async () => {
          throw new Permanent("OTHER", "now of something else");
        }),
      ],
    });
    expect(await group("ODD")).toMatchObject({ failures: 2, failedJobs: 1 });
    expect(await group("OTHER")).toMatchObject({ failures: 1, failedJobs: 1 });
  });

  it("say when failed jobs are too many to be told apart by group, and go by those that failed last", async () => {
    const odd = await group("ODD");
    expect(odd).toMatchObject({ failedJobs: 2, hasMoreFailedJobs: false });
    await sql`
      insert into graphile_worker._private_jobs (task_id, payload, attempts, max_attempts, updated_at)
      select task_id, '{}', 10, 10, updated_at + interval '1 minute' from graphile_worker._private_jobs, generate_series(1, 5000)
      where id = ${odd.sampleJobId}::bigint`.execute(db);
    expect(await group("ODD")).toMatchObject({ failedJobs: 0, hasMoreFailedJobs: true });
    // Alone, it is counted by its own attempts; and all of it is retried.
    expect(await findFailureGroup(db, odd.fingerprint)).toMatchObject({
      failedJobs: 2,
      hasMoreFailedJobs: false,
    });
    expect(await failedJobIds(db, odd.fingerprint, 10)).toHaveLength(2);
  });

  it("are listed page by page, each once", async () => {
    const first = await listFailureGroups(db, { ignored: false, limit: 1 });
    const second = await listFailureGroups(db, { ignored: false, limit: 1, cursor: first.nextCursor! });
    expect([...first.groups, ...second.groups].map(({ errorCode }) => errorCode).sort()).toEqual([
      "EVEN",
      "ODD",
    ]);
    expect(second.nextCursor).toBeNull();
    await expect(
      listFailureGroups(db, { ignored: false, limit: 1, cursor: "1 or 1=1" }),
    ).rejects.toMatchObject({
      code: "BAD_CURSOR",
    });
  });

  it("can be ignored for a time, by one at a time and with a reason; then they wait for nobody", async () => {
    const odd = await group("ODD");
    expect(await countFailedJobs(db)).toBe(3);
    await ignore(odd.fingerprint);
    expect(await countFailedJobs(db)).toBe(1);
    expect(await countIgnoredGroups(db)).toBe(1);
    expect((await listFailureGroups(db, { ignored: true, limit: 10 })).groups).toMatchObject([
      {
        fingerprint: odd.fingerprint,
        ignoredBy: "ann@example.com",
        ignoredReason: "known, mended on Monday",
      },
    ]);
    expect((await listFailureGroups(db, { ignored: false, limit: 10 })).groups).toHaveLength(1);
    await expect(ignore(odd.fingerprint)).rejects.toMatchObject({
      code: "ALREADY_IGNORED",
      userMessage: "This group is ignored already, by ann@example.com: known, mended on Monday",
    });
    // Failures are counted on all the same.
    await enqueue(db, "refresh_work", { workId: 5 });
    await drainQueue(url, { tasks: [failing] });
    expect(await countFailedJobs(db)).toBe(1);
    await unignore(odd.fingerprint);
    expect(await countFailedJobs(db)).toBe(4);
    await expect(unignore(odd.fingerprint)).rejects.toMatchObject({ code: "NOT_IGNORED" });
    await ignore(odd.fingerprint);
    await sql`update failure_groups set ignored_until = now() - interval '1 second'`.execute(db);
    expect(await countFailedJobs(db)).toBe(4);
    expect(await group("ODD")).toMatchObject({ failures: 3, ignoredUntil: null });
  });

  it("are not ignored without a reason, for ever, in the past, or when there is none", async () => {
    const { fingerprint } = await group("EVEN");
    await expect(ignore(fingerprint, 3_600_000, "  ")).rejects.toMatchObject({ code: "NO_REASON" });
    await expect(ignore(fingerprint, -1_000)).rejects.toMatchObject({ code: "BAD_TIME" });
    await expect(ignore(fingerprint, 366 * 86_400_000)).rejects.toMatchObject({ code: "BAD_TIME" });
    await expect(ignore("0".repeat(16))).rejects.toMatchObject({ code: "FAILURE_GROUP_NOT_FOUND" });
  });
});
