import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTitles } from "#app/awards/convert/compare-titles.ts";
import { organizationOf } from "#app/awards/events/organization.ts";
import { awardText } from "#app/awards/imports/award-text.ts";
import { readListSource } from "#app/awards/lists/list-source.ts";
import { formatYears, parseYears } from "#app/awards/lists/years.ts";
import { auditCeremonies, medianOf } from "#app/awards/quality/audit-ceremonies.ts";
import { auditPositions, formatGaps } from "#app/awards/quality/audit-positions.ts";
import { chooseFound } from "#app/awards/titles/fetch-details.server.ts";

describe("L-01 addresses and years", () => {
  it.each([
    ["https://www.imdb.com/list/ls527026601/", "imdb", "ls527026601", null],
    ["imdb.com/list/ls527026601?sort=list_order,asc", "imdb", "ls527026601", null],
    ["https://m.imdb.com/de/list/ls527026601/", "imdb", "ls527026601", null],
    [" ls527026601 ", "imdb", "ls527026601", null],
    ["https://www.imdb.com/event/ev0000147/2024/1/?ref_=ev", "imdb_event", "ev0000147", 2024],
    ["https://www.imdb.com/event/ev0000147", "imdb_event", "ev0000147", null],
  ])("reads %s", (address, sourceType, sourceId, year) => {
    expect(readListSource(address)).toMatchObject({ sourceType, sourceId, year });
  });

  it.each([
    "",
    "tt0133093",
    "https://example.org/list/ls527026601/",
    "https://www.imdb.com.example.org/list/ls527026601/",
    "javascript:alert(1)//www.imdb.com/list/ls527026601/",
    "https://www.imdb.com/title/tt0133093/",
  ])("refuses %j", (address) => {
    expect(() => readListSource(address)).toThrow(
      expect.objectContaining({ code: "BAD_LIST_ADDRESS", status: 422 }),
    );
  });

  it("reads years as people write them, and writes them so that they can be read", () => {
    expect(parseYears("1994, 2000-2002")).toEqual([2002, 2001, 2000, 1994]);
    expect(parseYears("2002 – 2000")).toEqual([2002, 2001, 2000]);
    for (const bad of ["", "soon", "24", "1700", "2000-"]) expect(parseYears(bad)).toBeNull();
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1880, max: 2100 }), { minLength: 1, maxLength: 60 }),
        (years) => {
          expect(parseYears(formatYears(years))).toEqual([...years].sort((a, b) => b - a));
        },
      ),
    );
  });
});

describe("L-04 award text", () => {
  it.each([
    ["A fine film.\nWinner: Palme d'Or 1994", "Winner: Palme d'Or 1994"],
    ["Only a remark", "Only a remark"],
    ["  \n ", null],
    [null, null],
  ])("of %j is %j", (description, text) => {
    expect(awardText(description)).toBe(text);
  });
});

describe("L-05 organisations", () => {
  it("are named by the list's settings, else as IMDb calls the event", () => {
    expect(
      organizationOf(
        {
          name: "x",
          metadata: { organization: "Cannes Film Festival", year: 2024, ceremony_type: "competition" },
        },
        "Festival de Cannes",
      ),
    ).toEqual({
      name: "Cannes Film Festival",
      abbreviation: null,
      metadata: { ceremony_type: "competition" },
    });
    // As the seed writes it.
    expect(
      organizationOf({ name: "x", metadata: { year: 2024, org: "venice" } }, "Venice Film Festival"),
    ).toEqual({
      name: "Venice Film Festival",
      abbreviation: "VENICE",
      metadata: {},
    });
    expect(organizationOf({ name: "Cannes 2024", metadata: {} }, null).name).toBe("Cannes");
  });
});

describe("L-06 audits", () => {
  it("names gaps within a list and at its end", () => {
    const { gaps, missing, shared } = auditPositions([1, 2, 5, 5, 6], 9);
    expect(gaps).toEqual([
      { from: 3, to: 4 },
      { from: 7, to: 9 },
    ]);
    expect([missing, shared]).toEqual([5, [5]]);
    expect(formatGaps(gaps)).toBe("3–4, 7–9");
    expect(auditPositions([], null)).toEqual({ gaps: [], missing: 0, shared: [] });
  });

  it("finds every position that is not held, and no other", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
        fc.integer({ min: 0, max: 70 }),
        (held, declared) => {
          const { gaps } = auditPositions(held, declared);
          const open = gaps.flatMap(({ from, to }) =>
            Array.from({ length: to - from + 1 }, (_, index) => from + index),
          );
          const last = Math.max(declared, 0, ...held);
          const expected = Array.from({ length: last }, (_, index) => index + 1).filter(
            (one) => !held.includes(one),
          );
          expect(open).toEqual(expected);
        },
      ),
    );
  });

  it("finds a ceremony that is far below its event's own median, of three or more", () => {
    const counts = [24, 26, 8, 24].map((found, index) => ({ id: String(index), found }));
    const { median, ceremonies } = auditCeremonies(counts);
    expect(median).toBe(24);
    expect(ceremonies.filter((one) => one.isLow).map((one) => one.id)).toEqual(["2"]);
    expect(ceremonies[2]?.againstMedian).toBeCloseTo(-0.67, 2);
    expect(auditCeremonies(counts.slice(1, 3)).ceremonies.some((one) => one.isLow)).toBe(false);
    expect(medianOf([])).toBeNull();
    expect(medianOf([3, 1])).toBe(2);
  });
});

describe("L-07 comparison", () => {
  it("tells titles in both from those that one side alone has, by id or by work", () => {
    const title = (imdbId: string, workId: string | null = null) => ({
      imdbId,
      title: imdbId,
      year: null,
      workId,
    });
    const rows = compareTitles(
      [title("tt1"), title("tt2", "7"), title("tt3")],
      [title("tt1"), title("tt22", "7"), title("tt4")],
    );
    expect(rows.map((row) => [row.imdbId, row.side])).toEqual([
      ["tt1", "both"],
      ["tt2", "both"],
      ["tt3", "list"],
      ["tt4", "event"],
    ]);
  });
});

describe("L-02 what TMDB has under an id", () => {
  const none = {
    movie_results: [],
    tv_results: [],
    person_results: [],
    tv_season_results: [],
    tv_episode_results: [],
  };
  it("says why there is no work for a title that it does not know", () => {
    expect(chooseFound(none, "movie")).toMatchObject({ code: "NOT_AT_TMDB" });
  });
});
