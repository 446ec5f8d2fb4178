import { describe, expect, it } from "vitest";
import { loadWork } from "#app/routes/library/work/load-work.server.ts";
import { ingestMovie } from "#app/works/ingest-movie.server.ts";
import { findWorkExtras } from "#app/works/work-extras.server.ts";
import { filmDesk } from "#tests/works/film-desk.ts";

const desk = await filmDesk();
const MATRIX = 603;

async function stored(tmdbId: number): Promise<string> {
  const ingested = await ingestMovie(desk.ctx, tmdbId);
  if (ingested.outcome !== "stored") throw new Error(ingested.outcome);
  return ingested.workId;
}

const page = async (workId: string, search = "") =>
  (await loadWork({ db: desk.db, config: desk.config }, workId, new URLSearchParams(search))).extras;

describe("T-03 the page of a film shows what its ingest stored", () => {
  it("people, production, videos and similar films, linked where the library has them", async () => {
    const workId = await stored(MATRIX);
    const before = await page(workId);
    expect(before.cast.first[0]?.name).toBe("Keanu Reeves");
    expect(before.crew.key[0]).toEqual({
      label: "Directed by",
      names: ["Lana Wachowski", "Lilly Wachowski"],
    });
    expect(before).toMatchObject({
      companies: ["United States of America Pictures"],
      countries: ["United States"],
    });
    expect(before.videos[0]?.url).toMatch(/^https:\/\/www\.youtube\.com\/watch\?v=/);
    expect(before.similar).toHaveLength(10);
    expect(before.similar.every((film) => film.workId === null)).toBe(true);
    const [first] = before.similar;
    const other = await stored(first!.tmdbId);
    expect((await page(workId)).similar[0]).toEqual({ ...first, workId: other });
  });

  it("ways to watch in the country that is asked for, else in the United States", async () => {
    const workId = await stored(MATRIX);
    const american = (await page(workId)).watch;
    expect(american).toMatchObject({
      country: "US",
      countryName: "United States",
      kinds: [
        { label: "Rent", providers: ["Apple TV"] },
        { label: "Buy", providers: ["Apple TV"] },
      ],
    });
    expect(american?.countries.map((country) => country.code)).toEqual(["GB", "US"]);
    expect((await page(workId, "country=GB")).watch).toMatchObject({
      country: "GB",
      kinds: [{ label: "Subscription", providers: ["Netflix"] }],
    });
    for (const unknown of ["XX", "constructor", ""])
      expect((await page(workId, `country=${unknown}`)).watch?.country).toBe("US");
  });

  it("what the last refreshes changed", async () => {
    const workId = await stored(MATRIX);
    expect((await page(workId)).changes).toEqual([]);
    desk.sandbox.control.editFilm({ id: MATRIX, fields: { runtime: 137 } });
    await ingestMovie(desk.ctx, MATRIX, { fresh: true });
    desk.sandbox.control.clearFilmEdits();
    const { changes } = await page(workId);
    expect(changes).toMatchObject([
      { source: "tmdb", fields: [{ field: "runtime_minutes", before: 136, after: 137 }] },
    ]);
  });

  it("nothing of a work whose title alone is known, and nothing that is not what it should be", async () => {
    const { work_id: workId } = await desk.db
      .insertInto("works")
      .values({ media_type: "movie", title: "Bare", title_key: "bare" })
      .returning("work_id")
      .executeTakeFirstOrThrow();
    expect(await findWorkExtras(desk.db, workId)).toMatchObject({
      cast: [],
      watch: {},
      similar: [],
      budget: null,
    });
    await desk.db
      .insertInto("works_meta")
      .values({
        work_id: workId,
        cast_members: '[{"name": 1}, "x", {"name": "Somebody"}]',
        trailers: '[{"name": "x", "url": "javascript:alert(1)"}]',
        streaming:
          '{"US": {"rent": 7, "link": "javascript:alert(1)", "buy": [{"provider_name": "Shop"}]}, "x": 1}',
      })
      .execute();
    const extras = await findWorkExtras(desk.db, workId);
    expect(extras.cast).toEqual([{ name: "Somebody" }]);
    expect(extras.videos).toEqual([]);
    expect(extras.watch).toEqual({ US: { link: null, kinds: [{ kind: "buy", providers: ["Shop"] }] } });
  });
});
