import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frozenOptions, type ParsedRow } from "#app/imports/csv/parse-report.ts";
import { checkFile, parseFile } from "#app/imports/parse-file.server.ts";
import { dayOrders } from "#app/imports/sources/day.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { fixture, parse, refusal } from "../parse.ts";

const history = (...rows: [title: string, date: string][]) =>
  `Title,Date\n${rows.map(([title, date]) => `"${title}","${date}"`).join("\n")}\n`;
const dates = (...cells: string[]) => {
  const { rows, report } = parse(
    history(...cells.map((cell, at) => [`Film ${at}`, cell] as [string, string])),
  );
  return { days: rows.map((row) => row.norm?.date ?? row.c), report };
};

describe("I-02 Netflix viewing history", () => {
  it("tells episodes, films and what may be either apart", () => {
    const { rows, report } = parse(
      history(
        ["Vikings: Saison\u00a06: Épisode\u00a03", "26/09/2020"],
        ["The Irishman", "25/09/2020"],
        ["Black Mirror: Bandersnatch", "24/09/2020"],
      ),
    );
    expect(report).toMatchObject({ source: "netflix", format: "netflix-history", certainty: "sure" });
    expect(rows.map((row) => row.norm)).toEqual([
      {
        ...{ title: "Vikings", kind: "tv", season: 6, episode: 3, episodeTitle: null, date: "2020-09-26" },
        ...{ yearHint: null, intent: "viewing", rating: null, rewatch: false, occurrence: 1 },
        ...{ sourceUri: null, ids: {} },
      },
      expect.objectContaining({ title: "The Irishman", kind: "movie", season: null }),
      expect.objectContaining({
        title: "Black Mirror: Bandersnatch",
        kind: null,
        episodeTitle: null,
        seriesReading: {
          show: "Black Mirror",
          season: null,
          seasonLabel: null,
          episode: null,
          episodeTitle: "Bandersnatch",
        },
      }),
    ]);
    expect(rows[0]?.t).toBe("vikings||tv");
  });

  it("keeps rows without a title or a show as rows to correct", () => {
    const { rows, report } = parse(
      history(["", "10/26/20"], [" : Episode 10", "10/25/20"], ["Mank", "10/24/20"]),
    );
    expect(rows.map((row) => row.c)).toEqual(["TITLE_MISSING", "SHOW_MISSING", null]);
    expect(rows[1]?.m).toBe(
      '": Episode 10" does not name its show. Write the name in front of the colon and retry the row.',
    );
    expect(report).toMatchObject({ totalRows: 3, validRows: 1, invalidRows: 2, skippedRows: 0 });
  });

  it("reads a repeated row as a further viewing, counted from the end of the file", () => {
    const older: [string, string][] = [
      ["Mank", "10/24/20"],
      ["Mank", "10/24/20"],
    ];
    const first = parse(history(["Okja", "10/25/20"], ...older));
    expect(first.rows.map((row) => row.norm?.occurrence)).toEqual([1, 2, 1]);
    expect(first.report.duplicateRows).toBe(0);
    const longer = parse(history(["Okja", "10/26/20"], ["Okja", "10/25/20"], ["Mank", "10/24/20"], ...older));
    expect(longer.rows.map((row) => row.norm?.occurrence)).toEqual([1, 1, 3, 2, 1]);
    // Everything that the shorter file had has kept its key.
    expect(longer.rows.map((row) => row.d).slice(-2)).toEqual(first.rows.map((row) => row.d).slice(-2));
    expect(longer.rows[1]?.d).toBe(first.rows[0]?.d);
  });

  it("tells episodes without a number apart by their titles", () => {
    const { rows, report } = parse(
      history(
        ["Gotham: Temporada 2: Senhor Frio", "24/10/2020"],
        ["Gotham: Temporada 2: Toc, toc, toc", "24/10/2020"],
        ["Gotham: Temporada 2: TOC TOC TOC", "24/10/2020"],
      ),
    );
    expect(rows.map((row) => row.d)).toEqual([
      "gotham||tv|2020-10-24|2|~senhor frio|1|viewing",
      "gotham||tv|2020-10-24|2|~toc toc toc|1|viewing",
      "gotham||tv|2020-10-24|2|~toc toc toc|1|viewing",
    ]);
    expect(report).toMatchObject({ duplicateRows: 1, distinctTitles: 1 });
  });
});

describe("I-02 order of dates, from the whole file", () => {
  it.each([
    ["month first, two figures", ["10/26/20", "1/2/20"], ["2020-10-26", "2020-01-02"], "mdy"],
    ["day first, slashes", ["26/10/2020", "02/01/2020"], ["2020-10-26", "2020-01-02"], "dmy"],
    ["day first, two figures", ["26/10/20", "2/1/20"], ["2020-10-26", "2020-01-02"], "dmy"],
    ["dots, though both orders fit", ["06.05.2020", "2.1.2020"], ["2020-05-06", "2020-01-02"], "dmy"],
    ["dots and spaces", ["6. 5. 2020", "2.\u00a01.\u00a02020"], ["2020-05-06", "2020-01-02"], "dmy"],
    ["hyphens, day first", ["06-05-2020", "02-01-2020"], ["2020-05-06", "2020-01-02"], "dmy"],
    ["year first", ["2020/5/6", "2020-01-02"], ["2020-05-06", "2020-01-02"], "ymd"],
    ["year first, Korean", ["2020. 5. 6.", "2020. 1. 2."], ["2020-05-06", "2020-01-02"], "ymd"],
  ])("%s: sure", (_, cells, days, chosen) => {
    const found = dates(...cells);
    expect(found.days).toEqual(days);
    expect(found.report).toMatchObject({
      certainty: "sure",
      choices: { dateOrder: { chosen, possible: [chosen] } },
    });
  });

  it("uses that the file is sorted where no number is above 12", () => {
    // Month first these run from December to January; day first they jump from month to month.
    const found = dates("12/1/20", "11/5/20", "11/3/20", "10/9/20", "9/2/20", "8/12/20", "8/1/20", "7/4/20");
    expect(found.days[0]).toBe("2020-12-01");
    expect(found.report).toMatchObject({ certainty: "sure", choices: { dateOrder: { chosen: "mdy" } } });
    const dayFirst = dates(
      "01/12/2020",
      "05/11/2020",
      "03/11/2020",
      "09/10/2020",
      "02/09/2020",
      "12/08/2020",
      "01/08/2020",
    );
    expect(dayFirst.days[0]).toBe("2020-12-01");
    expect(dayFirst.report).toMatchObject({ certainty: "sure", choices: { dateOrder: { chosen: "dmy" } } });
  });

  it("says that it guesses, and does what it is told", () => {
    const short = history(["Mank", "10/6/20"]);
    const guess = parse(short);
    expect(guess.rows[0]?.norm?.date).toBe("2020-10-06");
    expect(guess.report).toMatchObject({
      certainty: "likely",
      choices: { dateOrder: { chosen: "mdy", possible: ["mdy", "dmy"] } },
    });
    const told = parse(short, { dateOrder: "dmy" });
    expect(told.rows[0]?.norm?.date).toBe("2020-06-10");
    expect(told.report).toMatchObject({
      certainty: "sure",
      choices: { dateOrder: { chosen: "dmy", possible: ["mdy", "dmy"] } },
    });
    expect(dates("10/06/2020").days).toEqual(["2020-06-10"]);
  });

  it("lets single slips fail instead of turning the file around", () => {
    const many = Array.from({ length: 60 }, (_, at) => `${(at % 12) + 1}/${(at % 15) + 14}/20`);
    const found = dates(...many, "31/1/20", "2/30/20", "yesterday", "5/6/2563", "5/6/99");
    expect(found.report).toMatchObject({
      certainty: "sure",
      invalidRows: 5,
      choices: { dateOrder: { chosen: "mdy" } },
    });
    expect(found.days.slice(-5)).toEqual(Array.from({ length: 5 }, () => "INVALID_DATE"));
  });

  it("reads a file of no dates, and of two halves", () => {
    expect(dates("x", "y").report).toMatchObject({ invalidRows: 2, choices: {}, certainty: "sure" });
    expect(dates("", "").days).toEqual([undefined, undefined].map(() => null));
    expect(dates("26/10/2020", "25/10/2020", "10/24/2020").report).toMatchObject({
      certainty: "likely",
      choices: { dateOrder: { chosen: "dmy", possible: ["mdy", "dmy"] } },
    });
  });

  it("is the same in the preview and in the import, with what the report says frozen", () => {
    const day = fc.tuple(
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 18, max: 22 }),
    );
    const title = fc.constantFrom("Mank", "Dark: Season 1: Secrets", "Mad Max: Estrada", "", " : Episode 1");
    const written = fc.constantFrom("d/m/y", "m/d/y", "d.m.20y", "20y-m-d");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(title, day), { minLength: 1, maxLength: 12 }),
        written,
        fc.option(fc.constantFrom(...dayOrders), { nil: undefined }),
        (rows, pattern, dateOrder) => {
          const text = history(
            ...rows.map(([name, [d, m, y]]): [string, string] => [
              name,
              pattern.replace("d", String(d)).replace("m", String(m)).replace("y", String(y)),
            ]),
          );
          const seen = parse(text, dateOrder === undefined ? {} : { dateOrder });
          expect(seen.rows).toHaveLength(rows.length);
          const again = parse(text, frozenOptions(seen.report), "other.csv");
          expect(again.rows).toEqual(seen.rows);
          expect(again.report).toEqual({ ...seen.report, certainty: "sure", closeFormats: [] });
        },
      ),
    );
  });
});

describe("I-03 Netflix headers", () => {
  it("refuses a misspelt header, and says that a file with more columns may be another", () => {
    expect(refusal('Titel,Date\n"Mank","10/24/20"')).toBe("HEADER_MISMATCH");
    expect(refusal("Title\nMank")).toBe("HEADER_MISMATCH");
    const other = parse("Title,Date,Mood\nMank,10/24/20,good");
    expect(other.report).toMatchObject({ format: "netflix-history", certainty: "likely", closeFormats: [] });
    expect(parse("Title,Date,Mood\nMank,10/24/20,good", { source: "netflix" }).report.certainty).toBe("sure");
    expect(parse("Title,Date,_row,_error_code,_error\nMank,10/24/20,1,X,x").report.certainty).toBe("sure");
  });
});

describe("I-05 a file that is read twice", () => {
  it("is read by the import's thread as by the preview's", async () => {
    const bytes = new TextEncoder().encode(
      history(["Mank", "10/6/20"], ["Mank", "10/6/20"], ["", "10/5/20"], ["Dark: Season 1: Lies", "10/4/20"]),
    );
    const upload = { bytes, fileName: "NetflixViewingHistory.csv" };
    const seen = await checkFile(upload, {});
    expect(seen).toMatchObject({ certainty: "likely", validRows: 3, invalidRows: 1 });
    const rows: ParsedRow[] = [];
    const taken = await parseFile(upload, frozenOptions(seen), async (batch) => {
      rows.push(...(JSON.parse(batch.json) as ParsedRow[]));
    });
    expect(taken).toEqual({ ...seen, certainty: "sure" });
    expect(rows.map((row) => row.norm)).toEqual(seen.sample.map((row) => row.normalized));
    expect(rows.map((row) => row.norm?.occurrence)).toEqual([2, 1, undefined, 1]);
  });

  it("is refused by its number of rows as any other", () => {
    const rows = Array.from({ length: 11 }, (_, at): [string, string] => [`Film ${at}`, "10/26/20"]);
    expect(refusal(history(...rows), { maxRows: 10 })).toBe("TOO_MANY_ROWS");
    expect(refusal(history(...rows), { maxRows: 11 })).toBe("accepted 11 rows");
    expect(refusal("Title,Date\n")).toBe("NO_ROWS");
  });
});

describe.skipIf(!sharedFixtures)("I-02 the viewing histories of the fixtures", () => {
  it("reads every record of the English one, month first", () => {
    const { rows, report } = parse(fixture("csv/netflix-history-enUS.csv"));
    expect(report).toMatchObject({
      ...{ certainty: "sure", totalRows: 461, validRows: 460, invalidRows: 1, duplicateRows: 0 },
      choices: { dateOrder: { chosen: "mdy", possible: ["mdy"] } },
    });
    expect(rows[0]).toMatchObject({ c: "TITLE_MISSING" });
    expect(rows[1]?.norm).toMatchObject({
      title: "Black Mirror: Bandersnatch",
      date: "2020-10-10",
      occurrence: 2,
    });
    expect(rows[2]?.norm?.occurrence).toBe(1);
    const days = rows.flatMap((row) => row.norm?.date ?? []);
    expect(days).toEqual(days.toSorted().reverse());
    const episodes = (show: string) =>
      new Set(rows.flatMap(({ norm }) => (norm?.title === show ? [`${norm.season}x${norm.episode}`] : [])))
        .size;
    expect(episodes("Breaking Bad")).toBe(43);
    expect(episodes("Stranger Things")).toBe(21);
    expect(episodes("Money Heist")).toBe(14);
    const films = new Set(rows.flatMap(({ norm }) => (norm?.kind === "movie" ? [norm.title] : [])));
    expect([...films]).toEqual([
      "Mank",
      "Okja",
      "Marriage Story",
      "Don't Look Up",
      "The Irishman",
      "Blade Runner 2049",
      "The Power of the Dog",
    ]);
    expect(
      rows.filter(({ norm }) => norm?.kind === "tv").every(({ norm }) => norm?.season && norm.episode),
    ).toBe(true);
  });

  it("reads every record of the Portuguese one, day first", () => {
    const { rows, report } = parse(fixture("csv/netflix-history-ptBR.csv"));
    expect(report).toMatchObject({ certainty: "sure", totalRows: 289, validRows: 289, duplicateRows: 0 });
    expect(report.choices.dateOrder).toEqual({ chosen: "dmy", possible: ["dmy"] });
    const days = rows.flatMap((row) => row.norm?.date ?? []);
    expect(days).toEqual(days.toSorted().reverse());
    const shows = new Set(rows.flatMap(({ norm }) => (norm?.kind === "tv" ? [norm.title] : [])));
    expect(shows).toContain("Peaky Blinders: Sangue, Apostas e Navalhas");
    expect(shows).toContain("O Inocente");
    expect(rows.filter(({ norm }) => norm?.kind === null).map(({ norm }) => norm?.title)).toContain(
      "Vis a vis: Oásis: Linha vermelha",
    );
  });
});
