import { describe, expect, it } from "vitest";
import type { Candidate } from "#app/matching/candidate.ts";
import { decideByCountry, trailingCountry } from "#app/matching/country.ts";
import { decide } from "#app/matching/decide.ts";

const office = (tmdbId: number, year: number, countries: string[]): Candidate => ({
  tmdbId,
  mediaType: "tv",
  title: "The Office",
  originalTitle: "The Office",
  releaseDate: `${year}-01-01`,
  year,
  popularity: 10,
  voteCount: 3_000,
  posterPath: null,
  originalLanguage: "en",
  countries,
});
const us = office(2316, 2005, ["US"]);
const uk = office(2996, 2001, ["GB"]);

function decided(title: string, candidates: Candidate[]) {
  const query = { title, year: null, kind: "tv" as const };
  return decideByCountry(query, decide(query, candidates, "search_without_year"));
}

describe("M-02 namesakes of several countries", () => {
  it.each([
    ["The Office (U.S.)", 2316],
    ["The Office (US)", 2316],
    ["The Office (UK)", 2996],
  ])("%s is told by its country", (title, tmdbId) => {
    expect(decided(title, [us, uk])).toMatchObject({
      outcome: "match",
      tmdbId,
      reason: { code: "country_agrees" },
    });
  });

  it("stay in doubt without a country, with one that nobody has, and with one that two have", () => {
    for (const title of ["The Office", "The Office (AU)"])
      expect(decided(title, [us, uk]).outcome).toBe("review");
    expect(decided("The Office (US)", [us, office(1, 2019, ["US"]), uk]).outcome).toBe("review");
  });

  it("reads a country only where it is one", () => {
    expect(["Us (2019)", "Shameless (U.S.)", "Up", "M (1931)", "House (MD)"].map(trailingCountry)).toEqual([
      null,
      "US",
      null,
      null,
      null,
    ]);
  });
});
