import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import { readOutcome } from "#app/imports/row-outcome.ts";
import type { RowView } from "#app/imports/row-queries.server.ts";
import { rowInWords } from "#app/routes/imports/file-words.ts";
import { failureLabel } from "#app/routes/imports/show/failure-label.ts";
import { rowLine } from "#app/routes/imports/show/row-line.ts";

const normalized: NormalizedRow = {
  title: "Crash",
  date: "2024-02-08",
  yearHint: 2005,
  kind: null,
  intent: "viewing",
  season: null,
  episode: null,
  episodeTitle: null,
  rating: null,
  rewatch: false,
  occurrence: 1,
  sourceUri: null,
  ids: {},
};

const row: RowView = {
  rowNumber: 1,
  lineNumber: 2,
  status: "success",
  raw: { Date: "2024-02-08", Name: "Crash", Year: "2005" },
  normalized,
  errorCode: null,
  errorMessage: null,
  outcome: null,
  workId: null,
  targetRecordId: null,
  attemptCount: 1,
  updatedAt: new Date(0),
};

describe("I-11 a row as the table shows it", () => {
  it("shows what was understood, and the title that was found", () => {
    const outcome = { match: { title: "Crash", year: 2005, candidates: [] } };
    expect(rowLine({ ...row, outcome })).toMatchObject({
      title: "Crash",
      year: "2005",
      date: "2024-02-08",
      found: "Crash (2005)",
      reason: null,
    });
  });

  it("shows the file's own cells where nothing could be understood", () => {
    const line = rowLine({
      ...row,
      status: "failed",
      normalized: null,
      raw: { " name ": "Heat", Year: "20055", "Watched Date": "soon", Date: "2024-01-01" },
      errorMessage: 'Year "20055" is not a year.',
    });
    expect(line).toMatchObject({
      title: "Heat",
      year: "20055",
      date: "soon",
      reason: 'Year "20055" is not a year.',
    });
  });

  it("names a row without any title by its first cell, and an empty one as such", () => {
    expect(rowLine({ ...row, normalized: null, raw: { a: " ", b: "x" } }).title).toBe("x");
    expect(rowLine({ ...row, normalized: null, raw: {} }).title).toBe("(empty row)");
  });

  it("counts the candidates of a row that waits for a decision", () => {
    const candidates = [{ tmdbId: 1, mediaType: "movie", title: "Solaris" }];
    const line = rowLine({ ...row, status: "review", outcome: { match: { candidates } } });
    expect(line.found).toBe("1 candidate");
  });

  it("says what a dry run would do", () => {
    expect(rowLine({ ...row, outcome: { wouldWrite: "create the title" } }).reason).toBe(
      "Would create the title.",
    );
  });
});

describe("stored outcomes", () => {
  it("read as absent where they are of another shape, whatever is stored", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (stored) => {
        const read = readOutcome(stored);
        expect(Object.keys(read).sort()).toEqual(["duplicateOf", "match", "wouldWrite"]);
      }),
    );
  });

  it("keep what is known of a candidate that lacks the rest", () => {
    const read = readOutcome({
      match: { candidates: [{ tmdbId: 593, mediaType: "movie", title: "Solaris" }] },
    });
    expect(read.match?.candidates[0]).toMatchObject({ tmdbId: 593, year: null, score: 0, posterPath: null });
  });
});

describe("failures by what they have in common", () => {
  it("have a label of their own, not the sentence of one row", () => {
    expect(failureLabel("INVALID_YEAR", 'Year "20055" is not a year.')).toBe("The year is not a year");
    expect(failureLabel("TMDB_NO_ANSWER", "…")).toBe("TMDB did not answer");
    expect(failureLabel("CATALOGUE_KEY_REFUSED", "…")).toBe("The remote catalogue refuses the key");
  });

  it("fall back to a sentence when the code is new", () => {
    expect(failureLabel("SOMETHING_NEW", "Something new happened.")).toBe("Something new happened.");
  });
});

describe("I-01 what is understood of a row, in words", () => {
  it.each([
    [{}, "Crash (2005), seen 8 Feb 2024"],
    [{ yearHint: null, date: null }, "Crash, seen"],
    [{ rewatch: true, rating: 8 }, "Crash (2005), seen again 8 Feb 2024, rated 8 of 10"],
    [{ intent: "wish" as const }, "Crash (2005), wanted 8 Feb 2024"],
    [{ intent: "rating" as const, rating: 7 }, "Crash (2005), rated 8 Feb 2024, 7 of 10"],
    [{ season: 2, episode: 5 }, "Crash (2005), season 2, episode 5, seen 8 Feb 2024"],
  ])("%o", (change, words) => {
    expect(rowInWords({ ...normalized, ...change })).toBe(words);
  });
});
