import { randomUUID } from "node:crypto";
import type { KyselyPlugin } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { isFiltered, libraryFilter, readLibraryView } from "#app/routes/library/library-view.ts";
import { loadLibrary } from "#app/routes/library/list/load-library.server.ts";
import { pictureSource } from "#app/routes/library/picture-source.ts";
import { loadWork } from "#app/routes/library/work/load-work.server.ts";
import { runWorkAction } from "#app/routes/library/work/refresh.server.ts";
import { writeDueDates } from "#app/works/due-dates.server.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

const { db, pool } = await testDatabase();
const config = testConfig({ TMDB_API_KEY: "0".repeat(32) });
const none = new URLSearchParams();
let series: string;
let film: string;

async function add(media_type: "movie" | "tv", title: string, tmdb_id: number | null): Promise<string> {
  const row = { media_type, title, title_key: title, tmdb_id, search_text: title.toLowerCase() };
  return (await db.insertInto("works").values(row).returning("work_id").executeTakeFirstOrThrow()).work_id;
}

beforeAll(async () => {
  series = await add("tv", "Dark", 70523);
  film = await add("movie", "Nobody's Film", null);
  await db
    .insertInto("seasons")
    .values([1, 2].map((season_number) => ({ work_id: series, season_number, episode_count: 10 })))
    .execute();
  await db
    .insertInto("viewings")
    .values(
      [1, 2, 4].map((episode_number) => ({
        work_id: series,
        season_number: 1,
        episode_number,
        viewed_on: "2024-01-01",
      })),
    )
    .execute();
  await db
    .insertInto("viewings")
    .values({ work_id: series, season_number: 2, episode_title: "Sic Mundus", viewed_on: "2024-02-01" })
    .execute();
});

/** The same database, which counts what it is asked. */
function counting() {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { db: db.withPlugin(plugin), statements: () => statements };
}

describe("S-04 the library's pages", () => {
  it("cost one statement for the list", async () => {
    const counted = counting();
    const { works } = await loadLibrary({ db: counted.db, config }, none);
    expect(works.map(({ title }) => title)).toEqual(["Nobody's Film", "Dark"]);
    expect(counted.statements()).toBe(1);
  });

  it("cost the same few statements for a work, however many seasons and viewings it has", async () => {
    const counted = counting();
    await loadWork({ db: counted.db, config }, series, none);
    expect(counted.statements()).toBeLessThanOrEqual(16);
  });

  it("T-04 say when the work is refreshed next, and why then", async () => {
    const dated = await add("movie", "Due Film", 777);
    await db
      .updateTable("works")
      .set({
        release_date: "1999-03-31",
        last_refreshed_at: new Date("2026-11-01T03:05:00Z"),
        last_refresh_result: "stored",
      })
      .where("work_id", "=", dated)
      .execute();
    await db.insertInto("works_meta").values({ work_id: dated, schema_version: SCHEMA_VERSION }).execute();
    await db.transaction().execute((trx) => writeDueDates(trx, [dated, film]));
    const due = async (workId: string) => (await loadWork({ db, config }, workId, none)).work.due;
    expect(await due(dated)).toMatchObject({
      at: new Date("2026-12-01T00:00:00Z"),
      reason: "age",
      tier: "older",
      everyDays: 30,
    });
    expect(await due(film)).toMatchObject({ at: null, reason: "no_tmdb_id", isDue: false });
    await db.deleteFrom("works").where("work_id", "=", dated).execute();
  });

  it("show seasons with their gaps, and episodes known by title beside them", async () => {
    const { work } = await loadWork({ db, config }, series, none);
    expect(work.watchedEpisodes).toBe(4);
    expect(work.seasons).toMatchObject([
      {
        seasonNumber: 1,
        titles: [],
        runs: [
          { from: 1, to: 2, seen: true },
          { from: 3, to: 3, seen: false },
          { from: 4, to: 4, seen: true },
          { from: 5, to: 10, seen: false },
        ],
      },
      { seasonNumber: 2, titles: ["Sic Mundus"], runs: [] },
    ]);
  });

  it("say why the last refresh brought nothing", async () => {
    const note = "TMDB does not have this film any more. What was known of it is kept.";
    await db.updateTable("works").set({ ingestion_error: note }).where("work_id", "=", film).execute();
    const { work, cannotRefresh } = await loadWork({ db, config }, film, none);
    expect(work.refreshNote).toBe(note);
    expect(cannotRefresh).toMatch(/^Neither its TMDB id nor its IMDb id is known/);
  });

  it.each(["0", "999", "x", "-1", "1e3", "9".repeat(40), ""])("have no work %j", async (workId) => {
    await expect(loadWork({ db, config }, workId, none)).rejects.toMatchObject({ status: 404 });
  });

  it("read what an URL says, and leave aside what it does not say rightly", () => {
    const view = readLibraryView(
      new URLSearchParams("show=series&sort=seen&view=table&q=+the+dark+&cursor=abc"),
    );
    expect(view).toEqual({
      layout: "table",
      show: "series",
      sort: "seen",
      search: "the dark",
      cursor: "abc",
    });
    expect(libraryFilter(view)).toEqual({ mediaType: "tv", search: "the dark" });
    const odd = readLibraryView(new URLSearchParams("show=x&sort=x&view=x&q=++"));
    expect(odd).toEqual({ layout: "grid", show: null, sort: "added", search: undefined, cursor: undefined });
    expect([isFiltered(view), isFiltered(odd)]).toEqual([true, false]);
  });

  it("show posters of the image hosts that the policy allows, and of no other", () => {
    const base = "http://127.0.0.1:4000/t/p";
    for (const url of ["https://image.tmdb.org/t/p/w342/a.jpg", `${base}/w342/a.jpg`])
      expect(pictureSource({ url, fileName: null }, base)).toBe(url);
    for (const url of [
      "https://m.media-amazon.com/a.jpg",
      "http://image.tmdb.org/a.jpg",
      "javascript:x",
      "N/A",
      null,
    ])
      expect(pictureSource({ url, fileName: null }, base)).toBeNull();
  });
});

describe("T-04 refresh now", () => {
  const call = (workId: string, more: object = {}) => {
    const form = new FormData();
    form.set("intent", "refresh");
    const asked = { db, config, workId, actor: systemActor("test"), requestId: randomUUID(), ...more };
    return runWorkAction(asked, form);
  };

  it("queues one forced refresh however often it is pressed, and leaves a note in the audit log", async () => {
    expect((await call(series)).message).toMatch(/^Refresh is on its way/);
    await call(series);
    const jobs = await pool.query(
      "select task_identifier, key from graphile_worker.jobs where task_identifier = 'refresh_work'",
    );
    expect(jobs.rows).toEqual([{ task_identifier: "refresh_work", key: `refresh_work:${series}:force` }]);
    const audits = await db
      .selectFrom("audit_log")
      .select("subject")
      .where("action", "=", "work.refresh")
      .execute();
    expect(audits).toEqual([{ subject: `work:${series}` }, { subject: `work:${series}` }]);
  });

  it("says why nobody can be asked", async () => {
    await expect(call(film)).rejects.toMatchObject({ code: "NOBODY_TO_ASK", status: 409 });
    await expect(call(series, { config: testConfig() })).rejects.toMatchObject({ code: "NOBODY_TO_ASK" });
    await expect(call("999")).rejects.toMatchObject({ status: 404 });
    const wrong = { db, config, workId: series, actor: systemActor("test"), requestId: randomUUID() };
    await expect(runWorkAction(wrong, new FormData())).rejects.toMatchObject({ code: "UNKNOWN_INTENT" });
  });
});
