import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { delimiters } from "#app/csv/read/delimiter.ts";
import { maxRecordCells, maxRecordLength } from "#app/csv/read/record-cutter.ts";
import { type CsvRecord, readRecords } from "#app/csv/read/records.ts";

const read = (text: string, delimiter: (typeof delimiters)[number] = ","): CsvRecord[] => [
  ...readRecords(pieces(text, 65_536), delimiter),
];

function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const seen = (records: readonly CsvRecord[]) =>
  records.map(({ cells, line, fault }) => ({ cells, line, fault }));

/** What tells a cell from its neighbours, mixed with ordinary text. */
const cellText = fc.string({
  unit: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('"', ",", ";", "\t", "|", "\n", "\r", "\r\n", " ", "'", "\\") },
    { weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.constantFrom("a", "é", "東", "👩‍👩‍👧", "0") },
  ),
  maxLength: 30,
});
const storable = cellText.filter((text) => !text.includes("\0"));

describe("I-05 records", () => {
  it("reads back what Papa Parse writes, for every delimiter and line end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(storable, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...delimiters),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
        (rows, delimiter, newline, quotes) => {
          const text = Papa.unparse(rows, { delimiter, newline, quotes });
          const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ""));
          const records = read(text, delimiter);
          expect(records.map((record) => record.cells)).toEqual(filled);
          expect(records.every((record) => record.fault === null && !record.replaced)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("reads the same wherever the chunks are cut, also what is malformed", () => {
    fc.assert(
      fc.property(
        cellText,
        fc.array(cellText, { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (head, more, size) => {
          const text = [head, ...more].join("");
          const whole = [...readRecords([text], ",")];
          expect([...readRecords(pieces(text, size), ",")]).toEqual(whole);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("loses no line: every line that is not blank belongs to a record", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', ",", "a", "\n", "b,c", '""'), { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const kept = read(text).map(({ cells }) => cells.join(""));
        const letters = (value: string) => value.replace(/[^abc]/g, "");
        expect(letters(kept.join(""))).toBe(letters(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("says on which physical line each record starts, over mixed line ends and quoted line breaks", () => {
    const records = read('a,b\r\n"x\r\ny",2\n\n \n"p\rq\n","r"\r3,4');
    expect(seen(records)).toEqual([
      { cells: ["a", "b"], line: 1, fault: null },
      { cells: ["x\r\ny", "2"], line: 2, fault: null },
      { cells: ["p\rq\n", "r"], line: 6, fault: null },
      { cells: ["3", "4"], line: 9, fault: null },
    ]);
  });

  it("goes on with the next line after a bad quote", () => {
    const records = read('1,a "b" c\n2,"x"y\n3,"open\n4,d\n5,"e"\n6,f');
    expect(records.map(({ line, fault, faultLine }) => ({ line, fault, faultLine }))).toEqual([
      { line: 1, fault: "BAD_QUOTE", faultLine: 1 },
      { line: 2, fault: "BAD_QUOTE", faultLine: 2 },
      { line: 3, fault: "UNCLOSED_QUOTE", faultLine: 3 },
      { line: 4, fault: null, faultLine: 4 },
      { line: 5, fault: null, faultLine: 5 },
      { line: 6, fault: null, faultLine: 6 },
    ]);
    expect(records[2]?.cells).toEqual(["3", '"open']);
  });

  it("blames the line on which a quote was opened, and keeps what was well-formed before it", () => {
    const records = read('1,"two\nlines","never closed\n2,"b"\n3,c');
    expect(records.map(({ line, fault, faultLine }) => [line, fault, faultLine])).toEqual([
      [1, "UNCLOSED_QUOTE", 2],
      [3, null, 3],
      [4, null, 4],
    ]);
  });

  it("makes NUL and unpaired surrogates visible and says so", () => {
    const records = read('a\0b,"c\ud800",d\nfine,😀');
    expect(records.map(({ cells, replaced }) => ({ cells, replaced }))).toEqual([
      { cells: ["a␀b", "c\\ud800", "d"], replaced: true },
      { cells: ["fine", "😀"], replaced: false },
    ]);
  });

  it("takes a NUL behind a closing quote for a bad quote", () => {
    expect(read('"a"\0,b\nc,d').map((record) => record.fault)).toEqual(["BAD_QUOTE", null]);
  });

  it.each([
    ["10 MB of quotes", '"'.repeat(10_000_000), ["RECORD_TOO_LONG"]],
    ["a quote never closed on one line", `"${"a".repeat(10_000_000)}`, ["RECORD_TOO_LONG"]],
    ["one line of 8 MB", "a".repeat(8_000_000), ["RECORD_TOO_LONG"]],
    ["a million commas", `${",".repeat(1_000_000)}x\n1,2`, ["RECORD_TOO_WIDE", null]],
    ["10 MB of newlines", "\n".repeat(10_000_000), []],
    ["10 MB of carriage returns", "\r".repeat(10_000_000), []],
  ])("ends on %s", (_, text, faults) => {
    const records = read(text);
    expect(records.map((record) => record.fault)).toEqual(faults);
    for (const { cells } of records) expect(cells.join(",").length).toBeLessThan(maxRecordLength);
  });

  it("gives up an unclosed quote once and reads every line below it", () => {
    const lines = 400_000;
    const records = read(`"never closed\n${"abc,defghijklmnopq\n".repeat(lines)}`);
    expect(records).toHaveLength(lines + 1);
    expect(records[0]).toMatchObject({ fault: "UNCLOSED_QUOTE", faultLine: 1, line: 1 });
    expect(records.at(-1)).toMatchObject({ fault: null, line: lines + 1 });
  });

  it("resumes on the line after one that is too wide", () => {
    const records = read(`${",".repeat(maxRecordCells)}x\n1,2\n${"y".repeat(maxRecordLength + 1)}\n3,4`);
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, "RECORD_TOO_WIDE"],
      [2, null],
      [3, "RECORD_TOO_LONG"],
      [4, null],
    ]);
  });
});
