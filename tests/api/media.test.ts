import { beforeAll, describe, expect, test } from "vitest";
import { mediaDetail, mediaList } from "#app/works/media-answers.ts";
import { searchText } from "#app/works/search-text.ts";
import { findWork, listViewings } from "#app/works/work-detail.server.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const { db } = app;
let film = "";
let show = "";

async function addWork(values: { media_type: "movie" | "tv"; title: string; total_episodes?: number }) {
  const { work_id } = await db
    .insertInto("works")
    .values({ ...values, title_key: values.title, search_text: searchText(values.title, null) })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  return work_id;
}

beforeAll(async () => {
  film = await addWork({ media_type: "movie", title: "Heat" });
  show = await addWork({ media_type: "tv", title: "Breaking Bad", total_episodes: 62 });
  await db
    .insertInto("works_meta")
    .values({ work_id: film, overview: "A thief.", runtime_minutes: 170, genres: ["Crime"] })
    .execute();
  await db
    .insertInto("rating_sources")
    .values({ work_id: film, source_name: "IMDb", scale_type: "0-10", value_raw: "8.3", value_0_100: 83 })
    .execute();
  await db
    .insertInto("seasons")
    .values([
      { work_id: show, season_number: 0, name: "Specials", episode_count: 3 },
      { work_id: show, season_number: 1, name: "Season 1", episode_count: 4 },
    ])
    .execute();
  const job = await db
    .insertInto("import_jobs")
    .values({
      type: "shows",
      source: "netflix",
      format: "netflix",
      file_name: "history.csv",
      file_bytes: 1,
      file_sha256: "",
      parse_options: "{}",
      columns: [],
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const seen = [
    [0, 1, null, "2024-01-01"],
    [1, 1, "Pilot", "2024-01-02"],
    [1, 1, "Pilot", "2024-02-02"],
    [1, 3, null, "2024-01-03"],
    [1, null, null, "2024-01-01"],
    [2, null, "Grilled", null],
    [null, null, "Lost one", "2024-01-09"],
  ] as const;
  for (const [at, [season_number, episode_number, episode_title, viewed_on]] of seen.entries())
    await db
      .insertInto("viewings")
      .values({
        work_id: show,
        season_number,
        episode_number,
        episode_title,
        viewed_on,
        import_job_id: job.id,
        row_number: at + 1,
      })
      .execute();
  await db.insertInto("wishes").values({ work_id: show, wished_on: "2023-12-01" }).execute();
  await db.insertInto("own_ratings").values({ work_id: show, rating: 9.5 }).execute();
  await db
    .insertInto("own_ratings")
    .values({ work_id: show, season_number: 1, episode_number: 1, rating: 8 })
    .execute();
});

const list = async (query = "") => mediaList.strict().parse(await (await app.call(`/media${query}`)).json());

describe("S-04 works by API", () => {
  test("the list as the contract names its fields", async () => {
    const { media } = await list();
    expect(media.map(({ id, title, episode_display }) => [id, title, episode_display])).toEqual([
      [show, "Breaking Bad", "4/62 episodes"],
      [film, "Heat", null],
    ]);
    expect(Object.keys(media[0]!)).toEqual([
      "id",
      "type",
      "title",
      "original_title",
      "year",
      "tmdb_id",
      "imdb_id",
      "total_seasons",
      "total_episodes",
      "watched_episodes_count",
      "episode_display",
      "poster_url",
      "last_viewed_on",
      "created_at",
    ]);
    expect((await list("?type=movie")).media.map(({ title }) => title)).toEqual(["Heat"]);
    expect((await list("?q=breaking")).media.map(({ title }) => title)).toEqual(["Breaking Bad"]);
  });

  test("pages lead through all of it", async () => {
    const first = await list("?limit=1");
    const second = await list(`?limit=1&cursor=${first.nextCursor}`);
    expect([...first.media, ...second.media].map(({ id }) => id)).toEqual([show, film]);
    expect(second.nextCursor).toBeNull();
  });

  test.each(["limit=0", "limit=101", "type=song", "cursor=abc", `q=${"x".repeat(201)}`])(
    "a bad query is refused with 400: %s",
    async (query) => {
      const response = await app.call(`/media?${query}`);
      expect(response.status).toBe(400);
      expect(["INVALID_INPUT", "BAD_CURSOR"]).toContain((await errorOf(response)).code);
    },
  );

  test("one work: its facts, ratings and seasons", async () => {
    const heat = mediaDetail.strict().parse(await (await app.call(`/media/${film}`)).json());
    expect(heat).toMatchObject({
      meta: { overview: "A thief.", runtime: 170, genres: ["Crime"], certification: null },
      ratings: [{ source: "IMDb", value: "8.3", scale: "0-10", votes: null }],
      seasons: [],
      viewings: 0,
      episode_display: null,
    });
    const series = mediaDetail.strict().parse(await (await app.call(`/media/${show}`)).json());
    expect(series).toMatchObject({
      watched_episodes_count: 4,
      episode_display: "4/62 episodes",
      viewings: 7,
    });
    expect(series.seasons).toEqual([
      { season_number: 0, name: "Specials", episode_count: 3, watched: 1 },
      { season_number: 1, name: "Season 1", episode_count: 4, watched: 2 },
      { season_number: 2, name: null, episode_count: null, watched: 1 },
      { season_number: null, name: null, episode_count: null, watched: 1 },
    ]);
  });

  test.each(["0", "999999999999", "abc", "%00", "1e3", "9".repeat(40)])(
    "what is no work is a 404: %s",
    async (id) => {
      const response = await app.call(`/media/${id}`);
      expect([response.status, (await errorOf(response)).code]).toEqual([404, "WORK_NOT_FOUND"]);
    },
  );
});

describe("a work in full", () => {
  test("seasons with their episodes, gaps and beginnings", async () => {
    const { seasons, wish, ownRatings } = await findWork(db, show);
    expect(seasons[1]).toMatchObject({
      startedOn: "2024-01-01",
      missing: [2, 4],
      episodes: [
        { number: 1, title: "Pilot", times: 2, lastViewedOn: "2024-02-02" },
        { number: 3, title: null, times: 1, lastViewedOn: "2024-01-03" },
      ],
    });
    expect(seasons[2]).toMatchObject({ missing: null, episodes: [{ number: null, title: "Grilled" }] });
    expect(wish).toMatchObject({ wishedOn: "2023-12-01", fileName: null });
    expect(ownRatings.map(({ season, episode, rating }) => [season, episode, rating])).toEqual([
      [null, null, 9.5],
      [1, 1, 8],
    ]);
  });

  test("viewings newest first with their origin, page by page, those without a day last", async () => {
    const rows: (number | null)[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listViewings>> = await listViewings(db, show, {
        limit: 2,
        cursor: cursor ?? undefined,
      });
      rows.push(...page.viewings.map(({ rowNumber }) => rowNumber));
      expect(page.viewings.every(({ fileName }) => fileName === "history.csv")).toBe(true);
      cursor = page.nextCursor;
    } while (cursor && rows.length < 20);
    expect(rows).toEqual([3, 7, 4, 2, 5, 1, 6]);
    for (const bad of ["x", "2024-13-45~1", "~", "2024-01-01~"])
      await expect(listViewings(db, show, { limit: 1, cursor: bad })).rejects.toMatchObject({
        code: "BAD_CURSOR",
      });
  });
});
