import { beforeAll, describe, expect, it } from "vitest";
import { librarySorts, listWorks } from "#app/works/library.server.ts";
import { searchText } from "#app/works/search-text.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

async function addWork(
  mediaType: "movie" | "tv",
  title: string,
  more: { original?: string; tmdb?: number; seen?: string; total?: number } = {},
) {
  const { work_id } = await db
    .insertInto("works")
    .values({
      media_type: mediaType,
      tmdb_id: more.tmdb ?? null,
      title,
      title_key: `${title}|${mediaType}`,
      search_text: searchText(title, more.original ?? null),
      last_viewed_on: more.seen ?? null,
      total_episodes: more.total ?? null,
    })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  return work_id;
}

beforeAll(async () => {
  await addWork("movie", "Amélie", {
    original: "Le Fabuleux Destin d'Amélie Poulain",
    tmdb: 194,
    seen: "2024-01-02",
  });
  await addWork("movie", "Pride & Prejudice", { tmdb: 4348 });
  const show = await addWork("tv", "Breaking Bad", { tmdb: 1396, seen: "2024-02-01", total: 62 });
  await addWork("tv", "Nobody's Harbour");
  const episodes = [
    [1, 1, "2024-01-01"],
    [1, 1, "2024-02-01"],
    [1, 2, "2024-01-01"],
    [0, 1, "2024-01-01"],
  ] as const;
  for (const [season_number, episode_number, viewed_on] of episodes)
    await db
      .insertInto("viewings")
      .values({ work_id: show, season_number, episode_number, viewed_on })
      .execute();
});

const titles = async (
  ...args: Parameters<typeof listWorks> extends [unknown, ...infer Rest] ? Rest : never
) => (await listWorks(db, ...args)).works.map((work) => work.title);

describe("S-04 the library list", () => {
  it("says n of total for series, n alone where the total is unknown, nothing for films; specials and repeats do not count", async () => {
    const { works } = await listWorks(db, {}, "title", { limit: 10 });
    expect(works.map((work) => [work.title, work.episodeDisplay])).toEqual([
      ["Amélie", null],
      ["Breaking Bad", "2/62 episodes"],
      ["Nobody's Harbour", "0 episodes"],
      ["Pride & Prejudice", null],
    ]);
  });

  it("finds by words of any title, whatever the accents, the case and the marks", async () => {
    for (const search of ["amelie", "AMÉLIE", "fabuleux desti", "poulain  amelie"])
      expect(await titles({ search }, "title", { limit: 10 })).toEqual(["Amélie"]);
    expect(await titles({ search: "pride and" }, "title", { limit: 10 })).toEqual(["Pride & Prejudice"]);
    for (const search of ["amelie bad", "' & !() :*", "\\"])
      expect(await titles({ search }, "title", { limit: 10 })).toEqual([]);
    expect(await titles({ mediaType: "tv", match: "unmatched" }, "title", { limit: 10 })).toEqual([
      "Nobody's Harbour",
    ]);
  });

  it.each(librarySorts)("pages by %s: every work once, in the order of one long page", async (sort) => {
    const whole = await titles({}, sort, { limit: 10 });
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listWorks>> = await listWorks(db, {}, sort, {
        limit: 1,
        cursor: cursor ?? undefined,
      });
      paged.push(...page.works.map((work) => work.title));
      cursor = page.nextCursor;
    } while (cursor && paged.length < 10);
    expect(paged).toEqual(whole);
    expect(paged).toHaveLength(4);
  });

  it("refuses a cursor of another list or of nobody", async () => {
    const { nextCursor } = await listWorks(db, {}, "seen", { limit: 1 });
    for (const cursor of [nextCursor ?? "", "x", Buffer.from('["title","a\\u0000",1]').toString("base64url")])
      await expect(listWorks(db, {}, "title", { limit: 1, cursor })).rejects.toMatchObject({
        code: "BAD_CURSOR",
        status: 400,
      });
  });
});
