import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { call, runningSandbox, tmdb } from "./running-sandbox.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

function kindOf(value: Json): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}

/** Objects keyed by data (countries), in which only the common keys can be compared. */
const KEYED_BY_DATA = /\.(watch\/providers\.results|results)$/;
/** Keys that came in 2026 or are on newer bodies only. */
const NEWER = new Set(["softcore", "origin_country", "iso_3166_1", "success", "descriptors"]);
/** Ways to watch: each of them is optional in every country. */
const OPTIONAL = new Set(["flatrate", "rent", "buy", "ads", "free"]);

/** Where our body differs in keys or types from a recorded one. Null fits anything: most keys can be null. */
function differences(real: Json, ours: Json, at: string): string[] {
  if (real === null || ours === null) return [];
  if (kindOf(real) !== kindOf(ours)) return [`${at}: ${kindOf(real)} there, ${kindOf(ours)} here`];
  if (Array.isArray(real) && Array.isArray(ours)) {
    const [realItem, ourItem] = [real[0], ours[0]];
    return realItem === undefined || ourItem === undefined ? [] : differences(realItem, ourItem, `${at}[]`);
  }
  if (typeof real !== "object" || typeof ours !== "object" || Array.isArray(real) || Array.isArray(ours))
    return [];
  const names = new Set([...Object.keys(real), ...Object.keys(ours)]);
  return [...names].flatMap((name) => {
    const [there, here] = [real[name], ours[name]];
    if (there !== undefined && here !== undefined) return differences(there, here, `${at}.${name}`);
    if (NEWER.has(name) || OPTIONAL.has(name) || KEYED_BY_DATA.test(at)) return [];
    return [`${at}.${name}: ${there === undefined ? "only here" : "missing here"}`];
  });
}

function fixture(name: string): Json {
  return JSON.parse(readFileSync(join(sharedFixtures ?? "", name), "utf8"));
}

const APPENDED =
  "credits,release_dates,external_ids,keywords,images,alternative_titles,recommendations,similar,videos,watch/providers";

describe.skipIf(sharedFixtures === null)("Sandbox bodies have the shape of recorded ones", async () => {
  const sandbox = await runningSandbox();
  const ask = async (path: string, parameters: Record<string, string> = {}) =>
    (await call(tmdb(sandbox, path, parameters))).body;
  const omdb = async (parameters: Record<string, string>) =>
    (await call(`${sandbox.omdbUrl}?${new URLSearchParams({ apikey: sandbox.keys.omdb, ...parameters })}`))
      .body;

  it.each([
    [
      "movie__550__append_to_response_credits-release_dates-external_ids-keywords-images.json",
      "/movie/550",
      { append_to_response: "credits,release_dates,external_ids,keywords,images" },
    ],
    [
      "movie__120__append-all.json",
      "/movie/120",
      { append_to_response: "alternative_titles,credits,recommendations,release_dates,similar,videos" },
    ],
    ["movie_popular__list__page_1.json", "/movie/popular", {}],
    ["movie_now_playing__list__page_1.json", "/movie/now_playing", {}],
    ["trending_movie_week__list.json", "/trending/movie/week", {}],
    ["movie_changes__list__page_1.json", "/movie/changes", {}],
    ["search_movie__list__query_Inception.json", "/search/movie", { query: "Inception" }],
    ["search_tv__list__query_Breaking+Bad.json", "/search/tv", { query: "Breaking Bad" }],
    ["find__tt0903747__external_source_imdb_id.json", "/find/tt0903747", { external_source: "imdb_id" }],
    ["find__tt0266543__external_source_imdb_id.json", "/find/tt0266543", { external_source: "imdb_id" }],
    ["tv__1396.json", "/tv/1396", {}],
    ["tv_external_ids__1399.json", "/tv/1399/external_ids", {}],
    ["movie_alternative_titles__550.json", "/movie/194/alternative_titles", {}],
    ["movie_keywords__550.json", "/movie/550/keywords", {}],
    ["movie_videos__550.json", "/movie/550/videos", {}],
    ["movie_watch_providers__550__chiiya.json", "/movie/194/watch/providers", {}],
    ["configuration__list.json", "/configuration", {}],
    ["error_404__movie__999999999.json", "/movie/999999999", {}],
    ["error__adamayoung__error-status-400.json", "/search/movie", { query: "heat", page: "501" }],
  ] as [string, string, Record<string, string>][])("TMDB %s", async (name, path, parameters) => {
    expect(differences(fixture(`tmdb/${name}`), await ask(path, parameters), "body")).toEqual([]);
  });

  it("TMDB: errors word for word", async () => {
    expect(await ask("/movie/999999999")).toEqual(fixture("tmdb/error_404__movie__999999999.json"));
    const refused = await call(`${sandbox.tmdbUrl}/movie/550`);
    expect(refused.body).toEqual(fixture("tmdb/error__adamayoung__error-status-401.json"));
    const range = await ask("/movie/changes", { start_date: "2026-01-01", end_date: "2026-02-01" });
    expect(range).toEqual(fixture("tmdb/error__adamayoung__error-status-422.json"));
    const page = await ask("/search/movie", { query: "heat", page: "501" });
    expect(page).toEqual(fixture("tmdb/error__adamayoung__error-status-400.json"));
  });

  it("TMDB: the same ids, IMDb ids and years for films the recordings hold", async () => {
    for (const name of [
      "movie__348.json",
      "movie__550.json",
      "movie__76__append-all.json",
      "movie__87421__append-all.json",
    ]) {
      const { id, imdb_id, title, release_date } = fixture(`tmdb/${name}`) as Record<string, string>;
      const ours = await ask(`/movie/${id}`, { append_to_response: APPENDED });
      expect(ours).toMatchObject({ id, imdb_id, title });
      expect(ours.release_date.slice(0, 4)).toBe(release_date?.slice(0, 4));
    }
  });

  it.each([
    ["DavidVeloso__tt0299215__imdbValidResponse.json", { i: "tt0133093" }],
    ["DavidVeloso__error__imdbNotFoundResponse.json", { t: "zzzz nothing" }],
    ["search-find-0__s=Star_Wars.json", { s: "Star Wars" }],
    ["id-nonexistent-0__i=tt1231230123.json", { i: "tt1231230123" }],
  ] as [string, Record<string, string>][])("OMDb %s", async (name, parameters) => {
    expect(differences(fixture(`omdb/${name}`), await omdb(parameters), "body")).toEqual([]);
  });

  it("OMDb: refusals word for word", async () => {
    expect(await omdb({ t: "zzzz nothing" })).toEqual(
      fixture("omdb/DavidVeloso__error__imdbNotFoundResponse.json"),
    );
    expect(await omdb({ apikey: "wrong" })).toEqual(fixture("omdb/error__401__invalid_key__QUOTED.json"));
    expect(await omdb({ apikey: "" })).toEqual(fixture("omdb/error__401__no_key__QUOTED.json"));
    sandbox.control.configure({ omdbDailyLimit: 0 });
    expect(await omdb({ i: "tt0133093" })).toEqual(fixture("omdb/error__401__limit__QUOTED.json"));
  });
});
