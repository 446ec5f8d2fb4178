import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { findCeremony, findOrganization, listOrganizations } from "#app/awards/events/read-events.server.ts";
import { startImport } from "#app/awards/imports/start-import.server.ts";
import { importUpload } from "#app/awards/imports/upload-page.server.ts";
import { listEntries, readListState } from "#app/awards/lists/list-entries.server.ts";
import { listLists } from "#app/awards/lists/list-lists.server.ts";
import { readListSource } from "#app/awards/lists/list-source.ts";
import { addList, findList } from "#app/awards/lists/lists.server.ts";
import { awardsOfWork } from "#app/awards/titles/awards-of-work.server.ts";
import { linkByHand, lookAgain } from "#app/awards/titles/decide-titles.server.ts";
import { forgetCircuits } from "#app/upstreams/circuit.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const { db, pool, url } = await testDatabase();
const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0 });
afterAll(() => sandbox.close());

const env: Record<string, string> = {
  TMDB_API_KEY: sandbox.keys.tmdb,
  TMDB_BASE_URL: sandbox.tmdbUrl,
  TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
  TMDB_RATE_LIMIT: "10000/1s",
  IMDB_BASE_URL: sandbox.imdbUrl,
  RETRY_BASE_MS: "1",
};

beforeEach(async () => {
  await pool.query("truncate works, festival_organizations, movie_lists cascade");
  await pool.query("truncate upstream_cache, upstream_circuits, job_runs");
  await pool.query("select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))");
  forgetCircuits(db);
  sandbox.control.clearFaults();
  sandbox.control.clearRequests();
});

const add = (address: string, more: { name?: string; years?: number[]; tracksAwards?: boolean } = {}) =>
  db.transaction().execute((trx) =>
    addList(trx, {
      name: more.name ?? null,
      description: null,
      source: readListSource(address),
      category: "awards",
      tracksAwards: more.tracksAwards ?? false,
      fetchWay: "page",
      years: more.years ?? [],
    }),
  );

async function start(listKey: string, years: number[] = []) {
  const list = await findList(db, listKey);
  return db.transaction().execute((trx) => startImport(trx, list, { years, requestedBy: "test" }));
}

const drain = (more: Record<string, string> = {}) =>
  drainQueue(url, { env: { ...env, ...more }, until: "all" });

/** Titles are another matter, and take their time. */
const withoutTmdb = { TMDB_API_KEY: "" };

const lastImport = async () =>
  (await pool.query("select * from list_imports order by id desc limit 1")).rows[0];

const imdbCalls = () => sandbox.control.requests().filter((request) => request.service === "imdb").length;

describe("L-01, L-02 and L-04 a list from its address to its works", () => {
  it("is imported, and is the same when it is imported again", async () => {
    const key = await add("https://www.imdb.com/list/ls050000100/?ref_=abc");
    await start(key);
    await drain(withoutTmdb);
    expect(await lastImport()).toMatchObject({ status: "completed", found: 100, added: 100, declared: 100 });
    expect((await findList(db, key)).name).not.toMatch(/^IMDb list/);
    const all = () => pool.query("select id, imdb_id, position, gone_at from list_entries order by id");
    const before = (await all()).rows;
    await start(key);
    await drain(withoutTmdb);
    expect(await lastImport()).toMatchObject({ status: "completed", found: 100, added: 0, gone: 0 });
    expect((await all()).rows).toEqual(before);
    // Nobody is asked for titles while nobody can be.
    expect((await pool.query("select from graphile_worker.jobs")).rows).toHaveLength(0);
  });

  it("has several pages and gaps in its positions, which are named", async () => {
    const key = await add("ls050001000");
    await start(key);
    await drain(withoutTmdb);
    const ended = await lastImport();
    expect(ended).toMatchObject({ found: 996, declared: 1000, status: "partial", error_code: "SHORT" });
    expect(ended.pages_done).toBeGreaterThan(1);
    const [row] = await listLists(db);
    expect(row).toMatchObject({ present: 996, linked: 0, missing: 4, gaps: 4 });
  });

  it("goes through pages of entries by position", async () => {
    const key = await add("ls050000120", { tracksAwards: true });
    await start(key);
    await drain(withoutTmdb);
    const { id } = await findList(db, key);
    const positions: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listEntries(db, id, { state: null }, { limit: 50, cursor });
      positions.push(...page.entries.map((entry) => entry.position));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(positions).toHaveLength(120);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    const awards = await pool.query("select count(award_text)::int as count from list_entries");
    expect(awards.rows[0].count).toBeGreaterThan(0);
  });
});

describe("L-08 when IMDb takes us for a robot", () => {
  const challenge = () =>
    sandbox.control.addFault({
      service: "imdb",
      match: { path: "/list/" },
      fault: {
        kind: "status",
        status: 202,
        body: "",
        headers: { "content-type": "text/html", "x-amzn-waf-action": "challenge" },
      },
    });

  it("keeps the list, says why and what else can be done, and takes a saved page instead", async () => {
    const key = await add("ls050000100");
    const saved = new Uint8Array(await (await fetch(`${sandbox.imdbUrl}/list/ls050000100/`)).arrayBuffer());
    challenge();
    await start(key);
    await drainQueue(url, { env });
    expect(await lastImport()).toMatchObject({ status: "failed", error_code: "IMDB_CHALLENGED", found: 0 });
    expect((await lastImport()).error_message).toMatch(/TABSTACK_TOKEN.*upload the saved page.*CSV export/);
    const done = await importUpload({ db, isTmdbOn: false }, await findList(db, key), {
      name: "list.html",
      bytes: saved,
      requestedBy: "test",
    });
    expect(done).toMatchObject({ found: 100, added: 100 });
    expect(await findList(db, key)).toMatchObject({ lastImportStatus: "success", lastMovieCount: 100 });
    const other =
      "Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n1,tt9999998,,,,Nobody,,Movie,,,1999,,,,\n";
    const upload = importUpload({ db, isTmdbOn: false }, await findList(db, key), {
      name: "another.csv",
      bytes: new TextEncoder().encode(other),
      requestedBy: "test",
    });
    await expect(upload).rejects.toMatchObject({ code: "EXPORT_OF_ANOTHER_LIST" });
    expect((await lastImport()).trigger_type).toBe("upload_page");
    // The page that waited for IMDb is not asked for any more.
    sandbox.control.clearRequests();
    await pool.query("truncate upstream_circuits");
    forgetCircuits(db);
    await drain();
    expect(imdbCalls()).toBe(0);
  });

  it("goes by way of Tabstack where that is on, and says so", async () => {
    const key = await add("ls050000100");
    challenge();
    await start(key);
    await drain({
      ...withoutTmdb,
      TABSTACK_TOKEN: sandbox.keys.tabstack,
      TABSTACK_BASE_URL: sandbox.tabstackUrl,
      TABSTACK_RATE_LIMIT: "1000/1s",
    });
    const { found, error_message } = await lastImport();
    expect([found > 0, error_message]).toEqual([true, null]);
    const { rows } = await pool.query("select way from list_import_pages");
    expect(rows).toEqual([{ way: "tabstack" }]);
  });

  it("takes the list's own CSV export as the whole list", async () => {
    const key = await add("ls050000100");
    const csv = [
      "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated",
      "1,tt0133093,2020-01-01,2020-01-01,,The Matrix,The Matrix,https://www.imdb.com/title/tt0133093/,Movie,8.7,136,1999,Action,1,1999-03-31,Lana Wachowski,,",
      "2,tt0113277,2020-01-01,2020-01-01,,Heat,Heat,https://www.imdb.com/title/tt0113277/,Movie,8.3,170,1995,Crime,1,1995-12-15,Michael Mann,,",
      "",
    ].join("\r\n");
    await importUpload({ db, isTmdbOn: true }, await findList(db, key), {
      name: "ls050000100.csv",
      bytes: new TextEncoder().encode(csv),
      requestedBy: "test",
    });
    await drain();
    expect(await lastImport()).toMatchObject({ status: "completed", trigger_type: "upload_csv", found: 2 });
    const { rows } = await pool.query(
      "select entry.imdb_id, works.tmdb_id from list_entries as entry join works using (work_id) order by position",
    );
    expect(rows).toEqual([
      { imdb_id: "tt0133093", tmdb_id: 603 },
      { imdb_id: "tt0113277", tmdb_id: 949 },
    ]);
  });
});

describe("L-04 and L-05 an event from its address to its nominations", () => {
  it("is imported for several years, linked to works, and says so on their pages", async () => {
    const key = await add("https://www.imdb.com/event/ev0000003/1930/1/", { name: "Oscars" });
    await start(key, [1930, 1933, 2019]);
    await drain(withoutTmdb);
    const ended = await lastImport();
    expect(ended).toMatchObject({
      status: "partial",
      pages_total: 4,
      pages_done: 3,
      pages_failed: 1,
      error_code: "NO_EDITION",
    });
    const [organization] = await listOrganizations(db);
    expect(organization).toMatchObject({ imdbEventId: "ev0000003", ceremonies: 3 });
    const event = await findOrganization(db, organization!.id);
    expect(event.ceremonies.map((one) => [one.year, one.instance])).toEqual([
      [2019, 1],
      [1930, 2],
      [1930, 1],
    ]);
    expect(event.ceremonies.every((one) => one.found > 0 && one.won > 0)).toBe(true);
    const ceremony = await findCeremony(db, event.ceremonies[0]!.id);
    for (const category of ceremony.categories) {
      const outcomes = category.nominations.map((one) => one.won);
      expect(outcomes).toEqual([...outcomes].sort((a, b) => Number(b) - Number(a)));
    }
    const before = (
      await pool.query("select id, nomination_key, won, gone_at from festival_nominations order by id")
    ).rows;
    const named = ceremony.categories[0]?.nominations[0]?.titles[0];
    const { rows: added } = await pool.query(
      "insert into works (media_type, title, title_key, imdb_id) values ('movie', $1, $1, $2) returning work_id",
      [named?.title, named?.imdbId],
    );
    await start(key, [2019]);
    await drain(withoutTmdb);
    expect(
      (await pool.query("select id, nomination_key, won, gone_at from festival_nominations order by id"))
        .rows,
    ).toEqual(before);
    const { nominations } = await awardsOfWork(db, added[0].work_id);
    expect(nominations[0]).toMatchObject({ ceremonyId: ceremony.id, year: 2019 });
  });
});

describe("L-06 titles without a work", () => {
  it("are looked for again, or linked by hand wherever they are named", async () => {
    const key = await add("ls050000100");
    const { id } = await findList(db, key);
    await pool.query(
      "insert into list_entries (list_id, imdb_id, position, title, kind, last_import_id, unlinked_code) values ($1, 'tt9999998', 1, 'Nobody', 'movie', 0, 'NOT_AT_TMDB'), ($1, 'tt0133093', 2, 'The Matrix', 'movie', 0, 'NOT_AT_TMDB'), ($1, 'tt9999997', 3, 'An episode', 'episode', 0, 'EPISODE')",
      [id],
    );
    expect(await db.transaction().execute((trx) => lookAgain(trx, { listId: id }))).toBe(2);
    await drain();
    expect((await readListState(db, id)).counts).toEqual({ linked: 1, open: 0, unlinked: 2, gone: 0 });
    const { rows } = await pool.query("select work_id from works where tmdb_id = 603");
    await expect(
      db.transaction().execute((trx) => linkByHand(trx, "tt9999998", "/library/x")),
    ).rejects.toMatchObject({ code: "BAD_WORK" });
    await db
      .transaction()
      .execute((trx) => linkByHand(trx, "tt9999998", `http://localhost/library/${rows[0].work_id}`));
    // A second list that names the title takes the same word for it.
    const other = await findList(db, await add("ls050000120"));
    await importUpload({ db, isTmdbOn: false }, other, {
      name: "x.csv",
      bytes: new TextEncoder().encode(
        "Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n1,tt9999998,,,,Nobody,,Movie,,,1999,,,,\n",
      ),
      requestedBy: "test",
    });
    expect((await readListState(db, other.id)).counts.linked).toBe(1);
  });
});
