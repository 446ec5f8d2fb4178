import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { pruneHistory } from "#app/queue/prune-history.server.ts";
import { movieRecord, showRecord } from "#app/works/record-answers.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const { db } = app;

beforeEach(async () => {
  await sql`truncate works, api_idempotency cascade`.execute(db);
});

const send = (method: string, path: string, body: unknown, key?: string) =>
  app.call(path, {
    method,
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...(key && { "idempotency-key": key }) },
  });
const post = (path: string, body: unknown, key?: string) => send("POST", path, body, key);
const movie = async (response: Response) => movieRecord.strict().parse(await response.json());
const show = async (response: Response) => showRecord.strict().parse(await response.json());
const json = async (path: string): Promise<Record<string, unknown>[]> => (await app.call(path)).json();

const heat = {
  title: "Heat",
  description: "A thief.",
  language: "en",
  year: 1995,
  genre: "Crime, Drama",
  viewingDate: "2026-01-02T10:00:00.000Z",
  imdbRating: "8.3",
  imdbId: "tt0113277",
  posterUrl: "https://example.org/heat.jpg",
  tmdbId: 949,
  loved: true,
};
const dark = {
  title: "Dark Season 1",
  showName: "Dark",
  seasonNumber: 1,
  startedDate: "2026-01-02",
  tmdbId: 70523,
};

describe("the built-in catalogue by API: films", () => {
  test("a record is a viewing, in the fields that remote catalogues use", async () => {
    const response = await post("/movies", heat);
    expect(response.status).toBe(201);
    const record = await movie(response);
    expect(record).toMatchObject({ ...heat, viewingDate: "2026-01-02", review: null, note: null });
    const again = await movie(await post("/movies", { ...heat, viewingDate: "2026-02-02", loved: false }));
    expect(await json("/movies")).toEqual([again, record]);
    expect(await json("/movies?limit=1")).toEqual([again]);
    const works = await db.selectFrom("works").select(["title", "last_viewed_on", "search_text"]).execute();
    expect(works).toEqual([{ title: "Heat", last_viewed_on: "2026-02-02", search_text: "heat" }]);
  });

  test("a record of little is a record too, and its film is found again by title and year", async () => {
    const record = await movie(
      await post("/movies", { title: " Stalker ", year: "1979", tmdbId: 0, imdbRating: "0.0" }),
    );
    expect(record).toMatchObject({
      title: "Stalker",
      year: 1979,
      tmdbId: null,
      imdbRating: "0.0",
      viewingDate: null,
      genre: "",
      loved: false,
    });
    await post("/movies", { title: "STALKER", year: 1979, viewingDate: "2026-01-01", tmdbId: 1398 });
    await post("/movies", { title: "stalker", year: 1979, viewingDate: "2026-01-02" });
    expect(await db.selectFrom("works").select(["title", "tmdb_id"]).execute()).toEqual([
      { title: "Stalker", tmdb_id: 1398 },
    ]);
  });

  test("what the catalogue knows stays, what it lacks is taken", async () => {
    await post("/movies", { title: "Heat", year: 1995, tmdbId: 949, description: "Ours." });
    await post("/movies", {
      ...heat,
      title: "HEAT (1995)",
      description: "Theirs.",
      viewingDate: "2026-03-03",
    });
    expect(await json("/movies?limit=1")).toMatchObject([
      { title: "Heat", description: "Ours.", genre: "Crime, Drama", imdbRating: "8.3", imdbId: "tt0113277" },
    ]);
  });

  test("the same film on the same day exists already", async () => {
    const { id } = await movie(await post("/movies", heat));
    const response = await post("/movies", { ...heat, title: "Heat, once more" });
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({
      code: "ALREADY_EXISTS",
      message: expect.stringContaining("already exists"),
      details: { id },
    });
  });

  test.each([
    ["{", 400, "MALFORMED_JSON"],
    ["[]", 400, "MALFORMED_JSON"],
    ["null", 400, "MALFORMED_JSON"],
    ["", 400, "MALFORMED_JSON"],
    [{}, 422, "TITLE_BLANK"],
    [{ title: "  " }, 422, "TITLE_BLANK"],
    [{ title: null }, 422, "TITLE_BLANK"],
    [{ title: 7 }, 422, "INVALID_RECORD"],
    [{ title: "a\u0000b" }, 422, "INVALID_RECORD"],
    ['{"title":"\\ud800"}', 422, "INVALID_RECORD"],
    [{ title: "x".repeat(501) }, 422, "INVALID_RECORD"],
    [{ title: "A", year: 12 }, 422, "INVALID_RECORD"],
    [{ title: "A", viewingDate: "2026-02-30" }, 422, "INVALID_RECORD"],
    [{ title: "A", viewingDate: "yesterday" }, 422, "INVALID_RECORD"],
    [{ title: "A", tmdbId: 4e9 }, 422, "INVALID_RECORD"],
    [{ title: "A", imdbId: "nm0000001" }, 422, "INVALID_RECORD"],
    [{ title: "A", imdbRating: "eleven" }, 422, "INVALID_RECORD"],
    [{ title: "A", posterUrl: "javascript:alert(1)" }, 422, "INVALID_RECORD"],
    [{ title: "A", loved: "yes" }, 422, "INVALID_RECORD"],
    [{ title: "A", note: "x".repeat(70_000) }, 413, "RECORD_TOO_LARGE"],
  ])("what cannot be used is refused and leaves nothing: %j", async (body, status, code) => {
    const response = await post("/movies", body);
    expect([response.status, (await errorOf(response)).code]).toEqual([status, code]);
    expect(await json("/movies")).toEqual([]);
    expect(await db.selectFrom("works").select("work_id").execute()).toEqual([]);
  });

  test("the refusals name the field", async () => {
    const error = await errorOf(await post("/movies", { title: "A", year: 12, viewingDate: "2026-02-30" }));
    expect(error.details?.problems).toEqual([
      { field: "year", message: "is less than 1800" },
      { field: "viewingDate", message: "is not a day that exists" },
    ]);
  });

  test("PATCH changes what it names, clears what is null, keeps the rest", async () => {
    const { id } = await movie(await post("/movies", heat));
    const changed = await movie(
      await send("PATCH", `/movies/${id}`, {
        id: 5,
        description: null,
        loved: null,
        imdbRating: null,
        genre: "Crime",
        viewingDate: "2026-05-05",
        note: "Twice.",
        review: 4,
      }),
    );
    expect(changed).toMatchObject({
      ...heat,
      id,
      description: null,
      loved: false,
      imdbRating: "0.0",
      genre: "Crime",
      viewingDate: "2026-05-05",
      note: "Twice.",
      review: 4,
    });
    expect(await movie(await send("PATCH", `/movies/${id}`, {}))).toMatchObject({
      note: "Twice.",
      review: 4,
    });
    const renamed = await movie(await send("PATCH", `/movies/${id}`, { title: "Hitze", note: "" }));
    expect(renamed).toMatchObject({ title: "Hitze", note: null });
    expect((await (await app.call("/media?q=hitze")).json()).media).toHaveLength(1);
    const { last_viewed_on } = await db
      .selectFrom("works")
      .select("last_viewed_on")
      .executeTakeFirstOrThrow();
    expect(last_viewed_on).toBe("2026-05-05");
  });

  test("PATCH refuses a blank title, an id that is another's, a day that is taken, and what is not there", async () => {
    const { id } = await movie(await post("/movies", heat));
    await post("/movies", { ...heat, viewingDate: "2026-02-02" });
    await post("/movies", { title: "Alien", year: 1979, tmdbId: 348 });
    const bare = await movie(await post("/movies", { title: "Blank", year: 2001 }));
    await post("/movies", { title: "Twin", year: 2001 });
    const cases: [string, unknown, number, string][] = [
      [`/movies/${id}`, { title: "" }, 422, "TITLE_BLANK"],
      [`/movies/${id}`, { tmdbId: 348 }, 422, "ID_TAKEN"],
      [`/movies/${id}`, { viewingDate: "2026-02-02" }, 409, "ALREADY_EXISTS"],
      [`/movies/${bare.id}`, { title: "Twin" }, 422, "TITLE_TAKEN"],
      ["/movies/999999999", { loved: true }, 404, "RECORD_NOT_FOUND"],
      ["/movies/x", { loved: true }, 404, "RECORD_NOT_FOUND"],
      [`/movies/${"9".repeat(30)}`, {}, 404, "RECORD_NOT_FOUND"],
      ["/shows/1", { language: "en" }, 404, "RECORD_NOT_FOUND"],
    ];
    for (const [path, body, status, code] of cases) {
      const response = await send("PATCH", path, body);
      expect([path, response.status, (await errorOf(response)).code]).toEqual([path, status, code]);
    }
  });

  test("pages lead through everything, each record once; a bare list says that it ends early", async () => {
    for (let day = 1; day <= 5; day += 1) await post("/movies", { ...heat, viewingDate: `2026-01-0${day}` });
    const seen: unknown[] = [];
    let path: string | null = "/movies?page=1&limit=2";
    while (path !== null) {
      const page: { data: { viewingDate: string }[]; links: { next: string | null } } = await (
        await app.call(path)
      ).json();
      seen.push(...page.data.map(({ viewingDate }) => viewingDate));
      path = page.links.next && `/movies${page.links.next}`;
    }
    expect(seen).toEqual(["2026-01-05", "2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"]);
    expect((await app.call("/movies?limit=2")).headers.get("link")).toMatch(/^<\?cursor=.+>; rel="next"$/);
    expect((await app.call("/movies")).headers.get("link")).toBeNull();
    for (const query of ["limit=0", "limit=1001", "page=2", "cursor=x", "cursor=-1"])
      expect([query, (await app.call(`/movies?${query}`)).status]).toEqual([query, 400]);
  });
});

describe("the built-in catalogue by API: series", () => {
  test("a record is a season; the series holds them all", async () => {
    const response = await post("/shows", { ...dark, status: "Started", language: "de", genre: "Mystery" });
    expect(response.status).toBe(201);
    await show(response);
    const second = await show(
      await post("/shows", { title: "Dark Season 2", startedDate: "2026-02-02", tmdbId: 70523 }),
    );
    expect(second).toMatchObject({
      title: "Dark",
      startedDate: "2026-01-02",
      status: "watching",
      completedDate: null,
    });
    expect(second.seasons.map((season) => [season.seasonNumber, season.startedDate, season.status])).toEqual([
      [1, "2026-01-02", "watching"],
      [2, "2026-02-02", "watching"],
    ]);
    expect(await json("/shows")).toEqual([second]);
    // Begun is not seen: no episode is counted.
    expect((await (await app.call("/media")).json()).media).toMatchObject([
      { title: "Dark", watched_episodes_count: 0, last_viewed_on: "2026-02-02" },
    ]);
    const jobs =
      await sql`select from graphile_worker.jobs where task_identifier = 'fetch_episode_counts'`.execute(db);
    expect(jobs.rows).toHaveLength(1);
  });

  test("the same season exists already, on whatever day, and also by its episodes", async () => {
    const { id } = await show(await post("/shows", dark));
    await db
      .insertInto("viewings")
      .values({ work_id: String(id), season_number: 3, episode_number: 1, viewed_on: "2026-01-05" })
      .execute();
    for (const body of [
      { ...dark, startedDate: "2026-09-09" },
      { ...dark, title: "Dark Season 3", seasonNumber: 3 },
      { title: "Dark", tmdbId: 70523 },
    ]) {
      const response = await post("/shows", body);
      expect([response.status, (await errorOf(response)).code]).toEqual([409, "ALREADY_EXISTS"]);
    }
    expect(await json("/shows")).toMatchObject([{ seasons: [{ seasonNumber: 1 }, { seasonNumber: 3 }] }]);
  });

  test("a series without a season is a record without seasons", async () => {
    expect(await show(await post("/shows", { title: "Chernobyl", startedDate: "2026-01-02" }))).toMatchObject(
      {
        title: "Chernobyl",
        startedDate: "2026-01-02",
        seasons: [],
      },
    );
  });

  test("a season whose every episode was seen is completed, and so is a series of such seasons", async () => {
    const { id } = await show(await post("/shows", dark));
    const work_id = String(id);
    await db.insertInto("seasons").values({ work_id, season_number: 1, episode_count: 2 }).execute();
    for (const episode_number of [1, 2])
      await db
        .insertInto("viewings")
        .values({ work_id, season_number: 1, episode_number, viewed_on: `2026-01-0${episode_number + 3}` })
        .execute();
    expect(await json("/shows")).toMatchObject([
      {
        status: "completed",
        seasons: [{ status: "completed", completedDate: "2026-01-05", startedDate: "2026-01-02" }],
      },
    ]);
  });

  test("PATCH changes the series, and with a season's number that season", async () => {
    const { id } = await show(await post("/shows", dark));
    await post("/shows", { ...dark, title: "Dark Season 2", seasonNumber: 2 });
    const changed = await show(
      await send("PATCH", `/shows/${id}`, {
        title: "Dark Season 2",
        seasonNumber: 2,
        status: "Completed",
        completedDate: "2026-03-03",
        note: "Knots.",
        releaseStartYear: 2017,
        description: "Winden.",
      }),
    );
    expect(changed).toMatchObject({
      title: "Dark",
      description: "Winden.",
      releaseStartYear: 2017,
      status: "watching",
      seasons: [
        { seasonNumber: 1, status: "watching", note: null },
        { seasonNumber: 2, status: "completed", completedDate: "2026-03-03", note: "Knots." },
      ],
    });
    const missing = await send("PATCH", `/shows/${id}`, { status: "completed" });
    expect([missing.status, (await errorOf(missing)).code]).toEqual([422, "SEASON_MISSING"]);
    const unknown = await send("PATCH", `/shows/${id}`, { seasonNumber: 9, status: "completed" });
    expect([unknown.status, (await errorOf(unknown)).code]).toEqual([404, "SEASON_NOT_FOUND"]);
  });

  test("another TMDB id has other totals", async () => {
    const { id } = await show(await post("/shows", dark));
    await db.updateTable("works").set({ total_episodes: 26, total_seasons: 3 }).execute();
    await db
      .insertInto("seasons")
      .values({ work_id: String(id), season_number: 1, episode_count: 2 })
      .execute();
    await send("PATCH", `/shows/${id}`, { tmdbId: 1 });
    expect(await (await app.call(`/media/${id}`)).json()).toMatchObject({ total_episodes: null, tmdb_id: 1 });
  });
});

describe("Idempotency-Key of records", () => {
  test("the same request again gets the same answer; another one is refused; the order of fields says nothing", async () => {
    const first = await post("/movies", heat, "key-1");
    const answer = await first.json();
    const reordered = Object.fromEntries(Object.entries(heat).reverse());
    const second = await post("/movies", reordered, "key-1");
    expect([second.status, await second.json()]).toEqual([201, answer]);
    const other = await post("/movies", { ...heat, viewingDate: "2026-04-04" }, "key-1");
    expect([other.status, (await errorOf(other)).code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    const elsewhere = await post("/shows", heat, "key-1");
    expect([elsewhere.status, (await errorOf(elsewhere)).code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(await json("/movies")).toHaveLength(1);
  });

  test("a refused request leaves its key free", async () => {
    expect((await post("/movies", { title: " " }, "key-2")).status).toBe(422);
    expect((await post("/movies", heat, "key-2")).status).toBe(201);
  });

  test("keys are their caller's own", async () => {
    await post("/movies", heat, "key-3");
    const { key } = await createApiKey(db, { name: "other desk", createdBy: systemActor("test") });
    const response = await fetch(`${app.origin}/movies`, {
      method: "POST",
      headers: { apiKey: key, "idempotency-key": "key-3" },
      body: JSON.stringify({ ...heat, viewingDate: "2026-06-06" }),
    });
    expect(response.status).toBe(201);
  });

  test.each([
    ["/movies", heat, "with a key", "same"],
    ["/movies", heat, "without", undefined],
    ["/shows", dark, "with a key", "same"],
    ["/shows", dark, "without", undefined],
  ])("ten equal requests to %s at once make one record, %s %s", async (path, body, _how, key) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(path, body, key)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual(key ? Array(10).fill(201) : [201, ...Array(9).fill(409)]);
    expect(await json(path)).toHaveLength(1);
    expect(await db.selectFrom("viewings").select("id").execute()).toHaveLength(1);
    expect(await db.selectFrom("works").select("work_id").execute()).toHaveLength(1);
  });

  test("answers are kept for 30 days", async () => {
    await post("/movies", heat, "old");
    await post("/movies", { ...heat, viewingDate: "2026-07-07" }, "new");
    await sql`update api_idempotency set created_at = now() - interval '31 days' where idempotency_key = 'old'`.execute(
      db,
    );
    expect(await pruneHistory(db)).toMatchObject({ api_idempotency: 1 });
    const left = await db.selectFrom("api_idempotency").select("idempotency_key").execute();
    expect(left).toEqual([{ idempotency_key: "new" }]);
  });
});

test("A-04 what machines write is in the audit log, without titles", async () => {
  const { id } = await movie(await post("/movies", heat, "audited"));
  await post("/movies", heat, "audited");
  const rows = await db.selectFrom("audit_log").selectAll().where("subject", "=", `record:${id}`).execute();
  expect(rows).toMatchObject([{ actor_type: "api_key", actor: "script", action: "movie.create" }]);
  expect(JSON.stringify(rows)).not.toContain("Heat");
});

test("A-02 the header apiKey opens the door too, and a session does not", async () => {
  expect((await fetch(`${app.origin}/movies`, { headers: { apiKey: app.key } })).status).toBe(200);
  expect((await fetch(`${app.origin}/movies`)).status).toBe(401);
  expect((await app.browse("/movies")).status).toBe(401);
});
