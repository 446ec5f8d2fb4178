import { describe, expect, it } from "vitest";
import { AppError } from "#app/errors.ts";
import { templateCsv } from "#app/imports/failed-rows-csv.ts";
import { adapters, sources } from "#app/imports/sources/registry.ts";
import { parse, refusal } from "./parse.ts";

const film = "Date,Name,Year,Letterboxd URI";
const diary = `${film},Rating,Rewatch,Tags,Watched Date`;

/** The AppError with which a file is refused. */
function refused(content: string, options = {}, fileName = "file.csv"): AppError {
  try {
    parse(content, options, fileName);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("The file was accepted");
}

const normalized = (content: string, options = {}, fileName = "file.csv") =>
  parse(content, options, fileName).rows.map((row) => row.norm ?? row.c);

describe("I-02 Letterboxd formats", () => {
  it("reads watched as viewings on their date", () => {
    expect(normalized(`${film}\n2024-02-08, Pride & Prejudice ,2005,https://boxd.it/28Ug`)).toEqual([
      {
        title: "Pride & Prejudice",
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
        sourceUri: "https://boxd.it/28Ug",
        ids: {},
      },
    ]);
  });

  it("reads the watched date of a diary, not the day it was logged, and counts rewatches of one day", () => {
    const rows = [
      "2024-06-20,Alien,1979,u,4.5,,,2024-06-15",
      "2024-06-20,Alien,1979,u,,Yes,,2024-06-15",
      "2024-06-20,ALIEN,1979,u,,Yes,,2024-06-15",
      "2024-06-20,Alien,1979,u,,,,2024-06-15",
      "2024-06-20,Alien,1979,u,,Yes,,2024-06-16",
      "2024-06-20,Alien,1979,u,,,,",
    ];
    const { rows: parsed, report } = parse([diary, ...rows].join("\n"));
    expect(report).toMatchObject({ format: "letterboxd-diary", certainty: "sure", duplicateRows: 1 });
    expect(parsed.map(({ norm }) => [norm?.date, norm?.rating, norm?.rewatch, norm?.occurrence])).toEqual([
      ["2024-06-15", 9, false, 1],
      ["2024-06-15", null, true, 2],
      ["2024-06-15", null, true, 3],
      ["2024-06-15", null, false, 1],
      ["2024-06-16", null, true, 1],
      [null, null, false, 1],
    ]);
    expect(new Set(parsed.map((row) => row.d)).size).toBe(5);
  });

  it("reads ratings, the watchlist and reviews with their intents", () => {
    expect(normalized(`${film},Rating\n2024-04-17,The Shining,1980,u,4.5`)).toMatchObject([
      { intent: "rating", rating: 9, date: "2024-04-17" },
    ]);
    expect(normalized(`${film}\n2024-04-17,Joy,2018,u`, {}, "watchlist.csv")).toMatchObject([
      { intent: "wish", date: "2024-04-17" },
    ]);
    const review = `${film},Rating,Rewatch,Review,Tags,Watched Date\n2024-01-01,Joy,2018,u,3,Yes,"a\nb",t,`;
    const { rows, report } = parse(review);
    expect(report.format).toBe("letterboxd-reviews");
    expect(rows[0]).toMatchObject({
      raw: { Review: "a\nb" },
      norm: { date: null, rewatch: true, rating: 6 },
    });
  });

  it.each([
    ["the title line", "Letterboxd list export v7\n"],
    ["an empty line", "\n"],
  ])("reads a list that begins with %s, with a description over several lines", (_, first) => {
    const text = `${first}Date,Name,Tags,URL,Description\n2021-01-20,Mine,,u,"One\n\ntwo"\n\nPosition,Name,Year,URL,Description\n1,City of God,2002,https://boxd.it/2a2a,\n`;
    const { rows, report } = parse(text);
    expect(report).toMatchObject({ format: "letterboxd-list", certainty: "sure", preambleLines: 6 });
    expect(rows).toMatchObject([
      { n: 1, l: 8, norm: { title: "City of God", intent: "listing", sourceUri: "https://boxd.it/2a2a" } },
    ]);
  });

  it("takes a header that two formats share for watched, and says so, unless the file's name decides", () => {
    const text = `${film}\n2024-04-17,Joy,2018,u`;
    expect(parse(text, {}, "export.csv").report).toMatchObject({
      format: "letterboxd-watched",
      certainty: "likely",
      closeFormats: ["letterboxd-watchlist"],
    });
    expect(parse(text, {}, "my Watchlist (2).csv").report).toMatchObject({
      format: "letterboxd-watchlist",
      certainty: "sure",
    });
    expect(parse(text, {}, "watched.csv").report.certainty).toBe("sure");
    expect(parse(text, { format: "letterboxd-watchlist" }, "watched.csv").rows[0]?.norm?.intent).toBe("wish");
  });
});

describe("I-03 strict headers", () => {
  it("names what is missing, what was found and what comes close", () => {
    const error = refused("Date,Name,Year\n2024-01-01,Joy,2018");
    expect(error).toMatchObject({ code: "HEADER_MISMATCH", status: 422 });
    expect(error.userMessage).toContain('"Letterboxd URI" is missing');
    expect(error.details).toMatchObject({ missing: ["Letterboxd URI"], found: ["Date", "Name", "Year"] });
    expect(error.details?.closeFormats).toContainEqual({
      format: "letterboxd-watched",
      label: 'Letterboxd "watched"',
      missing: ["Letterboxd URI"],
    });
  });

  it("never takes a misspelt or incomplete diary for ratings, nor misspelt ratings for watched", () => {
    const misspelt = refused(`${film},Rating,Rewatch,Tags,Watchd Date\n2024-01-01,Joy,2018,u,,,,2024-01-01`);
    expect(misspelt.userMessage).toContain('"Watched Date" is misspelt as "Watchd Date"');
    const incomplete = refused(`${film},Rating,Rewatch,Tags\n2024-01-01,Joy,2018,u,,,`);
    expect(incomplete.userMessage).toContain('"Watched Date" is missing');
    expect(refusal(`${film},Raiting\n2024-01-01,Joy,2018,u,4`)).toBe("HEADER_MISMATCH");
  });

  it("obeys a format that was chosen", () => {
    const rows = `${film},Rating,Rewatch,Tags\n2024-01-01,Joy,2018,u,4,,`;
    expect(parse(rows, { format: "letterboxd-ratings" }).report.format).toBe("letterboxd-ratings");
    expect(refusal(rows, { format: "template" })).toBe("HEADER_MISMATCH");
    expect(refusal(rows, { source: "template" })).toBe("HEADER_MISMATCH");
    expect(refusal(rows, { source: "netflix" })).toBe("HEADER_MISMATCH");
  });

  it("accepts case, white space, non-breaking spaces, further columns and blank columns at the end", () => {
    const text = `\u00a0date,NAME ,Letterboxd\u00a0URI,Year,Mood,,\n2024-01-01,Joy,u,2018,good,,\n2024-01-02,Ran,u,1985,,,,,\n`;
    const { rows, report } = parse(text);
    expect(report.columns).toEqual(["date", "NAME", "Letterboxd URI", "Year", "Mood"]);
    expect(rows.map((row) => row.c)).toEqual([null, null]);
    expect(rows[0]?.raw).toEqual({
      date: "2024-01-01",
      NAME: "Joy",
      "Letterboxd URI": "u",
      Year: "2018",
      Mood: "good",
    });
  });

  it("is not harmed by columns called as what every object has", () => {
    const { rows } = parse(`${film},__proto__,constructor,toString\n2024-01-01,Joy,2018,u,x,y,z`);
    expect(Object.getOwnPropertyNames(rows[0]?.raw)).toContain("__proto__");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(rows[0]?.raw.constructor).toBe("y");
  });

  it("refuses double, missing and endless headers and files without rows", () => {
    expect(refusal(`${film},name\n2024-01-01,Joy,2018,u,x`)).toBe("DUPLICATE_HEADER");
    expect(refusal("2024-01-01,Joy,2018,https://boxd.it/x\n")).toBe("NO_HEADER");
    expect(refusal(`${film}${",x".repeat(61)}`)).toBe("TOO_MANY_COLUMNS");
    expect(refusal(`${",".repeat(1_000_000)}\n`)).toBe("TOO_MANY_COLUMNS");
    expect(refusal(`${film}\n\n`)).toBe("NO_ROWS");
    expect(refusal(" \n\t\n")).toBe("EMPTY_FILE");
    expect(refusal('"'.repeat(1_000_000))).toBe("LINE_TOO_LONG");
    expect(refusal(`"Date,Name\n${"a".repeat(1_000_000)}`)).toBe("MALFORMED_HEADER");
    expect(refusal("Hello there, this is a letter.\nYours\n")).toBe("HEADER_MISMATCH");
  });

  it.each(adapters.map((adapter) => adapter.id))(
    "offers a template of %s that reads without a problem",
    (format) => {
      const { report } = parse(templateCsv(format), {}, `${format}.csv`);
      expect(report).toMatchObject({ format, certainty: "sure", totalRows: 2, validRows: 2, invalidRows: 0 });
    },
  );

  it("knows every source by name", () => {
    expect(Object.values(sources).map(({ label }) => label)).toContain("Netflix");
    for (const [id, { formats }] of Object.entries(sources)) {
      expect(formats.every((format) => format.source === id)).toBe(true);
    }
  });
});

describe("I-04 rows are checked and normalised", () => {
  const row = (cells: string) => parse(`${diary}\n${cells}`).rows[0];

  it.each([
    ["x,,2005,u,,,,", "TITLE_MISSING", "Name"],
    [`x,${"a".repeat(501)},2005,u,,,,`, "TITLE_TOO_LONG", "Name"],
    ["x,Joy,20055,u,,,,", "INVALID_YEAR", "Year"],
    ["x,Joy,1873,u,,,,", "INVALID_YEAR", "Year"],
    ["x,Joy,2005,u,,,,2026-02-30", "INVALID_DATE", "Watched Date"],
    ["x,Joy,2005,u,,,,2023-02-29", "INVALID_DATE", "Watched Date"],
    ["x,Joy,2005,u,,,,0000-01-01", "INVALID_DATE", "Watched Date"],
    ["x,Joy,2005,u,5.5,,,", "INVALID_RATING", "Rating"],
    ["x,Joy,2005,u,0,,,", "INVALID_RATING", "Rating"],
    ["x,Joy,2005,u,3.25,,,", "INVALID_RATING", "Rating"],
    ["x,Joy,2005,u", "TOO_FEW_CELLS", "Rating"],
    ["x,Joy,2005,u\0,,,,", "INVALID_CHARACTER", "Letterboxd URI"],
  ])("refuses %j with %s at %s", (cells, code, column) => {
    const { report, rows } = parse(`${diary}\n${cells}`);
    expect(rows[0]).toMatchObject({ c: code, norm: null, t: null, d: null });
    expect(report.problems).toEqual([{ rowNumber: 1, lineNumber: 2, code, column, message: rows[0]?.m }]);
  });

  it("says in a sentence what to do", () => {
    expect(row("x,Joy,20055,u,,,,")?.m).toBe('Year "20055" is not a year. Correct it and retry the row.');
    expect(row("x,Joy,2005,u,,,,2026-02-30")?.m).toContain('Date "2026-02-30" is not a date');
  });

  it.each([
    ["x,Joy,2005,u,0.5,,,2024-02-29", { rating: 1, date: "2024-02-29" }],
    ["x,Joy,,u,5,,,", { rating: 10, yearHint: null, date: null }],
    ['x,Joy,2005,u,"4,5",,,', { rating: 9 }],
    ["x,e\u0301te\u0301,2005,,,,,", { title: "été", sourceUri: null }],
    [`x,${"👻".repeat(500)},2005,u,,,,`, { title: "👻".repeat(500) }],
    ["x,-1,2005,u,,,,", { title: "-1" }],
  ])("accepts %j", (cells, norm) => {
    expect(row(cells)).toMatchObject({ c: null, norm });
  });

  it("reads the template with its ids", () => {
    const header = "Title,Year,Watched Date,Rating,TMDB ID,IMDb ID";
    expect(normalized(`${header}\nThe Matrix,1999,2024-02-08,9,603,tt0133093`)).toMatchObject([
      { title: "The Matrix", kind: "movie", rating: 9, ids: { tmdb: 603, imdb: "tt0133093" } },
    ]);
    expect(
      normalized(`${header}\nThe Matrix,1999,,,6O3,\nThe Matrix,1999,,,,133093\nThe Matrix,1999,,11,,`),
    ).toEqual(["INVALID_ID", "INVALID_ID", "INVALID_RATING"]);
  });
});

describe("I-04 a rating row without its rating", () => {
  it("says what it lacks, and the next row is read", () => {
    const text =
      "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Jaws,1975,u,\n2024-01-02,Alien,1979,u,4.5\n";
    const { rows } = parse(text, {}, "ratings.csv");
    expect(rows.map((row) => row.c)).toEqual(["RATING_MISSING", null]);
  });
});
