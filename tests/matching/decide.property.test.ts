import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, readQuery, type TitleQuery } from "#app/matching/candidate.ts";
import { decide } from "#app/matching/decide.ts";
import { rank } from "#app/matching/score.ts";

/** Few words, years and votes, so that titles collide, contain each other and miss each other by one. */
const title = fc
  .tuple(
    fc.constantFrom("", "The ", "A "),
    fc.array(fc.constantFrom("Thing", "Night", "Rocky", "Amélie", "2", "II", "& Sons", "Two"), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom("", "", ": Part Two", " (2001)", " (Director's Cut)", " - A New Night"),
  )
  .map(([article, words, tail]) => `${article}${words.join(" ")}${tail}`);
const year = fc.constantFrom(null, 1999, 2000, 2001, 2002, 2010);
const kind = fc.constantFrom("movie" as const, "tv" as const);
const votes = fc.constantFrom(0, 3, 40, 600, 20000);

const candidate: fc.Arbitrary<Candidate> = fc
  .record({
    tmdbId: fc.integer({ min: 1, max: 1000 }),
    mediaType: kind,
    title,
    originalTitle: title,
    alternativeTitles: fc.array(title, { maxLength: 2 }),
    year,
    voteCount: votes,
    adult: fc.boolean(),
    video: fc.boolean(),
  })
  .map((drawn) => ({ ...drawn, releaseDate: null, popularity: 1, posterPath: null, originalLanguage: "en" }));
const candidates = fc.uniqueArray(candidate, { selector: ({ tmdbId }) => tmdbId, maxLength: 7 });
const query: fc.Arbitrary<TitleQuery> = fc.record({ title, year, kind: fc.option(kind) });
const runs = { numRuns: 2000 };

function topScore(asked: TitleQuery, offered: Candidate[]): number {
  return rank(readQuery(asked), offered)[0]?.exactScore ?? 0;
}

describe("M-02 decisions, whatever the candidates", () => {
  test("do not depend on the order of the candidates", () => {
    const shuffled = candidates.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(query, shuffled, (asked, [one, other]) => {
        expect(decide(asked, other, "search_with_year")).toEqual(decide(asked, one, "search_with_year"));
      }),
      runs,
    );
  });

  test("never turn from none to match when a worse candidate is added", () => {
    fc.assert(
      fc.property(query, candidates, candidate, (asked, offered, added) => {
        fc.pre(decide(asked, offered, "search_with_year").outcome === "none");
        fc.pre(offered.every(({ tmdbId }) => tmdbId !== added.tmdbId));
        fc.pre(topScore(asked, [added]) <= topScore(asked, offered));
        expect(decide(asked, [...offered, added], "search_with_year").outcome).not.toBe("match");
      }),
      runs,
    );
  });

  test("never lose score when a candidate's title becomes the one asked for", () => {
    fc.assert(
      fc.property(query, candidates, fc.nat(), (asked, offered, pick) => {
        fc.pre(offered.length > 0);
        const chosen = offered[pick % offered.length]!;
        const equal = { ...chosen, title: readQuery(asked).title };
        const others = offered.map((one) => (one === chosen ? equal : one));
        const scoreOf = (list: Candidate[]) =>
          rank(readQuery(asked), list).find((one) => one.candidate.tmdbId === chosen.tmdbId)!.exactScore;
        expect(scoreOf(others)).toBeGreaterThanOrEqual(scoreOf(offered));
        const before = decide(asked, offered, "search_with_year").score;
        expect(decide(asked, others, "search_with_year").score).toBeGreaterThanOrEqual(before);
      }),
      runs,
    );
  });

  test("match only the candidate with the highest score, of the kind asked for", () => {
    fc.assert(
      fc.property(query, candidates, (asked, offered) => {
        const decision = decide(asked, offered, "search_with_year");
        expect(decision.tmdbId !== null).toBe(decision.outcome === "match");
        expect(decision.mediaType !== null).toBe(decision.outcome === "match");
        if (decision.outcome !== "match") return;
        expect(decision.candidates[0]).toMatchObject({
          tmdbId: decision.tmdbId,
          mediaType: decision.mediaType,
        });
        if (asked.kind !== null) expect(decision.mediaType).toBe(asked.kind);
      }),
      runs,
    );
  });

  test("never match a candidate of another year than the row's", () => {
    fc.assert(
      fc.property(query, candidates, candidate, (asked, offered, drawn) => {
        const read = readQuery(asked);
        const namesake = { ...drawn, tmdbId: 2000, title: read.title };
        const decision = decide(asked, [...offered, namesake], "search_with_year");
        if (decision.outcome !== "match" || read.year === null) return;
        expect(decision.candidates[0]?.year).toBe(read.year);
      }),
      runs,
    );
  });

  test("score between 0 and 1 with two decimals, list at most five, best first", () => {
    fc.assert(
      fc.property(query, candidates, (asked, offered) => {
        const decision = decide(asked, offered, "search_with_year");
        const scores = decision.candidates.map(({ score }) => score);
        expect(scores.length).toBe(Math.min(5, offered.length));
        expect(scores).toEqual(scores.toSorted((one, other) => other - one));
        for (const score of [decision.score, ...scores]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(Math.round(score * 100) / 100).toBe(score);
        }
      }),
      runs,
    );
  });
});
