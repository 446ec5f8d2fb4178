import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SourceRating, scoreOf } from "#app/works/score.ts";

/** The prior mean of docs/score.md. */
const PRIOR_MEAN = 65;

const value = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const votes = fc.option(fc.integer({ min: 1, max: 3_000_000 }), { nil: null });
const ratings = fc.uniqueArray(
  fc.record({ source: fc.constantFrom("TMDB", "IMDb", "Rotten Tomatoes", "Metacritic"), value, votes }),
  { selector: ({ source }) => source, minLength: 1 },
);

const scored = (given: readonly SourceRating[]) => {
  const score = scoreOf(given);
  if (score === null) throw new Error("no score");
  return score;
};

describe("T-10 the score", () => {
  it("is none without ratings", () => {
    expect(scoreOf([])).toBeNull();
  });

  it("is the example of docs/score.md", () => {
    const heat = [
      { source: "TMDB", value: 79.1, votes: 7_400 },
      { source: "IMDb", value: 83, votes: 760_000 },
      { source: "Rotten Tomatoes", value: 84, votes: null },
      { source: "Metacritic", value: 76, votes: null },
    ];
    expect(scored(heat)).toEqual({
      score: 79.91,
      low: 76.21,
      high: 83.6,
      sources: {
        IMDb: { value: 83, votes: 760_000, share: 0.3158 },
        Metacritic: { value: 76, votes: null, share: 0.1598 },
        "Rotten Tomatoes": { value: 84, votes: null, share: 0.1598 },
        TMDB: { value: 79.1, votes: 7_400, share: 0.3141 },
      },
    });
  });

  it("stays within 0 to 100, and within its interval", () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const { score, low, high } = scored(given);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(low).toBeLessThanOrEqual(score);
        expect(score).toBeLessThanOrEqual(high);
      }),
    );
  });

  it("lies between the prior mean and what the sources say", () => {
    fc.assert(
      fc.property(ratings, (given) => {
        const all = [PRIOR_MEAN, ...given.map((rating) => rating.value)];
        const { score } = scored(given);
        expect(score).toBeGreaterThanOrEqual(Math.min(...all));
        expect(score).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });

  it("never falls when a source says more", () => {
    fc.assert(
      fc.property(ratings, fc.nat(), value, (given, at, more) => {
        const place = at % given.length;
        const raised = given.map((rating, index) =>
          index === place ? { ...rating, value: Math.max(rating.value, more) } : rating,
        );
        const [before, after] = [scored(given), scored(raised)];
        expect(after.score).toBeGreaterThanOrEqual(before.score);
        expect(after.low).toBeGreaterThanOrEqual(before.low);
        expect(after.high).toBeGreaterThanOrEqual(before.high);
      }),
    );
  });

  it("comes closer to what a source says, and its interval grows narrower, the more votes it has", () => {
    const several = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      // Away from 0 and 100, where the ends of the interval are cut.
      fc.property(fc.integer({ min: 20, max: 80 }), several, several, (says, a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        const before = scored([{ source: "TMDB", value: says, votes: few }]);
        const after = scored([{ source: "TMDB", value: says, votes: many }]);
        expect(Math.abs(after.score - says)).toBeLessThanOrEqual(Math.abs(before.score - says));
        // Both ends are rounded to hundredths.
        expect(after.high - after.low).toBeLessThanOrEqual(before.high - before.low + 0.011);
      }),
    );
  });

  it("narrows with votes beside other sources too", () => {
    const moderate = fc.uniqueArray(
      fc.record({
        source: fc.constantFrom("TMDB", "IMDb", "Metacritic"),
        value: fc.integer({ min: 40, max: 80 }),
        votes: fc.integer({ min: 1, max: 1_000 }),
      }),
      { selector: ({ source }) => source, minLength: 1 },
    );
    fc.assert(
      fc.property(moderate, (given) => {
        const [first, ...rest] = given;
        if (!first) return;
        const before = scored(given);
        const after = scored([{ ...first, votes: first.votes * 100 }, ...rest]);
        expect(after.high - after.low).toBeLessThanOrEqual(before.high - before.low + 0.011);
      }),
    );
  });

  it("does not depend on the order of the sources", () => {
    fc.assert(
      fc.property(ratings, (given) => {
        expect(scoreOf([...given].reverse())).toEqual(scoreOf(given));
        expect(JSON.stringify(scoreOf([...given].reverse()))).toBe(JSON.stringify(scoreOf(given)));
      }),
    );
  });

  it("is the prior mean for a rating that nobody gave", () => {
    expect(scored([{ source: "TMDB", value: 100, votes: 0 }]).score).toBe(PRIOR_MEAN);
  });

  it("puts a well-known good film before an unknown perfect one", () => {
    const known = scored([{ source: "TMDB", value: 84, votes: 20_000 }]);
    const unknown = scored([{ source: "TMDB", value: 100, votes: 3 }]);
    expect(known.score).toBeGreaterThan(unknown.score);
  });
});
