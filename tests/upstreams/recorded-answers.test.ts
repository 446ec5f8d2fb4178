import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { omdbTitle, readTitle } from "#app/upstreams/omdb/shapes.ts";
import {
  changesPage,
  configuration,
  findResults,
  movieDetails,
  movieListPage,
  movieSearchPage,
  seriesDetails,
  seriesSearchPage,
} from "#app/upstreams/tmdb/shapes.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

function filesOf(folder: string, pattern: RegExp): string[] {
  if (!sharedFixtures) return [];
  return readdirSync(join(sharedFixtures, folder)).filter((name) => pattern.test(name));
}

function bodyOf(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(sharedFixtures ?? "", folder, name), "utf8"));
}

const TMDB: [string, RegExp, z.ZodType][] = [
  ["film searches", /^(search_movie|trending_movie|movie_(popular|now_playing|similar))_/, movieSearchPage],
  ["film lists", /^(trending_movie|movie_(popular|now_playing))_/, movieListPage],
  ["changes", /^movie_changes_/, changesPage],
  ["series searches", /^search_tv_/, seriesSearchPage],
  ["films", /^movie__/, movieDetails],
  ["series", /^tv__/, seriesDetails],
  ["ids of others", /^find__/, findResults],
  ["configurations", /^configuration__/, configuration],
];

describe.skipIf(!sharedFixtures).each(TMDB)("T-03 recorded TMDB answers: %s", (_name, pattern, shape) => {
  const names = filesOf("tmdb", pattern);

  it("there are some", () => expect(names.length).toBeGreaterThan(0));

  it.each(names)("%s is read, and what was read is read again unchanged", (name) => {
    const body = bodyOf("tmdb", name) as Record<string, unknown>;
    const once = shape.parse(body);
    expect(shape.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
    const results = (once as { results?: unknown[] }).results;
    if (results) expect(results).toHaveLength((body.results as unknown[]).length);
  });
});

describe.skipIf(!sharedFixtures)("T-03 recorded TMDB answers: appended parts", () => {
  it.each(filesOf("tmdb", /^(movie|tv)__.*append/))("%s: no appended part or entry is lost", (name) => {
    type Parts = Record<string, Record<string, unknown[]> | null | undefined>;
    const body = bodyOf("tmdb", name) as Parts;
    const shape: z.ZodType = name.startsWith("movie") ? movieDetails : seriesDetails;
    const read = shape.parse(body) as Parts;
    for (const [part, list] of [
      ["credits", "cast"],
      ["credits", "crew"],
      ["videos", "results"],
      ["images", "posters"],
      ["images", "backdrops"],
      ["keywords", "keywords"],
      ["keywords", "results"],
      ["similar", "results"],
      ["release_dates", "results"],
      ["alternative_titles", "titles"],
    ] as const) {
      const raw = body[part]?.[list];
      if (raw) expect([part, list, read[part]?.[list]?.length]).toEqual([part, list, raw.length]);
    }
    const raw = body["watch/providers"]?.results;
    if (raw) expect(Object.keys(read["watch/providers"]?.results ?? {})).toEqual(Object.keys(raw));
  });
});

describe.skipIf(!sharedFixtures)("T-10 recorded OMDb answers", () => {
  it.each(filesOf("omdb", /tt\d+__imdbValid|^id-existing|^title-(?!nonexistent|season-)|^search-result-1/))(
    "%s is read",
    (name) => {
      const body = bodyOf("omdb", name) as Record<string, string>;
      const title = readTitle(omdbTitle.parse(body));
      expect(title).toMatchObject({ title: body.Title, imdbId: body.imdbID, type: body.Type });
      expect(title.year).toBe(Number(body.Year!.slice(0, 4)));
      if (body.imdbVotes !== "N/A") expect(title.imdbVotes).toBe(Number(body.imdbVotes!.replaceAll(",", "")));
    },
  );
});
