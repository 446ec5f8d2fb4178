import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParsedBatch, ParsedRow } from "#app/imports/csv/parse-report.ts";
import { checkFile, parseFile, runThread } from "#app/imports/parse-file.server.ts";
import { dedupeKey } from "#app/imports/row-keys.ts";
import { parse } from "./parse.ts";

const film = "Date,Name,Year,Letterboxd URI";
const bytesOf = (text: string) => new TextEncoder().encode(text);
const file = (text: string, fileName = "watched.csv") => ({ bytes: bytesOf(text), fileName });
const manyRows = (count: number) =>
  `${film}\n${Array.from({ length: count }, (_, at) => `2024-01-01,Film ${at},1999,u${at}`).join("\n")}`;

describe("I-01 the check before an import", () => {
  it("reports what the file is, its problems and its first rows, from a thread of its own", async () => {
    const text = `${film}\n2024-01-01,Joy,2018,u\n2024-01-01,Joy,2018,u\n2024-01-01,Ran,20055,u\n${manyRows(30).slice(film.length + 1)}`;
    const report = await checkFile(file(text), {});
    expect(report).toMatchObject({
      source: "letterboxd",
      format: "letterboxd-watched",
      formatLabel: 'Letterboxd "watched"',
      certainty: "sure",
      encoding: "utf-8",
      delimiter: ",",
      columns: film.split(","),
      preambleLines: 0,
      bytes: text.length,
      totalRows: 33,
      validRows: 32,
      invalidRows: 1,
      problemCount: 1,
      duplicateRows: 1,
      distinctTitles: 31,
    });
    expect(report.sha256).toBe(createHash("sha256").update(text).digest("hex"));
    expect(report.problems).toEqual([
      {
        rowNumber: 3,
        lineNumber: 4,
        column: "Year",
        code: "INVALID_YEAR",
        message: expect.stringContaining('"20055"'),
      },
    ]);
    expect(report.sample).toHaveLength(20);
    expect(report.sample[2]).toMatchObject({ cells: ["2024-01-01", "Ran", "20055", "u"], normalized: null });
  });

  it("rejects with the named error of the file", async () => {
    await expect(checkFile(file("a,b\n1,2"), {})).rejects.toMatchObject({
      name: "AppError",
      code: "HEADER_MISMATCH",
      status: 422,
    });
    await expect(checkFile(file("PK\u0003\u0004"), {})).rejects.toMatchObject({
      code: "ZIP_FILE",
      status: 415,
    });
  });

  it("leaves the caller's bytes as they are", async () => {
    const upload = file(manyRows(3));
    await checkFile(upload, {});
    expect(upload.bytes).toEqual(bytesOf(manyRows(3)));
  });
});

describe("I-05 the whole file", () => {
  it("hands out every row in order, at most 5,000 at a time, one batch after the other", async () => {
    const batches: ParsedBatch[] = [];
    let atOnce = 0;
    let most = 0;
    const report = await parseFile(file(manyRows(12_001)), {}, async (batch) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise(setImmediate);
      batches.push(batch);
      atOnce -= 1;
    });
    expect(report.totalRows).toBe(12_001);
    expect(most).toBe(1);
    expect(batches.map(({ firstRow, count }) => [firstRow, count])).toEqual([
      [1, 5000],
      [5001, 5000],
      [10_001, 2001],
    ]);
    const rows = batches.flatMap((batch) => JSON.parse(batch.json) as ParsedRow[]);
    expect(rows.map((row) => row.n)).toEqual(rows.map((_, at) => at + 1));
    expect(rows[12_000]).toMatchObject({
      l: 12_002,
      c: null,
      t: "film 12000|1999|",
      raw: { Name: "Film 12000" },
    });
  });

  it("reads as the check did when its findings are passed back", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "é", '"', ",", ";", "\n", "=", " ", "1"),
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        (rows, wish) => {
          const text = `${film}\n${rows.map(([name, uri]) => `2024-01-01,${name},1999,${uri}`).join("\n")}`;
          const seen = parse(text, {}, wish ? "watchlist.csv" : "some.csv");
          const { format, encoding, delimiter } = seen.report;
          const again = parse(text, { format, encoding, delimiter }, "other.csv");
          expect(again.rows).toEqual(seen.rows);
          expect(again.report).toEqual({ ...seen.report, certainty: "sure", closeFormats: [] });
        },
      ),
    );
  });

  it("rejects with what storing throws, stores nothing after it, and reads the next file", async () => {
    let calls = 0;
    const broken = parseFile(file(manyRows(30_000)), {}, async () => {
      calls += 1;
      throw new Error("the database is away");
    });
    await expect(broken).rejects.toThrow("the database is away");
    expect(calls).toBe(1);
    await expect(checkFile(file(manyRows(1)), {})).resolves.toMatchObject({ totalRows: 1 });
  });

  it("reads many files at once by taking turns", async () => {
    const reports = await Promise.all(
      Array.from({ length: 6 }, (_, at) => checkFile(file(manyRows(at + 1)), {})),
    );
    expect(reports.map((report) => report.totalRows)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("I-18 limits", () => {
  it("refuses more rows than are allowed", async () => {
    await expect(checkFile(file(manyRows(11)), { maxRows: 10 })).rejects.toMatchObject({
      code: "TOO_MANY_ROWS",
      status: 413,
    });
    await expect(checkFile(file(manyRows(10)), { maxRows: 10 })).resolves.toMatchObject({ totalRows: 10 });
  });

  it("stops a thread that takes too long", async () => {
    const task = { ...file(manyRows(10)), options: {}, wantsBatches: false };
    await expect(runThread(task, null, 0)).rejects.toMatchObject({ code: "PARSE_TIMEOUT", status: 422 });
  });

  it.each([
    ["10 MB of quotes", '"'.repeat(10_000_000)],
    ["one line of 8 MB", "a".repeat(8_000_000)],
    ["an unclosed quote of 10 MB", `"${"a,b\n".repeat(2_500_000)}`],
    ["a million columns", "x,".repeat(1_000_000)],
  ])("refuses %s below a header as rows, and above as a file", async (_, text) => {
    await expect(checkFile(file(text), {})).rejects.toMatchObject({ name: "AppError" });
    const under = await checkFile(file(`${film}\n2024-01-01,Joy,2018,u\n${text}`), { maxRows: 10_000_000 });
    expect(under.validRows).toBe(1);
    expect(under.problemCount).toBe(under.totalRows - 1);
    expect(under.problemCount).toBeGreaterThan(0);
  });
});

describe("I-08 keys of what a row asks for", () => {
  it("tells apart by title, year, day and intent, not by spelling", () => {
    const [first, second, other] = parse(
      `${film}\n2024-01-01,Amélie,2001,u\n2024-01-01, AMELIE ,2001,v\n2024-01-02,Amélie,2001,u`,
    ).rows;
    expect(first?.d).toBe("amelie|2001||2024-01-01|||1|viewing");
    expect(second?.d).toBe(first?.d);
    expect(other?.d).not.toBe(first?.d);
    expect(other?.t).toBe(first?.t);
  });

  it("stays short for the longest title", () => {
    const [row] = parse(`${film}\n2024-01-01,${"東京".repeat(250)},2001,u`).rows;
    expect(row?.norm).not.toBeNull();
    if (row?.norm) expect(dedupeKey(row.norm).length).toBeLessThanOrEqual(260);
  });
});
