import { describe, expect, it } from "vitest";
import { call, runningSandbox, tmdb } from "./running-sandbox.ts";

const sandbox = await runningSandbox();
const get = (path: string, parameters: Record<string, string> = {}) => call(tmdb(sandbox, path, parameters));
const searchIds = async (parameters: Record<string, string>) =>
  (await get("/search/movie", parameters)).body.results.map((film: { id: number }) => film.id);

describe("Sandbox TMDB: keys", () => {
  const path = () => `${sandbox.tmdbUrl}/movie/550`;
  const refused = {
    success: false,
    status_code: 7,
    status_message: "Invalid API key: You must be granted a valid key.",
  };

  it("takes the v3 key as a parameter and the v4 token as a bearer", async () => {
    expect((await call(`${path()}?api_key=${sandbox.keys.tmdb}`)).status).toBe(200);
    const headers = { authorization: `Bearer ${sandbox.keys.tmdbBearer}` };
    expect((await call(path(), { headers })).status).toBe(200);
  });

  it.each([
    ["no key", () => call(path())],
    ["a wrong key", () => call(`${path()}?api_key=${"0".repeat(32)}`)],
    ["the token as api_key", () => call(`${path()}?api_key=${sandbox.keys.tmdbBearer}`)],
    ["the key as bearer", () => call(path(), { headers: { authorization: `Bearer ${sandbox.keys.tmdb}` } })],
  ])("refuses %s with code 7", async (_, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(refused);
  });
});

describe("Sandbox TMDB: search", () => {
  it("finds by title, original title and alternative title, whatever the case and the accents", async () => {
    for (const query of ["amelie", "AMÉLIE", "Le fabuleux destin d'Amelie", "Amélie"]) {
      expect(await searchIds({ query }), query).toContain(194);
    }
    expect(await searchIds({ query: "기생충" })).toEqual([496243]);
    expect(await searchIds({ query: "Seven", year: "1995" })).toContain(807);
    expect(await searchIds({ query: "七人の侍" })).toEqual([346]);
    expect(await searchIds({ query: "oceans eleven" })).toEqual([161, 299]);
    expect(await searchIds({ query: "aeon flux" })).toEqual([8202]);
  });

  it("takes the last word as a beginning and the others whole", async () => {
    expect(await searchIds({ query: "blade run" })).toEqual(expect.arrayContaining([78, 335984]));
    expect(await searchIds({ query: "bla runner" })).toEqual([]);
  });

  it("does not read & as and: that is the client's work", async () => {
    expect(await searchIds({ query: "Lilo & Stitch" })).toEqual([11544]);
    expect(await searchIds({ query: "Lilo and Stitch" })).toEqual([]);
  });

  it("orders by popularity, so that the exact title need not come first", async () => {
    const { results } = (await get("/search/movie", { query: "alien" })).body;
    const popularity = results.map((film: { popularity: number }) => film.popularity);
    expect(popularity).toEqual([...popularity].sort((a: number, b: number) => b - a));
    expect(await searchIds({ query: "the avengers" })).toEqual([24428, 9320]);
    expect((await searchIds({ query: "batman" }))[0]).toBe(414906);
  });

  it("looks at the primary date for primary_release_year and at any release for year", async () => {
    expect(await searchIds({ query: "oldboy", primary_release_year: "2003" })).toEqual([670]);
    expect(await searchIds({ query: "oldboy", primary_release_year: "2005" })).toEqual([]);
    expect(await searchIds({ query: "oldboy", year: "2005" })).toEqual([670]);
    expect(await searchIds({ query: "the cabin in the woods", primary_release_year: "2011" })).toEqual([]);
    expect(await searchIds({ query: "the cabin in the woods", year: "2011" })).toEqual([22970]);
  });

  it("knows all remakes of one name", async () => {
    expect((await searchIds({ query: "a star is born" })).toSorted((a: number, b: number) => a - b)).toEqual([
      3111, 19610, 22692, 332562,
    ]);
  });

  it("answers an empty list for a title nobody has", async () => {
    expect((await get("/search/movie", { query: "zzzz nothing" })).body).toEqual({
      page: 1,
      results: [],
      total_pages: 1,
      total_results: 0,
    });
  });

  it("insists on a query, a year and a page that make sense", async () => {
    expect((await get("/search/movie")).status).toBe(422);
    expect((await get("/search/movie", { query: "heat", year: "20055" })).body.status_code).toBe(5);
    for (const page of ["0", "501", "x"]) {
      const answer = await get("/search/movie", { query: "heat", page });
      expect([answer.status, answer.body.status_code], page).toEqual([400, 22]);
    }
  });

  it("pages by 20", async () => {
    const first = (await get("/search/movie", { query: "the" })).body;
    const second = (await get("/search/movie", { query: "the", page: "2" })).body;
    expect(first.results).toHaveLength(20);
    expect(first.total_pages).toBe(Math.ceil(first.total_results / 20));
    const ids = new Set([...first.results, ...second.results].map((film: { id: number }) => film.id));
    expect(ids.size).toBe(first.results.length + second.results.length);
  });

  it("searches series by name and by first or any year", async () => {
    const ids = async (parameters: Record<string, string>) =>
      (await get("/search/tv", parameters)).body.results.map((one: { id: number }) => one.id);
    expect(await ids({ query: "the office" })).toEqual([2316, 2996]);
    expect(await ids({ query: "the office", first_air_date_year: "2001" })).toEqual([2996]);
    expect(await ids({ query: "the office", year: "2010" })).toEqual([2316]);
  });
});

describe("Sandbox TMDB: details", () => {
  it("answers a number and an IMDb id with the same body", async () => {
    const byNumber = await get("/movie/76341");
    const byImdbId = await get("/movie/tt1392190");
    expect(byNumber.body).toMatchObject({ id: 76341, imdb_id: "tt1392190", title: "Mad Max: Fury Road" });
    expect(byImdbId.body).toEqual(byNumber.body);
  });

  it("appends what is asked under the path's own name, without an id of its own", async () => {
    const names = [
      "credits", "videos", "similar", "release_dates", "images", "keywords",
      "watch/providers", "external_ids", "alternative_titles",
    ]; // biome-ignore format: a list of names
    const { body } = await get("/movie/194", { append_to_response: [...names, "no_such_thing"].join(",") });
    for (const name of names) expect(body, name).toHaveProperty([name]);
    expect(body).not.toHaveProperty("no_such_thing");
    expect(body.credits).not.toHaveProperty("id");
    expect(body.credits.crew[0]).toMatchObject({ name: "Jean-Pierre Jeunet", job: "Director" });
    expect((await get("/movie/194/credits")).body.id).toBe(194);
  });

  it("filters images by language unless include_image_language widens it", async () => {
    const narrow = (await get("/movie/194/images", { language: "en-US" })).body;
    const wide = (await get("/movie/194/images", { language: "en-US", include_image_language: "en,null" }))
      .body;
    expect(narrow.backdrops).toEqual([]);
    expect(wide.backdrops).toHaveLength(3);
  });

  it("refuses more than 20 appended objects with code 27", async () => {
    const names = Array.from({ length: 21 }, (_, at) => `part${at}`).join(",");
    const answer = await get("/movie/550", { append_to_response: names });
    expect([answer.status, answer.body.status_code]).toEqual([400, 27]);
  });

  it.each([
    "/movie/999999999",
    "/movie/tt0000000",
    "/tv/999999999",
    "/movie/550/nothing",
    "/nothing",
    "/movie/%E0",
  ])("answers %s with 404, code 34 and success false", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ success: false, status_code: 34 });
  });

  it("counts neither the specials' season nor their episodes", async () => {
    const { body } = await get("/tv/1396", { append_to_response: "external_ids" });
    expect(body).toMatchObject({ number_of_seasons: 5, number_of_episodes: 62 });
    expect(body.seasons[0]).toMatchObject({ season_number: 0, episode_count: 9 });
    expect(body).not.toHaveProperty("imdb_id");
    expect(body.external_ids.imdb_id).toBe("tt0903747");
  });

  it("finds by external id, answers an unknown one with five empty arrays, and wants a source", async () => {
    const found = (await get("/find/tt0211915", { external_source: "imdb_id" })).body;
    expect(found.movie_results).toMatchObject([{ id: 194, media_type: "movie" }]);
    expect((await get("/find/81189", { external_source: "tvdb_id" })).body.tv_results).toMatchObject([
      { id: 1396 },
    ]);
    const unknown = await get("/find/tt9999999", { external_source: "imdb_id" });
    expect(unknown.status).toBe(200);
    expect(Object.values(unknown.body)).toEqual([[], [], [], [], []]);
    expect((await get("/find/tt0211915")).status).toBe(422);
  });

  it("serves pictures under the addresses that the configuration names", async () => {
    const { images } = (await get("/configuration")).body;
    expect(images.secure_base_url).toBe(`${sandbox.tmdbImageUrl}/`);
    const { poster_path } = (await get("/movie/550")).body;
    const picture = await fetch(`${images.secure_base_url}w342${poster_path}`);
    expect(picture.headers.get("content-type")).toBe("image/png");
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect((await fetch(`${images.secure_base_url}w343${poster_path}`)).status).toBe(404);
  });
});

describe("Sandbox TMDB: synthetic films", () => {
  it("serves each by title, number and IMDb id, and none beyond their count", async () => {
    const { results } = (await get("/search/movie", { query: "Quiet Harbor 00000" })).body;
    expect(await searchIds({ query: "Velvet Harbor 00000" })).toEqual([]);
    expect(results).toMatchObject([{ id: 10_000_000, title: "Quiet Harbor 00000" }]);
    expect((await get("/movie/10000042")).body).toMatchObject({ id: 10_000_042, imdb_id: "tt900000042" });
    expect((await get("/movie/tt900000042")).body.id).toBe(10_000_042);
    expect((await get("/movie/11000000")).status).toBe(404);
  });

  it("leaves holes as the long tail has them", async () => {
    expect((await get("/movie/10000097")).body.imdb_id).toBeNull();
    expect((await get("/movie/10000089")).body).toMatchObject({ poster_path: null, overview: "" });
    expect((await get("/movie/10000083")).body.runtime).toBeNull();
    expect((await get("/movie/10000166")).body.runtime).toBe(0);
  });
});
