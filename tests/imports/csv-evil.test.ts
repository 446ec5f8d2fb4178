import { describe, expect, it } from "vitest";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { fixture, parse, refusal } from "./parse.ts";

/**
 * Verdict of every hostile file. A refusal is its error code; an accepted file is the error code of each row, `ok` for
 * none. Where the manifest leaves a choice ("accept or reject"), this table is where we state it.
 */
const verdicts: Record<string, string | string[]> = {
  "empty.csv": "EMPTY_FILE",
  "bom-only.csv": "EMPTY_FILE",
  "header-only.csv": "NO_ROWS",
  "newlines-only.csv": "EMPTY_FILE",
  "utf8-bom.csv": ["ok"],
  "utf8-bom-quoted-header.csv": ["ok"],
  "utf16le-bom.csv": ["ok"],
  "utf16be-bom.csv": ["ok"],
  "utf16le-nobom.csv": "BAD_ENCODING",
  "cp1252.csv": ["ok"],
  "latin1-c1.csv": "BAD_ENCODING",
  "shift-jis.csv": "BAD_ENCODING",
  "utf7.csv": ["ok"],
  "overlong-utf8.csv": "BAD_ENCODING",
  "truncated-utf8.csv": "BAD_ENCODING",
  "lone-surrogate-cesu.csv": "BAD_ENCODING",
  "multibyte-at-64k.csv": ["TITLE_TOO_LONG"],
  "nul-in-field.csv": ["INVALID_CHARACTER"],
  "crlf.csv": ["ok"],
  "cr-only.csv": ["ok"],
  "mixed-eol.csv": ["ok", "ok"],
  "newline-in-quoted-crlf.csv": ["ok"],
  "no-final-newline.csv": ["ok"],
  "unterminated-quote.csv": ["ok", "UNCLOSED_QUOTE", ...Array<string>(20).fill("ok")],
  "quote-mid-field.csv": ["BAD_QUOTE", "ok"],
  "quote-then-text.csv": ["BAD_QUOTE", "ok"],
  "backslash-escape.csv": ["BAD_QUOTE", "ok"],
  "doubled-quotes.csv": ["ok"],
  "space-before-quote.csv": ["BAD_QUOTE"],
  "extra-columns.csv": ["TOO_MANY_CELLS", "ok"],
  "missing-columns.csv": ["TOO_FEW_CELLS", "ok"],
  "comma-title-unquoted.csv": ["TOO_MANY_CELLS"],
  "blank-lines-between.csv": ["ok", "ok"],
  "whitespace-rows.csv": ["ok"],
  "semicolon.csv": ["ok"],
  "tab.csv": ["ok"],
  "sep-line.csv": ["ok"],
  "preamble.csv": "HEADER_MISMATCH",
  "no-header.csv": "NO_HEADER",
  "dup-header.csv": "DUPLICATE_HEADER",
  "case-space-header.csv": ["ok"],
  "nbsp-header.csv": ["ok"],
  "proto-header.csv": "DUPLICATE_HEADER",
  "header-10k-cols.csv": "TOO_MANY_COLUMNS",
  "formula-cells.csv": Array<string>(14).fill("ok"),
  "html-js.csv": ["ok", "ok"],
  "sql.csv": ["ok", "ok"],
  "log-injection.csv": ["ok"],
  "bidi-zwj.csv": ["ok", "ok", "ok", "ok"],
  "zalgo-long-title.csv": ["TITLE_TOO_LONG"],
  "years.csv": [
    "ok", // empty
    "INVALID_YEAR", // 0
    "INVALID_YEAR", // -1
    "ok", // 1887
    "INVALID_YEAR", // 1999.0
    "INVALID_YEAR", // full-width digits
    "INVALID_YEAR", // 1e3
    "INVALID_YEAR", // twenty digits
    "INVALID_YEAR", // NaN
    "INVALID_YEAR", // 2099
    "INVALID_YEAR", // 19 99
    "INVALID_YEAR", // '1999
  ],
  "dates.csv": [
    "ok", // empty: the day is unknown
    "INVALID_DATE", // 0000-00-00
    "INVALID_DATE", // 2020-02-30
    "INVALID_DATE", // 2020-13-01
    "INVALID_DATE", // 20/11/2012
    "INVALID_DATE", // 11/20/2012
    "INVALID_DATE", // serial 43831
    "INVALID_DATE", // a timestamp: its day depends on the time zone
    "INVALID_DATE", // 99999-01-01
  ],
  "dup-rows.csv": ["ok", "ok", "ok", "ok", "ok"],
  "near-dup.csv": ["ok", "ok", "ok"],
  "ssrf-uri.csv": ["ok", "ok", "ok", "ok", "ok", "ok"],
  "path-name.csv": ["ok", "ok"],
  "not-csv.png.csv": "NOT_TEXT",
  "zip-slip.zip": "ZIP_FILE",
  "gzip.csv": "GZIP_FILE",
  "bomb-1MiB-of-zeros.csv.gz": "GZIP_FILE",
};

const manifest: { file: string }[] = sharedFixtures
  ? JSON.parse(new TextDecoder().decode(fixture("evil-csv/MANIFEST.json")))
  : [];
const read = (file: string) => fixture(`evil-csv/${file}`);

describe.skipIf(!sharedFixtures)("I-05 hostile files get their stated verdict", () => {
  it("states a verdict on every file of the manifest", () => {
    expect(Object.keys(verdicts).toSorted()).toEqual(manifest.map(({ file }) => file).toSorted());
  });

  it.each(Object.entries(verdicts))("%s", (file, verdict) => {
    if (typeof verdict === "string") {
      expect(refusal(read(file))).toBe(verdict);
      return;
    }
    const { rows, report } = parse(read(file));
    expect(rows.map((row) => row.c ?? "ok")).toEqual(verdict);
    expect(rows.map((row) => row.n)).toEqual(verdict.map((_, at) => at + 1));
    expect(report.totalRows).toBe(verdict.length);
    expect(JSON.stringify(rows)).not.toContain("\ufffd");
  });

  it("says how each text came out", () => {
    const title = (file: string) => parse(read(file)).rows[0]?.norm?.title;
    expect(parse(read("utf8-bom.csv")).report.columns[0]).toBe("Date");
    expect(title("cp1252.csv")).toBe("Amélie");
    expect(parse(read("cp1252.csv")).report.encoding).toBe("windows-1252");
    expect(title("utf16le-bom.csv")).toBe("Amélie");
    expect(title("utf16be-bom.csv")).toBe("Amélie");
    expect(title("utf7.csv")).toBe("+AD0-1+-1");
    expect(parse(read("multibyte-at-64k.csv")).rows[0]?.raw.Name).toMatch(/é東京$/);
    expect(parse(read("nul-in-field.csv")).rows[0]?.raw.Name).toBe("a␀b");
    expect(parse(read("unterminated-quote.csv")).rows[1]).toMatchObject({ n: 2, l: 3 });
    expect(parse(read("unterminated-quote.csv")).rows[1]?.m).toContain("line 3");
    expect(parse(read("blank-lines-between.csv")).rows.map((row) => row.l)).toEqual([3, 6]);
    expect(parse(read("extra-columns.csv")).rows[0]?.raw).toEqual({
      Date: "2020-01-01",
      Name: "A",
      Year: "1989",
      "Letterboxd URI": "u",
      _extra: ["extra", "more"],
    });
    const bidi = parse(read("bidi-zwj.csv")).rows.map((row) => row.norm?.title);
    expect(bidi[2]).toBe("é NFD");
    expect(parse(read("dup-rows.csv")).report).toMatchObject({ duplicateRows: 4, distinctTitles: 1 });
  });

  it("names the line where text stops being text, and the header below a preamble", () => {
    expect(() => parse(read("overlong-utf8.csv"))).toThrow("Line 2");
    expect(() => parse(read("preamble.csv"))).toThrow("Line 4 is the header");
  });
});
