import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { episodeRuns, episodesOf, runsLength, runWords } from "#app/routes/library/work/episode-runs.ts";

const episodes = (...numbers: (number | null)[]) =>
  numbers.map((number) => ({ number, title: `E${number}`, times: 1, lastViewedOn: null }));

describe("S-04 a season's gaps", () => {
  it("are runs of what was seen and what was not, up to the last that TMDB lists", () => {
    const runs = episodeRuns({ episodeCount: 8, episodes: episodes(5, 1, 2, 2) });
    expect([runWords(runs, true), runWords(runs, false)]).toEqual(["1–2, 5", "3–4, 6–8"]);
    expect(runsLength(runs)).toBe(8);
  });

  it("reach as far as was seen where TMDB lists fewer or nothing", () => {
    expect(runWords(episodeRuns({ episodeCount: 2, episodes: episodes(4) }), false)).toBe("1–3");
    expect(runWords(episodeRuns({ episodeCount: null, episodes: episodes(1, 3) }), false)).toBe("2");
  });

  it("cannot be told where episodes are known by title alone, or nothing is known", () => {
    expect(episodeRuns({ episodeCount: 8, episodes: episodes(null, null) })).toEqual([]);
    expect(episodeRuns({ episodeCount: null, episodes: [] })).toEqual([]);
    expect(runsLength([])).toBe(0);
  });

  it("take no longer for an episode whose number is a date", () => {
    expect(episodeRuns({ episodeCount: 10, episodes: episodes(20_240_131) })).toEqual([
      { from: 1, to: 20_240_130, seen: false },
      { from: 20_240_131, to: 20_240_131, seen: true },
    ]);
  });

  it("hold every episode once, in order, with its fate", () => {
    const season = fc.record({
      episodeCount: fc.option(fc.integer({ min: 0, max: 40 })),
      numbers: fc.array(fc.integer({ min: 1, max: 40 })),
    });
    fc.assert(
      fc.property(season, ({ episodeCount, numbers }) => {
        const runs = episodeRuns({ episodeCount, episodes: episodes(...numbers) });
        const told = runs.flatMap((run) => episodesOf(run).map((number) => [number, run.seen]));
        const last = Math.max(0, episodeCount ?? 0, ...numbers);
        const expected = Array.from({ length: last }, (_, at) => [at + 1, numbers.includes(at + 1)]);
        expect(told).toEqual(expected);
      }),
    );
  });
});
