import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { isUnchanged } from "#app/routes/api/entity-tag.ts";
import { readCard, sweepCards } from "#app/works/card.server.ts";
import { CARD_VERSION } from "#app/works/card.ts";
import { fullCard, shortCard } from "#app/works/card-answers.ts";
import { storeRatings } from "#app/works/ratings.server.ts";
import { errorOf, startWebApp } from "#tests/api/web-app.ts";

const app = await startWebApp();
const { db, pool } = app;
let works = 0;

async function addWork(values: { media_type?: "movie" | "tv"; total_episodes?: number } = {}) {
  const title = `Title ${++works}`;
  const { work_id } = await db
    .insertInto("works")
    .values({ media_type: "movie", title, title_key: title, ...values })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  return work_id;
}

async function addMeta(workId: string) {
  await db
    .insertInto("works_meta")
    .values({
      work_id: workId,
      overview: "A thief and his pursuer.",
      genres: ["Crime"],
      poster_url_medium: "https://image.tmdb.org/t/p/w342/a.jpg",
      cast_members: JSON.stringify([
        { name: "Ann", character: "Thief", photo_url_medium: "https://image.tmdb.org/t/p/w185/b.jpg" },
        "no person",
        { name: "Bob", character: null, photo_url_medium: null },
      ]),
      crew_members: JSON.stringify([
        { name: "Cid", job: "Director" },
        { name: "Cid", job: "Director" },
        { name: "Dee", job: "Editor" },
      ]),
      trailers: JSON.stringify([{ name: "One", url: "https://www.youtube.com/watch?v=1" }]),
    })
    .execute();
}

const rate = (workId: string, value: number, votes: number) =>
  db.transaction().execute((trx) =>
    storeRatings(trx, workId, [
      {
        sourceName: "TMDB",
        scaleType: "0-100",
        valueRaw: `${value}`,
        value0To100: value,
        votesCount: votes,
      },
    ]),
  );

const see = (workId: string, season: number | null, episode: number | null) =>
  db
    .insertInto("viewings")
    .values({ work_id: workId, season_number: season, episode_number: episode, viewed_on: "2024-01-01" })
    .execute();

const tagOf = async (workId: string) => (await app.call(`/media/${workId}/card`)).headers.get("etag");

/** The tag before and after a change, and that the card kept is the one that is sent. */
async function changes(workId: string, change: () => Promise<unknown>): Promise<boolean> {
  const before = await tagOf(workId);
  await change();
  return (await tagOf(workId)) !== before;
}

describe("T-11 GET /media/:id/card", () => {
  test("the full card, with everything that the tables hold", async () => {
    const film = await addWork();
    await addMeta(film);
    await rate(film, 80, 1_000);
    const response = await app.call(`/media/${film}/card`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("etag")).toMatch(/^"[\w-]{32}"$/);
    const card = fullCard.strict().parse(await response.json());
    expect(card).toMatchObject({
      id: film,
      type: "movie",
      overview: "A thief and his pursuer.",
      poster: { url: "https://image.tmdb.org/t/p/w342/a.jpg", hosted: null },
      directors: ["Cid"],
      cast: [
        { name: "Ann", photo: { url: "https://image.tmdb.org/t/p/w185/b.jpg", hosted: null } },
        { name: "Bob", character: null, photo: null },
      ],
      trailers: [{ name: "One", thumbnail: null }],
      ratings: [{ source: "TMDB", value_0_100: 80, votes: 1_000 }],
      episode_display: null,
    });
    expect(card.score?.low).toBeLessThan(card.score?.value ?? 0);
  });

  test("the short card is part of the full one, under a tag of its own", async () => {
    const film = await addWork();
    await addMeta(film);
    const full = await app.call(`/media/${film}/card`);
    const short = await app.call(`/media/${film}/card?form=short`);
    const body = shortCard.strict().parse(await short.json());
    expect(await full.json()).toMatchObject(body);
    expect(short.headers.get("etag")).not.toBe(full.headers.get("etag"));
  });

  test("a work of which only the title is known has a card too", async () => {
    const film = await addWork();
    const card = fullCard.strict().parse(await (await app.call(`/media/${film}/card`)).json());
    expect(card).toMatchObject({ overview: null, genres: [], cast: [], score: null, ratings: [] });
  });

  test("304 to whoever has it already, however the tag is written", async () => {
    const film = await addWork();
    const tag = await tagOf(film);
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, `"a","b" , W/${tag}`, "*"]) {
      const response = await app.call(`/media/${film}/card`, {
        headers: { "if-none-match": String(header) },
      });
      expect([header, response.status, await response.text()]).toEqual([header, 304, ""]);
      expect(response.headers.get("etag")).toBe(tag);
    }
    for (const header of ['"other"', "nonsense", `${tag?.slice(0, -1)}x"`]) {
      const response = await app.call(`/media/${film}/card`, { headers: { "if-none-match": header } });
      expect([header, response.status]).toEqual([header, 200]);
    }
  });

  test("HEAD says the same without the body", async () => {
    const film = await addWork();
    const get = await app.call(`/media/${film}/card`);
    const head = await app.call(`/media/${film}/card`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
  });

  test.each(["999999999999", "abc", "%00", "9".repeat(40)])("what is no work is a 404: %s", async (id) => {
    const response = await app.call(`/media/${id}/card`);
    expect([response.status, (await errorOf(response)).code]).toEqual([404, "WORK_NOT_FOUND"]);
  });

  test("a form that there is not is a 400, and without a key there is no card", async () => {
    const film = await addWork();
    const bad = await app.call(`/media/${film}/card?form=tiny`);
    expect([bad.status, (await errorOf(bad)).code]).toEqual([400, "INVALID_INPUT"]);
    expect((await fetch(`${app.origin}/media/${film}/card`)).status).toBe(401);
  });
});

describe("T-11 a card is never old", () => {
  test("it moves with everything that it shows, whoever writes it", async () => {
    const film = await addWork();
    await addMeta(film);
    const update = (text: string) => () => pool.query(`${text} where work_id = ${film}`);
    expect(await changes(film, update("update works set title = 'Heat'"))).toBe(true);
    expect(await changes(film, update("update works set total_episodes = 3"))).toBe(true);
    expect(await changes(film, update("update works_meta set tagline = 'A line'"))).toBe(true);
    expect(await changes(film, () => rate(film, 70, 10))).toBe(true);
    expect(await changes(film, () => rate(film, 70, 20))).toBe(true);
    expect(await changes(film, update("delete from works_meta"))).toBe(true);
    expect(await changes(film, update("delete from rating_sources"))).toBe(true);
  });

  test("and stands still when nothing that it shows has changed", async () => {
    const film = await addWork();
    await addMeta(film);
    await rate(film, 70, 10);
    const update = (text: string) => () => pool.query(`${text} where work_id = ${film}`);
    expect(await changes(film, update("update works set request_count = 7, updated_at = now()"))).toBe(false);
    expect(await changes(film, update("update works_meta set fetched_at = now()"))).toBe(false);
    expect(await changes(film, () => rate(film, 70, 10))).toBe(false);
    expect(await changes(film, () => see(film, null, null))).toBe(false);
  });

  test("a series' card counts what was seen of it", async () => {
    const show = await addWork({ media_type: "tv", total_episodes: 10 });
    const display = async () =>
      fullCard.parse(await (await app.call(`/media/${show}/card`)).json()).episode_display;
    expect(await display()).toBe("0/10 episodes");
    expect(await changes(show, () => see(show, 1, 1))).toBe(true);
    expect(await display()).toBe("1/10 episodes");
    // Specials, and seasons without an episode, do not count.
    expect(await changes(show, () => see(show, 0, 1))).toBe(false);
    expect(await changes(show, () => see(show, 2, null))).toBe(false);
    const other = await addWork({ media_type: "tv" });
    await tagOf(other);
    await pool.query(`update viewings set work_id = ${other} where work_id = ${show} and season_number = 1`);
    expect(await display()).toBe("0/10 episodes");
    expect((await readCard(db, other, "short")).json).toContain("1 episode");
    await pool.query(`delete from viewings where work_id = ${other}`);
    expect((await readCard(db, other, "short")).json).toContain("0 episodes");
  });

  test("a reader waits for a writer who has begun, and reads what was written", async () => {
    const film = await addWork();
    await tagOf(film);
    await pool.query("update work_cards_cache set card_version = 0 where work_id = $1", [film]);
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const { promise: written, resolve: wrote } = Promise.withResolvers<void>();
    const writer = db.transaction().execute(async (trx) => {
      await sql`insert into works_meta (work_id, tagline) values (${film}::bigint, 'Written meanwhile')`.execute(
        trx,
      );
      wrote();
      await mayCommit;
    });
    await written;
    const reading = readCard(db, film, "full");
    commit();
    await writer;
    await reading;
    // Whichever came first: what is kept now holds what was committed.
    expect((await readCard(db, film, "full")).json).toContain("Written meanwhile");
  });

  test("the same facts give the same tag, built twice", async () => {
    const film = await addWork();
    await addMeta(film);
    const first = await tagOf(film);
    await pool.query("update work_cards_cache set card_version = 0, etag = 'x' where work_id = $1", [film]);
    expect(await tagOf(film)).toBe(first);
    await pool.query("update work_cards_cache set card_version = $2, etag = 'x' where work_id = $1", [
      film,
      CARD_VERSION + 1,
    ]);
    expect(await tagOf(film)).toBe(first);
  });

  test("cards are built beforehand by the sweeps, each once", async () => {
    await sweepCards(db);
    const added = await Promise.all(Array.from({ length: 120 }, () => addWork()));
    const built = await Promise.all([sweepCards(db), sweepCards(db)]);
    await sweepCards(db);
    expect(built.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(120);
    const { rows } = await pool.query(
      "select count(*)::int as built from work_cards_cache where card_version = $1 and work_id = any ($2)",
      [CARD_VERSION, added],
    );
    expect(rows).toEqual([{ built: 120 }]);
  });

  test("a removed work takes its card along", async () => {
    const film = await addWork();
    await addMeta(film);
    await rate(film, 50, 5);
    await tagOf(film);
    await pool.query("delete from works where work_id = $1", [film]);
    expect((await app.call(`/media/${film}/card`)).status).toBe(404);
  });
});

describe("If-None-Match", () => {
  test("compares weakly, by whole tags", () => {
    expect(isUnchanged(null, "a")).toBe(false);
    expect(isUnchanged("", "a")).toBe(false);
    expect(isUnchanged('"aa"', "a")).toBe(false);
    expect(isUnchanged('W/"a"', "a")).toBe(true);
    expect(isUnchanged(" * ", "a")).toBe(true);
    expect(isUnchanged('"b", "a"', "a")).toBe(true);
  });
});
