import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, detectEncoding, encodings } from "#app/csv/read/encoding.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";
import { fixture, parse, refusal } from "./parse.ts";

const windows1252 = new TextDecoder("windows-1252");
const codes = new Map(
  Array.from({ length: 256 }, (_, byte) => [windows1252.decode(Uint8Array.of(byte)), byte]),
);

/** Saves text in an encoding; null when it has no way to write a character. */
function save(text: string, encoding: (typeof encodings)[number]): Uint8Array | null {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  if (encoding === "windows-1252") {
    const bytes = [...text].map((character) => codes.get(character));
    return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : null;
  }
  const little = Buffer.from(`\ufeff${text}`, "utf16le");
  return new Uint8Array(encoding === "utf-16le" ? little : little.swap16());
}

const film = "Date,Name,Year,Letterboxd URI";

describe("I-05 encodings", () => {
  it.each(encodings)("reads %s as what it is", (encoding) => {
    const bytes = save(`${film}\n2024-01-01,Amélie à l’Opéra… – ½,2001,u\n`, encoding);
    expect(bytes).not.toBeNull();
    const { report, rows } = parse(bytes ?? "");
    expect(report.encoding).toBe(encoding);
    expect(rows[0]?.norm?.title).toBe("Amélie à l’Opéra… – ½");
  });

  it("decodes any text the same wherever chunks are cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("utf-8", "utf-16le", "utf-16be"),
        fc.integer({ min: 1, max: 16 }),
        (text, encoding, size) => {
          const bytes = save(text, encoding) ?? new Uint8Array();
          const expected = encoding === "utf-8" && text.startsWith("\ufeff") ? text.slice(1) : text;
          expect([...decodeText(bytes, encoding, size)].join("")).toBe(expected);
        },
      ),
    );
  });

  it("keeps an unpaired surrogate of a UTF-16 file for its row to be refused", () => {
    const bytes = save(`${film}\n2024-01-01,a\ud800b,2001,u\n2024-01-01,c,2001,u`, "utf-16le");
    const { rows } = parse(bytes ?? "");
    expect(rows.map((row) => [row.c, row.raw.Name])).toEqual([
      ["INVALID_CHARACTER", "a\\ud800b"],
      [null, "c"],
    ]);
  });

  it("obeys an encoding that was chosen", () => {
    const apostrophe = Uint8Array.of(
      ...new TextEncoder().encode(`${film}\n2024-01-01,L`),
      0x92,
      0x41,
      0x2c,
      0x2c,
    );
    expect(refusal(apostrophe)).toBe("BAD_ENCODING");
    expect(parse(apostrophe, { encoding: "windows-1252" }).rows[0]?.norm?.title).toBe("L’A");
    expect(refusal(apostrophe, { encoding: "utf-8" })).toBe("BAD_ENCODING");
    const undefinedByte = Uint8Array.of(
      ...new TextEncoder().encode(`${film}\n2024-01-01,L`),
      0x81,
      0x2c,
      0x2c,
    );
    expect(refusal(undefinedByte, { encoding: "windows-1252" })).toBe("BAD_ENCODING");
  });

  it("refuses what is damaged rather than guessing", () => {
    const bytes = (...parts: (string | number)[]) =>
      Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part)] : [part])));
    // UTF-8 with one broken character among good ones is no Windows-1252.
    expect(() => detectEncoding(bytes("é è à\nsecond é ", 0xe9, " line"))).toThrow("Line 2");
    expect(() => detectEncoding(bytes("cut in a character é", 0xc3))).toThrow("cut short");
    expect(() => detectEncoding(new Uint8Array(10_000))).toThrow("NOT_TEXT");
    expect(refusal(Uint8Array.of(0xff, 0xfe, 0x41))).toBe("BAD_ENCODING");
    expect(refusal(Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x00))).toBe("ZIP_FILE");
  });

  it("believes that every UTF-8 file is UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        fc.pre(!text.includes("\0"));
        const bytes = new TextEncoder().encode(`${film}\n${text}`);
        expect(detectEncoding(bytes)).toBe("utf-8");
      }),
    );
  });
});

const exports = ["watched", "diary", "ratings", "watchlist", "list"];
/** The real files have two letters that Windows-1252 cannot write. */
const forWindows1252 = (text: string) => text.replaceAll("ā", "â").replaceAll("ı", "î");

describe.skipIf(!sharedFixtures)("I-05 real Letterboxd exports, re-saved", () => {
  const original = (name: string) => new TextDecoder().decode(fixture(`csv/letterboxd-${name}.csv`));
  const cells = (content: string | Uint8Array, name: string) =>
    parse(content, {}, `letterboxd-${name}.csv`).rows.map(({ n, raw, norm, c }) => ({ n, raw, norm, c }));

  it.each(exports)("%s is accepted as it is, every record a row", (name) => {
    const { report } = parse(original(name), {}, `letterboxd-${name}.csv`);
    const rows = { watched: 1302, diary: 1066, ratings: 3, watchlist: 403, list: 250 }[name];
    expect(report).toMatchObject({
      format: `letterboxd-${name}`,
      certainty: "sure",
      totalRows: rows,
      validRows: rows,
      preambleLines: name === "list" ? 4 : 0,
    });
  });

  it.each(exports)("%s gives the same rows in every encoding, delimiter and line end", (name) => {
    const text = original(name);
    const rows = cells(text, name);
    const plain = forWindows1252(text);
    const lines = text.replaceAll("\r\n", "\n");
    expect(cells(`\ufeff${text}`, name)).toEqual(rows);
    for (const encoding of ["utf-16le", "utf-16be"] as const) {
      expect(cells(save(text, encoding) ?? "", name)).toEqual(rows);
    }
    expect(cells(save(plain, "windows-1252") ?? "", name)).toEqual(cells(plain, name));
    expect(cells(lines.replaceAll("\n", "\r"), name)).toEqual(rows);
    expect(cells(lines.replaceAll("\n", "\r\n"), name)).toEqual(rows);
    for (const delimiter of [";", "\t", "|"])
      expect(cells(withDelimiter(lines, delimiter), name)).toEqual(rows);
  });
});

/** The file as a spreadsheet of another country saves it: texts with a comma keep their quotes. */
function withDelimiter(text: string, delimiter: string): string {
  let quoted = false;
  let out = "";
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    out += character === "," && !quoted ? delimiter : character;
  }
  return out;
}
