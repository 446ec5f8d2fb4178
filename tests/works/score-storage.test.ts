import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { removeRating, storeRatings } from "#app/works/ratings.server.ts";
import { findScore, sweepScores } from "#app/works/score.server.ts";
import { METHOD_VERSION, scoreOf } from "#app/works/score.ts";
import type { RatingFact } from "#app/works/title-facts.ts";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

async function addWork(title: string): Promise<string> {
  const { work_id } = await db
    .insertInto("works")
    .values({ media_type: "movie", title, title_key: title })
    .returning("work_id")
    .executeTakeFirstOrThrow();
  return work_id;
}

const rating = (
  sourceName: RatingFact["sourceName"],
  value0To100: number,
  votesCount: number | null,
): RatingFact => ({ sourceName, scaleType: "0-100", valueRaw: String(value0To100), value0To100, votesCount });

const store = (workId: string, ...ratings: RatingFact[]) =>
  db.transaction().execute((trx) => storeRatings(trx, workId, ratings));

const versionsOf = async (workId: string) =>
  (await db.selectFrom("aggregates").select("method_version").where("work_id", "=", workId).execute()).map(
    (row) => row.method_version,
  );

describe("T-10 scores beside the ratings", () => {
  it("moves with every rating, in its transaction", async () => {
    const work = await addWork("Heat");
    await store(work, rating("TMDB", 79.1, 7_400));
    const first = scoreOf([{ source: "TMDB", value: 79.1, votes: 7_400 }]);
    expect(await findScore(db, work)).toMatchObject({ ...first, methodVersion: METHOD_VERSION });

    await store(work, rating("IMDb", 83, 760_000));
    const second = scoreOf([
      { source: "IMDb", value: 83, votes: 760_000 },
      { source: "TMDB", value: 79.1, votes: 7_400 },
    ]);
    expect(await findScore(db, work)).toMatchObject({ ...second });

    const undone = db.transaction().execute(async (trx) => {
      await storeRatings(trx, work, [rating("TMDB", 10, 5)]);
      throw new Error("rolled back");
    });
    await expect(undone).rejects.toThrow("rolled back");
    expect(await findScore(db, work)).toMatchObject({ ...second });
  });

  it("goes with the last rating", async () => {
    const work = await addWork("Forgotten");
    await store(work, rating("IMDb", 50, null));
    await db.transaction().execute((trx) => removeRating(trx, work, "IMDb"));
    expect(await findScore(db, work)).toBeNull();
    expect(await versionsOf(work)).toEqual([]);
  });

  it("counts both ratings when two sources are written at the same moment", async () => {
    const works = await Promise.all(Array.from({ length: 10 }, (_, at) => addWork(`At once ${at}`)));
    await Promise.all(
      works.flatMap((work) => [
        store(work, rating("TMDB", 40, 100)),
        store(work, rating("IMDb", 90, 100)),
        store(work, rating("Metacritic", 70, null)),
      ]),
    );
    for (const work of works)
      expect(Object.keys((await findScore(db, work))?.sources ?? {}).sort()).toEqual([
        "IMDb",
        "Metacritic",
        "TMDB",
      ]);
  });

  it("is computed anew where an older formula computed it, once, by however many sweep at once", async () => {
    const works = await Promise.all(Array.from({ length: 30 }, (_, at) => addWork(`Old ${at}`)));
    for (const work of works) await store(work, rating("TMDB", 70, 1_000));
    await sql`update aggregates set method_version = 0, ai_score = 1, ai_score_low = 1, ai_score_high = 1
      where work_id = any (${sql.val(works)}::bigint[])`.execute(db);
    expect((await findScore(db, works[0]!))?.methodVersion).toBe(0);
    const done = await Promise.all([sweepScores(db), sweepScores(db), sweepScores(db)]);
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(30);
    const expected = scoreOf([{ source: "TMDB", value: 70, votes: 1_000 }]);
    for (const work of works) {
      expect(await findScore(db, work)).toMatchObject({ ...expected });
      expect(await versionsOf(work)).toEqual([METHOD_VERSION]);
    }
    expect(await sweepScores(db)).toBe(0);
  });

  it("has one writer of ratings", async () => {
    const files = (await readdir("app", { recursive: true })).filter((file) => file.endsWith(".ts"));
    const writers: string[] = [];
    for (const file of files) {
      const text = await readFile(join("app", file), "utf8");
      const writes =
        /(insert into|update|delete from) rating_sources\b|(insertInto|updateTable|deleteFrom)\("rating_sources"/;
      if (writes.test(text)) writers.push(file);
    }
    expect(writers).toEqual(["works/ratings.server.ts"]);
  });
});
