import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate, TitleQuery } from "#app/matching/candidate.ts";
import type { Decision } from "#app/matching/decide.ts";
import { type NextStep, nextStep, type StepResult } from "#app/matching/ladder.ts";
import { film, films, series } from "./films.ts";

/** What TMDB would say, written down: searches by "title|year|kind", alternative titles by id. Anything else finds nothing. */
interface Answers {
  searches?: Record<string, Candidate[]>;
  titles?: Record<number, string[]>;
}

function climb(query: TitleQuery, answers: Answers, calls = 2): { steps: string[]; decision: Decision } {
  const history: StepResult[] = [];
  const steps: string[] = [];
  for (let callsLeft = calls; ; callsLeft -= 1) {
    const next: NextStep = nextStep(query, history, { callsLeft });
    if (next.step === "done") return { steps, decision: next.decision };
    if (next.step === "search") {
      const key = `${next.params.query}|${next.params.year ?? ""}|${next.params.kind}`;
      steps.push(key);
      history.push({ ...next, candidates: answers.searches?.[key] ?? [] });
    } else {
      steps.push(`${next.mediaType}:${next.tmdbId}`);
      history.push({ ...next, titles: answers.titles?.[next.tmdbId] ?? [] });
    }
  }
}

const movie = (title: string, year: number | null): TitleQuery => ({ title, year, kind: "movie" });

describe("M-01 the ladder", () => {
  test("stops after one search that decides, and leaves a call for the details", () => {
    const { steps, decision } = climb(movie("Dune", 2021), {
      searches: { "Dune|2021|movie": [films.dune2021] },
    });
    expect(steps).toEqual(["Dune|2021|movie"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 438631, strategy: "search_with_year" });
  });

  test("searches without the year when the year finds nothing, and doubts what it finds", () => {
    const { steps, decision } = climb(movie("Werckmeister Harmonies", 2000), {
      searches: { "Werckmeister Harmonies||movie": [films.werckmeister] },
    });
    expect(steps).toEqual(["Werckmeister Harmonies|2000|movie", "Werckmeister Harmonies||movie"]);
    expect(decision).toMatchObject({
      outcome: "review",
      strategy: "search_without_year",
      reason: { code: "year_off_by_one" },
    });
  });

  test("searches the cleaned title before it gives up the year", () => {
    const { steps, decision } = climb(movie("Matrix, The", 1999), {
      searches: { "The Matrix|1999|movie": [films.matrix] },
    });
    expect(steps).toEqual(["Matrix, The|1999|movie", "The Matrix|1999|movie"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 603, strategy: "cleaned_title" });
  });

  test("spends no call on a spelling that only swaps & and and", () => {
    const { steps } = climb(movie("Mr. & Mrs. Smith", 2005), {});
    expect(steps).toEqual(["Mr. & Mrs. Smith|2005|movie", "Mr. & Mrs. Smith||movie"]);
  });

  test("takes the year out of the title", () => {
    const { steps, decision } = climb(movie("Crash (1996)", null), {
      searches: { "Crash|1996|movie": [films.crash1996] },
    });
    expect(steps).toEqual(["Crash|1996|movie"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 884 });
  });

  test("asks for alternative titles when another name has the right year", () => {
    const { steps, decision } = climb(movie("O Código Da Vinci", 2006), {
      searches: { "O Código Da Vinci|2006|movie": [film(7, "Da Vinci's World", 2006, 2), films.daVinci] },
      titles: { 591: ["El código Da Vinci", "O Código Da Vinci"] },
    });
    expect(steps).toEqual(["O Código Da Vinci|2006|movie", "movie:591"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 591, strategy: "alternative_title" });
  });

  test("finds a translated title without a year through the likeliest result", () => {
    const { steps, decision } = climb(movie("A Primeira Noite de Crime", null), {
      searches: { "A Primeira Noite de Crime||movie": [film(8, "Noites", 2001, 1), films.purge] },
      titles: { 158015: ["A Primeira Noite de Crime", "Uma Noite de Crime"] },
    });
    expect(steps).toEqual(["A Primeira Noite de Crime||movie", "movie:158015"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 158015, strategy: "alternative_title" });
  });

  test("leaves a part of a title to review when its alternative titles do not agree either", () => {
    const { steps, decision } = climb(movie("Birdman", 2014), {
      searches: { "Birdman|2014|movie": [films.birdman] },
    });
    expect(steps).toEqual(["Birdman|2014|movie", "movie:194662"]);
    expect(decision).toMatchObject({ outcome: "review", reason: { code: "part_of_title" } });
  });

  test("makes no second call where only a person can decide", () => {
    const { steps, decision } = climb(movie("Halloween", null), {
      searches: { "Halloween||movie": [films.halloween1978, films.halloween2007, films.halloween2018] },
    });
    expect(steps).toEqual(["Halloween||movie"]);
    expect(decision).toMatchObject({ outcome: "review", reason: { code: "same_title" } });
  });

  test("asks for series only, where the row is a series", () => {
    const query: TitleQuery = { title: "Fargo", year: 2014, kind: "tv" };
    const { steps, decision } = climb(query, { searches: { "Fargo|2014|tv": [films.fargoSeries] } });
    expect(steps).toEqual(["Fargo|2014|tv"]);
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 60622, mediaType: "tv" });
  });

  test("never asks for series where the row is a film", () => {
    const { steps, decision } = climb(movie("House of Cards", null), {}, 9);
    expect(steps).toEqual(["House of Cards||movie"]);
    expect(decision).toMatchObject({ outcome: "none", reason: { code: "no_candidates" } });
  });

  test("asks for series when the kind is open and no film was found", () => {
    const query: TitleQuery = { title: "House of Cards", year: null, kind: null };
    const found = { searches: { "House of Cards||tv": [films.houseOfCards] } };
    expect(climb(query, found)).toMatchObject({
      steps: ["House of Cards||movie", "House of Cards||tv"],
      decision: { outcome: "match", tmdbId: 1425, mediaType: "tv" },
    });
    const withFilm = {
      searches: { ...found.searches, "House of Cards||movie": [film(9, "House of Cards", 1993, 60)] },
    };
    expect(climb(query, withFilm).steps).toEqual(["House of Cards||movie"]);
  });

  test("goes down every rung when calls are plenty", () => {
    const { steps } = climb({ title: "Zzyzx, The", year: 2006, kind: null }, {}, 9);
    expect(steps).toEqual([
      "Zzyzx, The|2006|movie",
      "The Zzyzx|2006|movie",
      "Zzyzx, The|2006|tv",
      "Zzyzx, The||movie",
    ]);
  });

  test("says that nothing was looked up when there was no call to spend", () => {
    const { steps, decision } = climb(movie("Dune", 2021), {}, 0);
    expect(steps).toEqual([]);
    expect(decision).toMatchObject({ outcome: "none", reason: { code: "not_looked_up" } });
  });

  test("keeps within its calls, repeats none and comes to an end, whatever it finds", () => {
    const names = fc.constantFrom(
      "Rocky II",
      "Rocky 2",
      "Rocky",
      "The Rocky",
      "Rocky: Part Two",
      "Balboa",
      "Rocky (1979)",
    );
    const year = fc.constantFrom(null, 1978, 1979);
    const found = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), names, year, fc.constantFrom(0, 30, 9000), fc.boolean())
        .map(([id, name, at, votes, isSeries]) =>
          isSeries ? series(id, name, at, votes) : film(id, name, at, votes),
        ),
      { maxLength: 4 },
    );
    const query = fc.record({
      title: names,
      year,
      kind: fc.constantFrom("movie" as const, "tv" as const, null),
    });
    const results = fc.array(fc.tuple(found, fc.array(names, { maxLength: 2 })), {
      minLength: 10,
      maxLength: 10,
    });
    fc.assert(
      fc.property(query, results, fc.integer({ min: 0, max: 10 }), (asked, answers, calls) => {
        const history: StepResult[] = [];
        const made: string[] = [];
        let next = nextStep(asked, history, { callsLeft: calls });
        while (next.step !== "done") {
          made.push(JSON.stringify(next));
          const [candidates, titles] = answers[history.length]!;
          history.push(next.step === "search" ? { ...next, candidates } : { ...next, titles });
          next = nextStep(asked, history, { callsLeft: calls - history.length });
        }
        expect(made.length).toBeLessThanOrEqual(calls);
        expect(new Set(made).size).toBe(made.length);
        if (calls > 0) expect(made.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
