import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formulaStart, restoreFormula } from "#app/csv/formula-safety.ts";
import { type FailedRow, failedRowsCsv } from "#app/imports/failed-rows-csv.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { fixture, parse } from "./parse.ts";

const film = ["Date", "Name", "Year", "Letterboxd URI"];

async function exported(columns: readonly string[], rows: readonly FailedRow[]): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of failedRowsCsv(columns, [rows.slice(0, 1), rows.slice(1)])) chunks.push(chunk);
  return chunks.join("");
}

const failed = (name: string, rowNumber = 1): FailedRow => ({
  rowNumber,
  raw: { Date: "2024-01-01", Name: name, Year: "1999", "Letterboxd URI": "u" },
  code: "NOT_FOUND",
  message: "No title found.",
});

describe("I-12 failed rows as a file", () => {
  it("has the file's own columns in their order, then ours", async () => {
    const text = await exported([...film, "constructor"], [failed("Joy, the film"), failed("Ran", 7)]);
    expect(text).toBe(
      [
        "Date,Name,Year,Letterboxd URI,constructor,_row,_error_code,_error",
        '2024-01-01,"Joy, the film",1999,u,,1,NOT_FOUND,No title found.',
        "2024-01-01,Ran,1999,u,,7,NOT_FOUND,No title found.",
        "",
      ].join("\r\n"),
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠1", "'=1"])(
    "makes %j harmless",
    async (name) => {
      const text = await exported(film, [failed(name)]);
      expect(text).toContain(`"'${name}"`);
    },
  );

  it("leaves ordinary titles alone", async () => {
    for (const name of ["Ocean's 11", "'Til There Was You", "1-2", "½", "…"]) {
      expect(formulaStart.test(name)).toBe(false);
      expect(await exported(film, [failed(name)])).toContain(`,${name},`);
    }
  });

  it("reads back as the same rows, whatever the cells hold", async () => {
    const cell = fc.string({
      unit: fc.oneof(
        fc.constantFrom("=", "+", "-", "@", "'", "＝", "\t", "\n", '"', ","),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (names) => {
        fc.pre(names.every((name) => !name.includes("\0")));
        const rows = names.map((name, at) => failed(name, at + 10));
        const { rows: again } = parse(await exported(film, rows));
        expect(again.map((row) => [row.raw.Name, row.raw._row])).toEqual(
          names.map((name, at) => [name, String(at + 10)]),
        );
      }),
    );
  });

  it("takes the apostrophe away only in files of ours", () => {
    const { rows } = parse(`${film.join(",")}\n2024-01-01,'-1,1999,u`);
    expect(rows[0]?.norm?.title).toBe("'-1");
    expect(restoreFormula("''=1")).toBe("'=1");
    expect(restoreFormula("'Til")).toBe("'Til");
  });

  it("keeps one set of our columns when a corrected file fails again", async () => {
    const columns = [...film, "_row", "_error_code", "_error"];
    const text = await exported(columns, [failed("Joy")]);
    expect(text.split("\r\n")[0]).toBe("Date,Name,Year,Letterboxd URI,_row,_error_code,_error");
  });
});

describe.skipIf(!sharedFixtures)("I-12 the hostile file of formulas", () => {
  it("goes out harmless and comes back as it was", async () => {
    const { rows, report } = parse(fixture("evil-csv/formula-cells.csv"));
    const failures = rows.map((row) => ({ rowNumber: row.n, raw: row.raw, code: "X", message: "=x" }));
    const text = await exported(report.columns, failures);
    for (const record of parse(text.replaceAll("_row", "row")).rows) {
      expect(String(record.raw.Name)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }
    expect(parse(text).rows.map((row) => row.raw.Name)).toEqual(rows.map((row) => row.raw.Name));
  });
});
