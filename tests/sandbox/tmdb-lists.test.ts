import { describe, expect, it } from "vitest";
import { call, runningSandbox, tmdb } from "./running-sandbox.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const sandbox = await runningSandbox({ now: () => NOW });
const get = (path: string, parameters: Record<string, string> = {}) => call(tmdb(sandbox, path, parameters));

interface Item {
  id: number;
  title: string;
  release_date: string;
  media_type?: string;
  adult: boolean | null;
}
const LISTS = ["/movie/popular", "/movie/now_playing", "/trending/movie/week"];

async function itemsOf(path: string, pages: number): Promise<Item[]> {
  const answers = await Promise.all(
    Array.from({ length: pages }, (_, at) => get(path, { page: String(at + 1), language: "en-US" })),
  );
  return answers.flatMap((answer) => answer.body.results);
}

describe("Sandbox TMDB: lists", () => {
  it.each(LISTS)("%s has five pages of 20 films, each once, and details of every one", async (path) => {
    const items = await itemsOf(path, 5);
    expect(items).toHaveLength(100);
    expect(new Set(items.map((item) => item.id)).size).toBe(100);
    for (const item of items.slice(0, 10)) {
      const { body } = await get(`/movie/${item.id}`);
      expect(body).toMatchObject({ id: item.id, title: item.title, release_date: item.release_date });
    }
  });

  it("plays now what came out in the last six weeks or is about to", async () => {
    const { dates, results, total_pages } = (await get("/movie/now_playing")).body;
    expect(dates).toEqual({ maximum: "2026-11-23", minimum: "2026-10-09" });
    for (const item of results) {
      expect(item.release_date >= dates.minimum && item.release_date <= dates.maximum).toBe(true);
    }
    expect((await itemsOf("/movie/now_playing", total_pages)).length).toBe(180);
    expect((await get("/movie/now_playing", { page: String(total_pages + 1) })).body.results).toEqual([]);
  });

  it("hold old and new films, and overlap", async () => {
    const [popular, trending] = [await itemsOf(LISTS[0]!, 5), await itemsOf(LISTS[2]!, 5)];
    expect(popular.some((item) => item.release_date < "2010")).toBe(true);
    expect(popular.some((item) => item.release_date > "2026-11")).toBe(true);
    const known = new Set(popular.map((item) => item.id));
    expect(trending.filter((item) => known.has(item.id)).length).toBeGreaterThan(10);
    expect(trending.every((item) => item.media_type === "movie")).toBe(true);
  });

  it.each(LISTS)("%s refuses a page over 500, whatever total_pages says", async (path) => {
    expect((await get(path, { page: "500" })).status).toBe(200);
    for (const page of ["501", "0", "one"]) {
      const answer = await get(path, { page });
      expect([answer.status, answer.body.status_code]).toEqual([400, 22]);
    }
  });

  it("drift on demand: films come twice, or slip through", async () => {
    sandbox.control.configure({ listDrift: 3 });
    expect(new Set((await itemsOf("/movie/popular", 5)).map((item) => item.id)).size).toBe(88);
    sandbox.control.configure({ listDrift: 0 });
    const all = (await itemsOf("/movie/popular", 6)).map((item) => item.id);
    sandbox.control.configure({ listDrift: -3 });
    const slipped = (await itemsOf("/movie/popular", 5)).map((item) => item.id);
    expect(new Set(slipped).size).toBe(100);
    expect(slipped).not.toContain(all[20]);
    expect(slipped).toContain(all[23]);
  });

  it("mix in on demand what does not belong there", async () => {
    sandbox.control.configure({ oddListItems: true });
    const kinds = (await itemsOf("/trending/movie/week", 1)).map((item) => item.media_type);
    expect(new Set(kinds)).toEqual(new Set(["movie", "tv", "person"]));
    const popular = await itemsOf("/movie/popular", 1);
    expect(popular.filter((item) => item.adult)).toHaveLength(1);
  });
});

describe("Sandbox TMDB: the change feed", () => {
  const changes = async (parameters: Record<string, string> = {}) =>
    (await get("/movie/changes", parameters)).body;
  const window = { start_date: "2026-11-10", end_date: "2026-11-20" };

  it("names ids, a hundred a page, some of them gone", async () => {
    const first = await changes(window);
    expect(first.results).toHaveLength(100);
    expect(first).toMatchObject({ page: 1, total_pages: 14, total_results: 11 * 120 });
    const pages = await Promise.all(
      Array.from({ length: 14 }, (_, at) => changes({ ...window, page: String(at + 1) })),
    );
    const all: Item[] = pages.flatMap((page) => page.results);
    expect(new Set(all.map((change) => change.id)).size).toBe(11 * 120);
    expect(all.filter((change) => change.adult === null).length).toBeGreaterThan(10);
    expect((await changes({ ...window, page: "15" })).results).toEqual([]);
  });

  it("is of the last day when nothing is asked", async () => {
    expect((await changes()).total_results).toBe(240);
  });

  it.each([
    [{ start_date: "2026-11-01", end_date: "2026-11-16" }, 422, 20],
    [{ start_date: "2026-11-02", end_date: "2026-11-01" }, 422, 20],
    [{ start_date: "1 Nov", end_date: "2026-11-01" }, 400, 23],
    [{ end_date: "2026-02-30" }, 400, 23],
    [{ page: "501" }, 400, 22],
  ] as [Record<string, string>, number, number][])("refuses %j", async (parameters, status, code) => {
    const answer = await get("/movie/changes", parameters);
    expect([answer.status, answer.body.status_code]).toEqual([status, code]);
  });

  it("follows what tests do to films: change, delete, merge", async () => {
    sandbox.control.configure({ changesPerDay: 0 });
    sandbox.control.editFilm({ id: 603, fields: { runtime: 137, keywords: { keywords: [] } } });
    sandbox.control.editFilm({ id: 680, deleted: true, changedOn: "2026-11-12" });
    sandbox.control.editFilm({ id: 605, mergedInto: 603 });
    sandbox.control.editFilm({ id: 550, fields: { title: "Silent" }, changedOn: null });
    sandbox.control.editFilm({ id: 13, changedOn: "2026-11-09" });
    expect((await changes(window)).results).toMatchObject([
      { id: 605, adult: null },
      { id: 680, adult: null },
      { id: 603, adult: false },
    ]);
    const film = (await get("/movie/603", { append_to_response: "keywords,credits" })).body;
    expect(film).toMatchObject({ runtime: 137, title: "The Matrix", keywords: { keywords: [] } });
    expect(film.credits.crew.length).toBeGreaterThan(0);
    expect((await get("/movie/680")).body.status_code).toBe(34);
    expect((await get("/movie/605")).body.id).toBe(603);
    expect((await get("/movie/550")).body.title).toBe("Silent");
    sandbox.control.clearFilmEdits();
    expect((await changes(window)).results).toEqual([]);
    expect((await get("/movie/680")).status).toBe(200);
  });

  it("has one of its own for series", async () => {
    sandbox.control.configure({ changesPerDay: 0 });
    sandbox.control.editFilm({ id: 603 });
    sandbox.control.editSeries({ id: 1396, fields: { number_of_episodes: 70 } });
    sandbox.control.editSeries({ id: 1399, deleted: true });
    const named = (await get("/tv/changes", window)).body;
    expect(named).toMatchObject({ total_results: 2, results: [{ id: 1399, adult: null }, { id: 1396 }] });
    expect((await get("/tv/1396")).body.number_of_episodes).toBe(70);
    expect((await get("/tv/1399")).status).toBe(404);
    expect((await get("/movie/1396")).body.number_of_episodes).toBeUndefined();
  });

  it("takes the same over HTTP, and refuses nonsense", async () => {
    const steer = (body: unknown) =>
      call(`${sandbox.url}/__sandbox/films`, { method: "POST", body: JSON.stringify(body) });
    expect((await steer([{ id: 603, deleted: true }])).body.films).toMatchObject([
      { id: 603, deleted: true },
    ]);
    expect((await steer({ id: 603, changedOn: "yesterday" })).status).toBe(400);
    await call(`${sandbox.url}/__sandbox/films`, { method: "DELETE" });
    expect((await get("/movie/603")).status).toBe(200);
  });
});

describe("Sandbox TMDB: pictures in trouble", () => {
  it("can be too large, of another type, or away", async () => {
    const { poster_path: poster } = (await get("/movie/603")).body;
    const ask = () => fetch(`${sandbox.tmdbImageUrl}/w342${poster}`);
    const play = (fault: Parameters<typeof sandbox.control.addFault>[0]["fault"]) => {
      sandbox.control.clearFaults();
      sandbox.control.addFault({ service: "tmdbImages", fault });
      return ask();
    };
    const large = await play({ kind: "tooLarge", bytes: 3_000_000, contentType: "image/jpeg" });
    expect(large.headers.get("content-type")).toBe("image/jpeg");
    expect((await large.arrayBuffer()).byteLength).toBe(3_000_000);
    expect((await play({ kind: "html" })).headers.get("content-type")).toContain("text/html");
    expect((await play({ kind: "status", status: 404, body: "File not Found" })).status).toBe(404);
    sandbox.control.clearFaults();
    expect((await ask()).headers.get("content-type")).toBe("image/png");
  });
});
