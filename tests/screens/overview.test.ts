import { beforeEach, describe, expect, it } from "vitest";
import { failImport } from "#app/awards/imports/finish-import.server.ts";
import { openImport } from "#app/awards/imports/list-imports.server.ts";
import { countLists, listLists } from "#app/awards/lists/list-lists.server.ts";
import { findList } from "#app/awards/lists/lists.server.ts";
import { queriesSent } from "#app/db/query-count.server.ts";
import { forgetSharedReads } from "#app/live/shared-reads.server.ts";
import { loadOverview } from "#app/routes/overview/load-overview.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const { db, pool } = await testDatabase();
const desk = { db, config: testConfig({ TMDB_API_KEY: "0123456789abcdef0123456789abcdef" }) };

const keys = async () => (await loadOverview(desk)).attention.map(({ key }) => key);

/** Enters a worker that was heard of so long ago. */
const worker = (id: string, silentFor: string, releasedJobs: number | null = null) =>
  pool.query(
    `insert into workers (id, host, pid, version, concurrency, running_jobs, heartbeat_at, released_jobs, declared_dead_at)
     values ($1, 'desk', 7, '0', 8, 3, now() - $2::interval, $3::int, case when $3::int is not null then now() end)`,
    [id, silentFor, releasedJobs],
  );

beforeEach(async () => {
  await pool.query("truncate workers, schedules, job_runs, queue_pauses, failure_groups, failure_hours");
  await pool.query("select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs");
  forgetSharedReads();
});

describe("J-08 the overview", () => {
  it("needs nobody when a worker runs and nothing is late", async () => {
    await worker("alive", "1 s");
    const shown = await loadOverview(desk);
    expect(shown.attention).toEqual([]);
    expect(shown.workers).toEqual({ count: 1, busy: 3, slots: 8 });
    expect(shown.hours).toHaveLength(24);
  });

  it("says that a schedule is overdue when nothing failed because nothing ran", async () => {
    expect(await keys()).toEqual(["worker"]);
    forgetSharedReads();
    // A week later there is still no worker: every line has missed a tick.
    await pool.query("update schedules set known_since = now() - interval '8 days'");
    const shown = await loadOverview(desk);
    expect(shown.attention.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["worker", "overdue-prune_history"]),
    );
    expect(shown.next.map(({ id, state }) => [id, state])).toContainEqual(["prune_history", "overdue"]);
  });

  it("names a worker that went silent, with what was released", async () => {
    await worker("alive", "1 s");
    await worker("dead", "5 min", 2);
    const { attention, isWorkerAlive } = await loadOverview(desk);
    expect(isWorkerAlive).toBe(true);
    expect(attention).toMatchObject([{ status: "review", text: expect.stringContaining("2 jobs it held") }]);
  });

  it("counts failed jobs, but not those of a cause that somebody ignores", async () => {
    await worker("alive", "1 s");
    await pool.query(
      `select graphile_worker.permanently_fail_jobs(array[(graphile_worker.add_job('refresh_work', '{"workId": 1}')).id], 'gone')`,
    );
    expect(await keys()).toEqual(["jobs"]);
    await pool.query(
      `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome, fingerprint)
       select id, 'refresh_work', '{}', 1, 10, now(), now(), now(), now(), 'failed', 'cause' from graphile_worker.jobs`,
    );
    await pool.query(
      `insert into failure_groups (fingerprint, task, sample_message, sample_job_id, ignored_until)
       select 'cause', 'refresh_work', 'gone', id, now() + interval '1 day' from graphile_worker.jobs`,
    );
    forgetSharedReads();
    expect(await keys()).toEqual([]);
  });

  it("counts the lists whose last import failed, as their page does, until they are asked for again or put aside", async () => {
    await worker("alive", "1 s");
    const [first, second] = await listLists(db);
    const asked = { trigger: "fetch", isWhole: true, years: [], requestedBy: "me" } as const;
    const start = async (key: string) => openImport(db, await findList(db, key), asked);
    for (const { sourceKey } of [first!, second!]) {
      const { importId } = await start(sourceKey);
      await failImport(db, importId, { code: "GONE", message: "IMDb has no such list." });
    }
    const waiting = async () => {
      forgetSharedReads();
      const { attention } = await loadOverview(desk);
      const shown = await listLists(db, { hasFailed: true });
      expect(await countLists(db)).toMatchObject({ failed: shown.length });
      return { texts: attention.map(({ text }) => text), shown: shown.map(({ sourceKey }) => sourceKey) };
    };
    expect(await waiting()).toEqual({
      texts: ["2 lists could not be imported."],
      shown: [first!.sourceKey, second!.sourceKey],
    });
    await start(first!.sourceKey);
    expect(await waiting()).toEqual({
      texts: ["1 list could not be imported."],
      shown: [second!.sourceKey],
    });
    await db
      .updateTable("movie_lists")
      .set({ active: false })
      .where("source_key", "=", second!.sourceKey)
      .execute();
    expect(await waiting()).toEqual({ texts: [], shown: [] });
  });

  it("says what is paused by hand", async () => {
    await worker("alive", "1 s");
    await pool.query(
      "insert into queue_pauses (flag, reason, paused_by) values ('upstream:tmdb', 'their maintenance', 'me')",
    );
    const { attention } = await loadOverview(desk);
    expect(attention.map(({ text }) => text)).toEqual(["TMDB is paused by me: their maintenance"]);
  });

  it("shows the last runs and what the day's hours brought", async () => {
    await pool.query(
      `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
       select n, 'refresh_work', '{}', 1, 10, now(), now(), now() - interval '2 s', now(),
         (array['completed', 'failed', 'lost', 'retrying', 'completed', 'completed'])[n]
       from generate_series(1, 6) as n`,
    );
    const { recentRuns, hours } = await loadOverview(desk);
    expect(recentRuns.map(({ jobId }) => jobId)).toEqual(["6", "5", "4", "3", "2"]);
    expect(recentRuns[0]).toMatchObject({ task: "refresh_work", outcome: "completed", durationMs: 2000 });
    expect(hours.at(-1)?.values).toEqual({ done: 3, failed: 2 });
  });

  it("costs few statements however many look", async () => {
    await loadOverview(desk);
    forgetSharedReads();
    const before = queriesSent();
    await Promise.all(Array.from({ length: 20 }, () => loadOverview(desk)));
    const statements = queriesSent() - before;
    expect(statements).toBeGreaterThan(0);
    // Two of them, the counts of the navigation, are read for every page anyway.
    expect(statements).toBeLessThanOrEqual(10);
  });
});
