import { describe, expect, it } from "vitest";
import { call, runningSandbox } from "./running-sandbox.ts";

let now = Date.UTC(2026, 0, 1, 12);
const sandbox = await runningSandbox({ now: () => now });
const get = (parameters: Record<string, string>) =>
  call(`${sandbox.omdbUrl}?${new URLSearchParams({ apikey: sandbox.keys.omdb, ...parameters })}`);

describe("I-10 Sandbox OMDb", () => {
  it("answers by id with strings only, N/A where something is missing", async () => {
    const { status, body } = await get({ i: "tt0133093" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Title: "The Matrix",
      Year: "1999",
      Released: "31 Mar 1999",
      Response: "True",
    });
    const { Ratings, ...rest } = body;
    expect(Ratings[0].Source).toBe("Internet Movie Database");
    for (const [name, value] of Object.entries(rest)) expect(value, name).toBeTypeOf("string");
    expect(body.Writer).toBe("N/A");
  });

  it("gives ONE match for a title, the year deciding between remakes", async () => {
    expect((await get({ t: "true grit" })).body.imdbID).toBe("tt1403865");
    expect((await get({ t: "True Grit", y: "1969" })).body.imdbID).toBe("tt0065126");
    expect((await get({ t: "fargo" })).body.Type).toBe("movie");
    expect((await get({ t: "fargo", type: "series" })).body).toMatchObject({
      Type: "series",
      totalSeasons: "5",
    });
  });

  it("gives series years with an en dash, open while it goes on", async () => {
    expect((await get({ i: "tt0903747" })).body.Year).toBe("2008\u20132013");
    expect((await get({ i: "tt11280740" })).body.Year).toBe("2022\u2013");
  });

  it("has years of its own where IMDb and TMDB differ", async () => {
    expect((await get({ i: "tt1259521" })).body.Year).toBe("2011");
  });

  it.each([
    [{ t: "zzzz nothing" }, "Movie not found!"],
    [{ s: "zzzz nothing" }, "Movie not found!"],
    [{ t: "zzzz nothing", type: "series" }, "Series not found!"],
    [{ i: "tt0000000" }, "Incorrect IMDb ID."],
    [{ i: "nonsense" }, "Incorrect IMDb ID."],
    [{ s: "a" }, "Too many results."],
    [{}, "Incorrect IMDb ID."],
  ])("says no to %o under HTTP 200", async (parameters, message) => {
    const answer = await get(parameters as Record<string, string>);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ Response: "False", Error: message });
  });

  it("searches ten at a time with a total in letters", async () => {
    const { body } = await get({ s: "the" });
    expect(body.Search).toHaveLength(10);
    expect(body.totalResults).toMatch(/^\d+$/);
    expect(Object.keys(body.Search[0])).toEqual(["Title", "Year", "imdbID", "Type", "Poster"]);
  });

  it("tells no key, a wrong key and a used-up key apart by the text alone", async () => {
    sandbox.control.configure({ omdbDailyLimit: 0 });
    const none = await call(`${sandbox.omdbUrl}?i=tt0133093`);
    const wrong = await call(`${sandbox.omdbUrl}?apikey=wrong&i=tt0133093`);
    const used = await get({ i: "tt0133093" });
    expect([none.status, wrong.status, used.status]).toEqual([401, 401, 401]);
    expect([none.body.Error, wrong.body.Error, used.body.Error]).toEqual([
      "No API key provided.",
      "Invalid API key!",
      "Request limit reached!",
    ]);
  });

  it("begins to count again on the next day", async () => {
    now += 86_400_000;
    sandbox.control.configure({ omdbDailyLimit: 2 });
    const statuses = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await get({ i: "tt0133093" })).status);
    expect(statuses).toEqual([200, 200, 401]);
    now += 86_400_000;
    expect((await get({ i: "tt0133093" })).status).toBe(200);
  });
});
