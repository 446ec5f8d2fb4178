import { beforeEach, describe, expect, it } from "vitest";
import { importPage, type PageContext } from "#app/awards/imports/import-page.server.ts";
import type { PageSource } from "#app/awards/imports/page-source.ts";
import { planImport, startImport } from "#app/awards/imports/start-import.server.ts";
import { findList } from "#app/awards/lists/lists.server.ts";
import { UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";
import type { ScrapedEventEdition, ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";
import { edition, entry, listPage, nomination, title } from "#tests/awards/pages.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db, pool } = await testDatabase();
const LIST = "ls527026601";
const OSCARS = "oscars_2024";

beforeEach(async () => {
  await pool.query("truncate works, festival_organizations, list_entries, list_imports cascade");
  await pool.query(
    "update movie_lists set last_import_at = null, last_import_status = null, total_imports = 0, last_movie_count = null",
  );
  await pool.query("select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))");
});

type Page = ScrapedListPage | ScrapedEventEdition | Error | null;

/** What a page's job runs, over pages that are at hand. */
function context(pages: Record<string, Page>): PageContext {
  const read = (key: string) => {
    const page = pages[key] ?? null;
    if (page instanceof Error) throw page;
    return page;
  };
  const source: PageSource = {
    listPage: async (_id, page) => {
      const found = read(String(page)) as ScrapedListPage | null;
      return found && { page: found, way: "page" };
    },
    edition: async (_id, year, instance) => {
      const found = read(`${year}/${instance}`) as ScrapedEventEdition | null;
      return found && { page: found, way: "page" };
    },
  };
  return {
    db,
    pagesOf: () => source,
    isTmdbOn: true,
    isTabstackOn: false,
    isLastAttempt: false,
    signal: new AbortController().signal,
    jobId: "1",
  };
}

let jobs = 1_000;
const nextJobId = (): string => {
  jobs += 1;
  return String(jobs);
};

/** A whole import: planned, then its pages in the order given, or as they are queued. */
async function run(
  listKey: string,
  pages: Record<string, Page>,
  options: { years?: number[]; reverse?: boolean } = {},
) {
  const { importId } = (await planImport(
    { db, jobId: nextJobId() },
    { listKey, ...(options.years ? { years: options.years } : {}) },
  )) as { importId: string };
  for (;;) {
    const { rows } = await pool.query(
      `select year, page from list_import_pages where import_id = $1 and status = 'pending' order by year, page ${options.reverse ? "desc" : ""} limit 1`,
      [importId],
    );
    const [next] = rows;
    if (!next) break;
    await importPage(context(pages), {
      listKey,
      importId,
      page: next.page,
      ...(next.year ? { year: next.year } : {}),
    });
  }
  return outcome(importId);
}

const outcome = async (importId: string) =>
  (await pool.query("select * from list_imports where id = $1", [importId])).rows[0];

const entries = async () =>
  (
    await pool.query(
      "select imdb_id, position, title, award_text, gone_at is not null as gone from list_entries order by position, imdb_id",
    )
  ).rows;

const nominations = async () =>
  (
    await pool.query(
      `select category.name as category, won, person_name, notes, array_agg(title.title order by title.position) as titles, gone_at is not null as gone
       from festival_nominations as nomination join festival_categories as category on category.id = category_id
       left join festival_nomination_titles as title on title.nomination_id = nomination.id
       group by nomination.id, category.name order by nomination.position, nomination.id`,
    )
  ).rows;

const queued = async (task: string) =>
  (
    await pool.query(
      "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where identifier = $1 order by j.id",
      [task],
    )
  ).rows.map((row) => row.payload);

const three = [entry(1, "tt0000001", "One"), entry(2, "tt0000002", "Two"), entry(3, "tt0000003", "Three")];

describe("L-02 and L-04 a list's pages", () => {
  it("are stored with positions, and again without any change", async () => {
    const first = await run(LIST, { 1: listPage(three) });
    expect(first).toMatchObject({
      status: "completed",
      found: 3,
      added: 3,
      gone: 0,
      pages_total: 1,
      pages_done: 1,
    });
    const before = await entries();
    const second = await run(LIST, { 1: listPage(three) });
    expect(second).toMatchObject({ status: "completed", found: 3, added: 0, gone: 0 });
    expect(await entries()).toEqual(before);
    expect(await findList(db, LIST)).toMatchObject({
      name: "Best of the best",
      lastImportStatus: "success",
      lastMovieCount: 3,
      totalImports: 2,
    });
  });

  it("are the same in whatever order they come, also when the list shifts between two of them", async () => {
    const pages = {
      1: listPage(three.slice(0, 2), { declaredTotal: 4, hasNextPage: true }),
      // The second title has moved to the second page meanwhile.
      2: listPage([entry(3, "tt0000002", "Two"), entry(4, "tt0000004", "Four")], {
        declaredTotal: 4,
        page: 2,
      }),
    };
    await run(LIST, pages);
    const forwards = await entries();
    await pool.query("truncate list_entries, list_imports cascade");
    await run(LIST, pages, { reverse: true });
    expect(await entries()).toEqual(forwards);
    expect(forwards.map((one) => [one.imdb_id, one.position])).toEqual([
      ["tt0000001", 1],
      ["tt0000002", 2],
      ["tt0000004", 4],
    ]);
  });

  it("queue the details of unknown titles once, and link those that the catalogue has", async () => {
    await pool.query(
      "insert into works (media_type, title, title_key, imdb_id) values ('movie', 'Two', 'two|movie', 'tt0000002')",
    );
    const pages = { 1: listPage([...three, entry(4, "tt0000004", "An episode", { kind: "episode" })]) };
    await run(LIST, pages);
    await run(LIST, pages);
    expect(await queued("fetch_details")).toEqual([
      { imdbId: "tt0000001", mediaType: "movie" },
      { imdbId: "tt0000003", mediaType: "movie" },
    ]);
    const { rows } = await pool.query(
      "select imdb_id, work_id is not null as linked, unlinked_code from list_entries order by position",
    );
    expect(rows.map((row) => [row.imdb_id, row.linked, row.unlinked_code])).toEqual([
      ["tt0000001", false, null],
      ["tt0000002", true, null],
      ["tt0000003", false, null],
      ["tt0000004", false, "EPISODE"],
    ]);
  });

  it("mark what has gone, and take it back when it returns", async () => {
    await run(LIST, { 1: listPage(three) });
    expect(await run(LIST, { 1: listPage(three.slice(0, 2)) })).toMatchObject({
      status: "completed",
      gone: 1,
    });
    expect((await entries()).map((one) => one.gone)).toEqual([false, false, true]);
    await run(LIST, { 1: listPage(three) });
    expect((await entries()).map((one) => one.gone)).toEqual([false, false, false]);
  });

  it("mark nothing when fewer titles came than the list says it has", async () => {
    await run(LIST, { 1: listPage(three) });
    expect(await run(LIST, { 1: listPage(three.slice(0, 1), { declaredTotal: 3 }) })).toMatchObject({
      status: "partial",
      error_code: "SHORT",
      gone: 0,
    });
    // Nor when nobody says how many there are.
    await run(LIST, { 1: listPage(three.slice(0, 1), { declaredTotal: null, readFrom: "html" }) });
    expect((await entries()).every((one) => !one.gone)).toBe(true);
  });

  it("take award text from remarks", async () => {
    await run(LIST, {
      1: listPage([
        entry(1, "tt0000001", "One", { description: "A fine film.\nWinner: Palme d'Or 1994" }),
        entry(2, "tt0000002", "Two"),
      ]),
    });
    expect((await entries()).map((one) => one.award_text)).toEqual(["Winner: Palme d'Or 1994", null]);
  });
});

describe("L-08 a page that cannot be had", () => {
  it.each([
    [
      "a challenge",
      new UpstreamPaused("imdb", "CHALLENGED", "IMDb takes us for a robot.", null),
      "IMDB_CHALLENGED",
    ],
    ["an unreadable page", new UpstreamError("imdb", "BAD_ANSWER", { retryable: false }), "IMDB_BAD_ANSWER"],
    ["an empty page", listPage([], { declaredTotal: null }), "EMPTY_PAGE"],
    ["no page at all", null, "LIST_NOT_AT_IMDB"],
  ])("leaves a list as it was and says why: %s", async (_name, page, code) => {
    await run(LIST, { 1: listPage(three) });
    const before = await entries();
    await run(LIST, { 1: page }).catch(() => undefined);
    const { rows } = await pool.query("select * from list_imports order by id desc limit 1");
    expect(rows[0]).toMatchObject({ status: "failed", error_code: code });
    expect(await entries()).toEqual(before);
    expect(await findList(db, LIST)).toMatchObject({ lastImportStatus: "failed", lastMovieCount: 3 });
    if (page instanceof Error) expect(rows[0].error_message).toMatch(/save it, and upload the saved page/);
  });

  it("goes on by itself when its upstream is back, unless a newer import has begun", async () => {
    const paused = { 1: new UpstreamPaused("imdb", "CHALLENGED", "IMDb takes us for a robot.", null) };
    const { importId } = (await planImport({ db, jobId: "7" }, { listKey: LIST })) as { importId: string };
    await expect(importPage(context(paused), { listKey: LIST, page: 1, importId })).rejects.toThrow(
      UpstreamPaused,
    );
    await importPage(context({ 1: listPage(three) }), { listKey: LIST, page: 1, importId });
    expect(await outcome(importId)).toMatchObject({ status: "completed", found: 3, error_code: null });
    await run(LIST, { 1: listPage(three) });
    expect(await importPage(context({ 1: null }), { listKey: LIST, page: 1, importId })).toEqual({
      superseded: true,
    });
  });
});

describe("L-02 two imports at once", () => {
  it("are one: a second is refused on screen and joined in the queue", async () => {
    const list = await findList(db, LIST);
    const start = () =>
      db.transaction().execute((trx) => startImport(trx, list, { years: [], requestedBy: "test" }));
    const importId = await start();
    await expect(start()).rejects.toMatchObject({ code: "LIST_IMPORT_RUNNING" });
    expect(await planImport({ db, jobId: "9" }, { listKey: LIST })).toMatchObject({
      importId,
      joined: true,
      pages: 1,
    });
    const pages = { 1: listPage(three) };
    await Promise.all([1, 2, 3].map(() => importPage(context(pages), { listKey: LIST, page: 1, importId })));
    expect(await outcome(importId)).toMatchObject({ status: "completed", found: 3, added: 3 });
  });
});

describe("L-02 an import that cannot be planned", () => {
  it("ends with the reason instead of standing in the way for ever", async () => {
    const list = await findList(db, LIST);
    const importId = await db
      .transaction()
      .execute((trx) => startImport(trx, list, { years: [], requestedBy: "test" }));
    await pool.query("update movie_lists set active = false where source_key = $1", [LIST]);
    await expect(planImport({ db, jobId: "11" }, { listKey: LIST, importId })).rejects.toMatchObject({
      code: "LIST_INACTIVE",
    });
    expect(await outcome(importId)).toMatchObject({ status: "failed", error_code: "LIST_INACTIVE" });
    await pool.query("update movie_lists set active = true where source_key = $1", [LIST]);
    expect(await run(LIST, { 1: listPage(three) })).toMatchObject({ status: "completed" });
  });
});

const emma = title("tt14230458", "Poor Things");
const barbie = title("tt1517268", "Barbie");

describe("L-04 and L-05 an event's edition", () => {
  const songs = {
    "Best Original Song": [
      nomination({
        isWinner: true,
        titles: [barbie],
        persons: [{ imdbId: "nm1", name: "Billie" }],
        notes: "What Was I Made For?",
      }),
      nomination({ titles: [barbie], persons: [{ imdbId: "nm2", name: "Mark" }], notes: "I'm Just Ken" }),
    ],
    "Best Actress": [
      nomination({
        isWinner: true,
        awarded: "persons",
        titles: [emma],
        persons: [{ imdbId: "nm3", name: "Emma" }],
      }),
      nomination({ awarded: "persons", titles: [emma], persons: [{ imdbId: "nm4", name: "Margot" }] }),
    ],
  };

  it("keeps two nominees of one film in one category apart, and is the same when stored again", async () => {
    expect(await run(OSCARS, { "2024/1": edition(songs) })).toMatchObject({
      status: "completed",
      found: 4,
      added: 4,
      declared: 4,
    });
    const before = await nominations();
    expect(before.map((one) => [one.category, one.won, one.person_name, one.notes])).toEqual([
      ["Best Original Song", true, "Billie", "What Was I Made For?"],
      ["Best Original Song", false, "Mark", "I'm Just Ken"],
      ["Best Actress", true, "Emma", null],
      ["Best Actress", false, "Margot", null],
    ]);
    expect(await run(OSCARS, { "2024/1": edition(songs) })).toMatchObject({
      status: "completed",
      found: 4,
      added: 0,
    });
    expect(await nominations()).toEqual(before);
  });

  it("keeps two that are alike in everything, and takes winners announced later", async () => {
    const twice = [nomination({ titles: [barbie] }), nomination({ titles: [barbie] })];
    await run(OSCARS, { "2024/1": edition({ "Best Short": twice }) });
    await run(OSCARS, { "2024/1": edition({ "Best Short": [twice[0]!, { ...twice[1]!, isWinner: true }] }) });
    expect((await nominations()).map((one) => [one.won, one.gone])).toEqual([
      [false, false],
      [true, false],
    ]);
  });

  it("follows IMDb's own id through corrections, even when two exchange their words", async () => {
    const one = nomination({ id: "an1", titles: [barbie], notes: "A" });
    const two = nomination({ id: "an2", titles: [barbie], notes: "B" });
    await run(OSCARS, { "2024/1": edition({ Song: [one, two] }) });
    await run(OSCARS, {
      "2024/1": edition({
        Song: [
          { ...one, notes: "B" },
          { ...two, notes: "A" },
        ],
      }),
    });
    const { rows } = await pool.query(
      "select imdb_id, notes, gone_at from festival_nominations order by imdb_id",
    );
    expect(rows).toEqual([
      { imdb_id: "an1", notes: "B", gone_at: null },
      { imdb_id: "an2", notes: "A", gone_at: null },
    ]);
    // The same page read another way, without ids.
    await run(OSCARS, {
      "2024/1": edition({
        Song: [
          { ...one, id: null, notes: "B" },
          { ...two, id: null, notes: "A" },
        ],
      }),
    });
    expect(await nominations()).toHaveLength(2);
  });

  it("makes its organisation of the list's metadata, several years in one go, two editions of one year", async () => {
    const of = (year: number, instance = 1, others: { year: number; instance: number }[] = []) =>
      edition(
        { "Best Picture": [nomination({ titles: [title(`tt00${year}${instance}`, `Film of ${year}`)] })] },
        { year, instance, otherEditions: others },
      );
    const ended = await run(
      OSCARS,
      { "1929/1": of(1929), "1930/1": of(1930, 1, [{ year: 1930, instance: 2 }]), "1930/2": of(1930, 2) },
      { years: [1929, 1930, 1931] },
    );
    expect(ended).toMatchObject({
      status: "partial",
      found: 3,
      pages_total: 4,
      pages_failed: 1,
      error_code: "NO_EDITION",
    });
    const { rows } = await pool.query(
      `select organization.name, abbreviation, year, instance, ceremony.name as ceremony
       from festival_ceremonies as ceremony join festival_organizations as organization on organization.id = organization_id order by year, instance`,
    );
    expect(rows).toEqual([
      {
        name: "Academy Awards",
        abbreviation: "AMPAS",
        year: 1929,
        instance: 1,
        ceremony: "Academy Awards 1929",
      },
      {
        name: "Academy Awards",
        abbreviation: "AMPAS",
        year: 1930,
        instance: 1,
        ceremony: "Academy Awards 1930",
      },
      {
        name: "Academy Awards",
        abbreviation: "AMPAS",
        year: 1930,
        instance: 2,
        ceremony: "Academy Awards 1930 (2)",
      },
    ]);
  });

  it("marks a nomination that a whole page has lost, and none when the page is short", async () => {
    const both = [nomination({ titles: [barbie] }), nomination({ titles: [emma] })];
    await run(OSCARS, { "2024/1": edition({ "Best Picture": both }) });
    const short = edition({ "Best Picture": [both[0]!] });
    short.awards[0]!.categories[0]!.declaredTotal = 2;
    expect(await run(OSCARS, { "2024/1": short })).toMatchObject({ status: "partial", error_code: "SHORT" });
    expect((await nominations()).map((one) => one.gone)).toEqual([false, false]);
    await run(OSCARS, { "2024/1": edition({ "Best Picture": [both[0]!] }) });
    expect((await nominations()).map((one) => one.gone)).toEqual([false, true]);
  });
});
