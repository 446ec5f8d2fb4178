import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { AppError, Permanent, RetryLater } from "#app/errors.ts";
import { defineTask } from "#app/queue/define-task.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { failureCause, messageShape } from "#app/queue/fingerprint.ts";
import { releaseLostJobs } from "#app/queue/job-settlement.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { db, url } = await testDatabase();

/** What differs between two failures of one cause. */
const data = [
  fc.uuid(),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  fc.webUrl({ withQueryParameters: true }),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
    .map((date) => date.toISOString()),
  fc.nat(99_999_999).map((n) => `tt${String(n).padStart(7, "0")}`),
  fc.string({ maxLength: 60 }).map((text) => `"${text.replaceAll('"', "")}"`),
  fc.constantFrom("'Schindler's List'", "'Solaris'", "'It'"),
];
const words = fc.array(fc.constantFrom("title", "can't", "be", "found:", "(code", "row)", "in"), {
  minLength: 1,
  maxLength: 4,
});

/** A message twice, with the same words and other data. */
const twins = fc
  .array(fc.tuple(words, fc.constantFrom(...data)), { minLength: 1, maxLength: 5 })
  .chain((parts) =>
    fc.tuple(...parts.map(([text, value]) => fc.tuple(fc.constant(text.join(" ")), value, value))),
  )
  .map((parts) => [
    parts.map(([text, one]) => `${text} ${one}`).join(" "),
    parts.map(([text, , other]) => `${text} ${other}`).join(" "),
  ]);

describe("J-04 fingerprint of a failure", () => {
  it("is the same for one cause with other ids, numbers, addresses and quoted words", () => {
    fc.assert(
      fc.property(twins, ([one, other]) => {
        expect(messageShape(one!)).toBe(messageShape(other!));
      }),
    );
  });

  it("is of bounded length, quickly, whatever the message", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 4_000 }), (message) => {
        expect(messageShape(message).length).toBeLessThanOrEqual(300);
      }),
    );
    for (const nasty of ["'", '"', "a", "1", "'a", "http://", "-#", "0-", "`“"])
      expect(messageShape(nasty.repeat(1_000_000)).length).toBeLessThanOrEqual(300);
  });

  it("tells codes, tasks and words apart; a class counts only where there is no code", () => {
    const failure = {
      task: "refresh_work",
      errorCode: "NO_ANSWER",
      errorClass: "UpstreamError",
      errorMessage: "TMDB",
    };
    const causes = [
      failure,
      { ...failure, errorCode: "RATE_LIMITED" },
      { ...failure, task: "ingest_movie" },
      { ...failure, errorMessage: "OMDb" },
      { ...failure, errorCode: undefined },
      { ...failure, errorCode: undefined, errorClass: "TypeError" },
    ].map(failureCause);
    expect(new Set(causes).size).toBe(causes.length);
    expect(failureCause({ ...failure, errorClass: "Error" })).toBe(failureCause(failure));
    expect(messageShape('Work 603 ("The Matrix") was not found at https://api.test/3/movie/603?a=1')).toBe(
      "Work # (“”) was not found at <url>",
    );
    expect(messageShape("Can't reach the host, it doesn't answer")).toBe(
      "Can't reach the host, it doesn't answer",
    );
  });
});

describe("J-04 failure groups", () => {
  const groups = () =>
    db
      .selectFrom("failure_groups")
      .select(["fingerprint", "task", "error_code", "sample_message"])
      .select([sql<number>`failures::int`.as("failures")])
      .select(
        sql<number>`(select sum(failures)::int from failure_hours where failure_hours.fingerprint = failure_groups.fingerprint)`.as(
          "inHours",
        ),
      )
      .orderBy("failures", "desc")
      .execute();

  it("count every failed attempt as it is recorded, and nothing else", async () => {
    await enqueue(db, "refresh_work", { workId: 1 });
    await enqueue(db, "refresh_work", { workId: 2 });
    await enqueue(db, "refresh_work", { workId: 3 });
    await enqueue(db, "refresh_work", { workId: 4 });
    let postponed = 0;
    const task = defineTask("refresh_work", async ({ workId }) => {
      if (workId === 3) throw new AppError("GONE", 404, "There is no such work.");
      if (workId === 4 && postponed++ < 3) throw new RetryLater("later", 0);
      if (workId === 4) return undefined;
      throw new Permanent("NO_ANSWER", `Work ${workId} got no answer in ${workId * 7} ms`);
    });
    await drainQueue(url, { tasks: [task], until: "all" });
    expect(await groups()).toMatchObject([
      { task: "refresh_work", error_code: "GONE", failures: 10, inHours: 10 },
      { task: "refresh_work", error_code: "NO_ANSWER", failures: 2, inHours: 2 },
    ]);
    const { rows } = await sql<{ outcome: string; runs: number; groups: number }>`
      select outcome, count(*)::int as runs, count(distinct fingerprint)::int as groups from job_runs group by 1 order by 1`.execute(
      db,
    );
    expect(rows).toEqual([
      { outcome: "completed", runs: 1, groups: 0 },
      { outcome: "failed", runs: 3, groups: 2 },
      { outcome: "postponed", runs: 3, groups: 0 },
      { outcome: "retrying", runs: 9, groups: 1 },
    ]);
  });

  it("count what was lost with its worker, once per job, under one cause per task", async () => {
    await db.deleteFrom("failure_groups").execute();
    await enqueue(db, "refresh_work", { workId: 11 });
    await enqueue(db, "refresh_work", { workId: 12 });
    await enqueue(db, "prune_history", {});
    await sql`update graphile_worker._private_jobs set locked_by = 'pool-gone', locked_at = now(), attempts = 1 where attempts = 0`.execute(
      db,
    );
    expect(await releaseLostJobs(db, "gone", ["pool-gone"])).toBe(3);
    const [first, second] = await groups();
    expect([first, second]).toMatchObject([
      { task: "refresh_work", error_code: "WORKER_LOST", failures: 2, inHours: 2 },
      { task: "prune_history", error_code: "WORKER_LOST", failures: 1, inHours: 1 },
    ]);
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });
});
