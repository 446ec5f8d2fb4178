import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { listRecords } from "#app/upstreams/catalogue/client.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { startWebApp } from "#tests/api/web-app.ts";
import { episodesOf, takeInEpisodes } from "#tests/imports/episode-rows.ts";
import { importDesk, watched } from "#tests/imports/import-desk.ts";
import { lossyProxy } from "#tests/imports/lossy-proxy.ts";
import { testConfig } from "#tests/setup/drain.ts";

/** Desk A imports; desk B is its remote catalogue, over real HTTP, with a database of its own. */
const a = await importDesk();
const b = await startWebApp();
const wire = await lossyProxy(b.origin);

const remote = {
  catalogue: wire.url,
  env: { CATALOGUE_URL: wire.url, CATALOGUE_API_KEY: b.key, IMPORT_CHUNK_ROWS: "4" },
};

afterEach(async () => {
  await sql`truncate works, api_idempotency cascade`.execute(b.db);
  await sql`truncate remote_writes, remote_records`.execute(a.db);
  await closeCircuit(a.db, "catalogue");
  wire.requests.length = 0;
});

const FILMS = watched(
  "2025-01-01,Alien,1979,u",
  "2025-01-02,Alien,1979,u",
  "2025-01-01,Aliens,1986,u",
  "2025-01-03,The Matrix,1999,u",
  "2025-01-04,Heat,1995,u",
);

const viewingsOfB = async () => {
  const rows = await b.db
    .selectFrom("viewings")
    .innerJoin("works", "works.work_id", "viewings.work_id")
    .select(["works.title", "viewings.viewed_on as day", "season_number as season"])
    .orderBy(sql`works.title, viewed_on`)
    .execute();
  return rows.map(({ title, day, season }) => [title, season, day]);
};

const EXPECTED = [
  ["Alien", null, "2025-01-01"],
  ["Alien", null, "2025-01-02"],
  ["Aliens", null, "2025-01-01"],
  ["Heat", null, "2025-01-04"],
  ["The Matrix", null, "2025-01-03"],
];

const runEpisodes = async () => {
  const jobId = await takeInEpisodes(a, episodesOf("Breaking Bad", [1, 2], 6), remote);
  await a.drain(remote.env);
  return a.read(jobId);
};

describe("I-10 one desk feeds another", () => {
  it("films: each viewing once, with what was found out about the film; again on re-import", async () => {
    const job = await a.run(FILMS, remote);
    expect(job).toMatchObject({ status: "completed", successRows: 5 });
    expect(await viewingsOfB()).toEqual(EXPECTED);
    const works = await b.db
      .selectFrom("works")
      .innerJoin("works_meta", "works_meta.work_id", "works.work_id")
      .select(["title", "tmdb_id", "imdb_id", "year", "overview", "genres", "poster_url_large"])
      .where("title", "=", "The Matrix")
      .execute();
    expect(works).toEqual([
      {
        title: "The Matrix",
        tmdb_id: 603,
        imdb_id: "tt0133093",
        year: 1999,
        overview: expect.stringMatching(/\w/),
        genres: expect.arrayContaining([expect.any(String)]),
        poster_url_large: expect.stringMatching(/^http/),
      },
    ]);
    const ids = (await b.db.selectFrom("viewings").select("id").execute()).map(({ id }) => id).sort();
    expect(job.rows.map((row) => row.targetRecordId).sort()).toEqual(ids);
    expect(await a.run(FILMS, remote)).toMatchObject({ status: "completed", skippedRows: 5 });
    expect(await a.run(FILMS, { ...remote, skipDuplicates: false })).toMatchObject({ skippedRows: 5 });
    expect(await viewingsOfB()).toEqual(EXPECTED);
  });

  it("films: lost answers and a forgotten list lead to each viewing once", async () => {
    wire.lose("POST", 3);
    expect(await a.run(FILMS, remote)).toMatchObject({ status: "completed", successRows: 5 });
    expect(await viewingsOfB()).toEqual(EXPECTED);
  });

  it("series: a season once, over re-imports and lost answers, and no episode is made up", async () => {
    wire.lose("POST", 2);
    expect(await runEpisodes()).toMatchObject({ status: "completed", successRows: 12 });
    const seasons = [
      ["Breaking Bad", 1, "2025-01-01"],
      ["Breaking Bad", 2, "2025-02-01"],
    ];
    expect(await viewingsOfB()).toEqual(seasons);
    expect(await runEpisodes()).toMatchObject({ status: "completed", skippedRows: 12 });
    expect(await viewingsOfB()).toEqual(seasons);
    const { media } = await (await b.call("/media")).json();
    expect(media).toMatchObject([{ tmdb_id: 1396, watched_episodes_count: 0 }]);
  });

  it("series: without any memory of ours, what B has is found in its list", async () => {
    await runEpisodes();
    await sql`truncate remote_writes, remote_records`.execute(a.db);
    expect(await runEpisodes()).toMatchObject({ status: "completed", skippedRows: 12 });
    expect(wire.requests.filter((line) => line === "POST /shows")).toHaveLength(2);
  });

  it("the client reads everything, page after page, however much there is", async () => {
    await sql`insert into works (media_type, tmdb_id, title, title_key, year)
      select kind, n, kind || ' ' || n, kind || ' ' || n, 2000
      from generate_series(1, 1200) as n cross join (values ('movie'), ('tv')) as kinds (kind)`.execute(b.db);
    await sql`insert into viewings (work_id, season_number, viewed_on)
      select work_id, case media_type when 'tv' then 1 end, '2025-01-01'::date + tmdb_id from works`.execute(
      b.db,
    );
    await sql`insert into viewings (work_id, viewed_on)
      select work_id, '2024-01-01' from works where media_type = 'movie'`.execute(b.db);
    const context = { db: a.db, config: testConfig(remote.env) };
    for (const [media, records, pages] of [
      ["movie", 2400, 3],
      ["tv", 1200, 2],
    ] as const) {
      const ids = new Set<string>();
      let seen = 0;
      for await (const page of listRecords(context, media)) {
        seen += 1;
        expect(page.unreadable).toBe(0);
        for (const record of page.records) ids.add(record.id);
      }
      expect([media, ids.size, seen]).toEqual([media, records, pages]);
    }
  });
});
