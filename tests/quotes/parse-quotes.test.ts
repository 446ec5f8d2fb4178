import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLine } from "#app/quotes/parse-line.ts";
import { parseQuotes } from "#app/quotes/parse-quotes.ts";
import { quoteIdOf, shareLinkOf } from "#app/quotes/share-link.ts";
import { nameKey, wordsOf } from "#app/quotes/words.ts";
import { sharedFixtures } from "#tests/setup/fixtures.ts";

const line = (text: string | null, stageDirection: string | null = null, character: string | null = "Vera") =>
  parseLine({ character, text, stageDirection }).map(({ type, text: said }) => [type, said]);

describe("Q-02 lines", () => {
  it.each([
    ["Good evening.", null, [["dialogue", "Good evening."]]],
    ["  Good\n evening. ", null, [["dialogue", "Good evening."]]],
    [
      "Sit.",
      "quietly",
      [
        ["stage_direction", "quietly"],
        ["dialogue", "Sit."],
      ],
    ],
    [
      "[over the noise] Sit.",
      null,
      [
        ["stage_direction", "over the noise"],
        ["dialogue", "Sit."],
      ],
    ],
    [
      "[quietly] [to Jonas] Sit.",
      null,
      [
        ["stage_direction", "quietly"],
        ["stage_direction", "to Jonas"],
        ["dialogue", "Sit."],
      ],
    ],
    ["[He leaves]", null, [["stage_direction", "He leaves"]]],
    ["(he waits)", null, [["stage_direction", "he waits"]]],
    ["(he waits) Sit.", null, [["dialogue", "(he waits) Sit."]]],
    ["(one) and (two)", null, [["dialogue", "(one) and (two)"]]],
    [
      "[one] and [two]",
      null,
      [
        ["stage_direction", "one"],
        ["dialogue", "and [two]"],
      ],
    ],
    [
      "[a [nested] one] Sit.",
      null,
      [
        ["stage_direction", "a [nested] one"],
        ["dialogue", "Sit."],
      ],
    ],
    ["[never closed", null, [["dialogue", "[never closed"]]],
    ["[1:14:18] Sit.", null, [["dialogue", "Sit."]]],
    [
      "[12:40 - 12:51] [quietly] Sit.",
      null,
      [
        ["stage_direction", "quietly"],
        ["dialogue", "Sit."],
      ],
    ],
    ["Sit.", "1:14:18", [["dialogue", "Sit."]]],
    [null, "1:14:18", []],
    ["[narration] It was late.", null, [["narration", "It was late."]]],
    ["[Narrating] It was late.", null, [["narration", "It was late."]]],
    ["It was late.", "narrating", [["narration", "It was late."]]],
    [null, "shakes her head", [["stage_direction", "shakes her head"]]],
    [null, "[shakes her head]", [["stage_direction", "shakes her head"]]],
    ["", "", []],
    [null, null, []],
  ] as const)("reads %j with %j", (text, stageDirection, expected) => {
    expect(line(text, stageDirection)).toEqual(expected);
  });

  it("keeps who speaks and who acts, and leaves nobody where nobody is named", () => {
    expect(parseLine({ character: " Vera: ", text: "[sighs] No.", stageDirection: null })).toEqual([
      { type: "stage_direction", character: "Vera", text: "sighs" },
      { type: "dialogue", character: "Vera", text: "No." },
    ]);
    expect(parseLine({ character: "  ", text: "No.", stageDirection: null })[0]?.character).toBeNull();
  });

  it("gives clean lines whatever comes, and every word that was said", () => {
    const anything = fc.oneof(
      fc.constant(null),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[[\]() a:1-9]{0,12}$/),
    );
    fc.assert(
      fc.property(anything, anything, anything, (character, text, stageDirection) => {
        const lines = parseLine({ character, text, stageDirection });
        for (const each of lines) {
          expect(each.text).toBe(each.text.trim());
          expect(each.text).not.toBe("");
          expect(each.text.isWellFormed() && !each.text.includes("\0")).toBe(true);
          expect(each.character).not.toBe("");
        }
        expect(lines.filter(({ type }) => type !== "stage_direction").length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("Q-02 share links", () => {
  it.each([
    ["https://www.imdb.com/title/tt0062622/quotes/?item=qt0396921&ref_=ext_shr_lnk", "qt0396921"],
    ["https://www.imdb.com/title/tt0062622/quotes?ref_=x&item=qt0396921", "qt0396921"],
    ["https://www.imdb.com/title/tt0062622/quotes/qt0396921", "qt0396921"],
    ["https://www.imdb.com/title/tt0062622/quotes#qt0396921", "qt0396921"],
    ["/title/tt0062622/quotes/#qt12345678", "qt12345678"],
    ["qt0396921", "qt0396921"],
    ["https://www.imdb.com/title/tt0062622/quotes/", null],
    ["https://www.imdb.com/title/tt0062622/quotes/?item=qt12", null],
    ["https://example.org/qt0396921x", null],
    ["", null],
    [null, null],
  ])("%s is %s", (link, id) => {
    expect(quoteIdOf(link)).toBe(id);
  });

  it("reads the links that it writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (number) => {
        const id = `qt${String(number).padStart(7, "0")}`;
        expect(quoteIdOf(shareLinkOf("tt0062622", id))).toBe(id);
      }),
    );
  });
});

describe("Q-05 the same words", () => {
  const said = (...texts: string[]) => wordsOf(texts.map((text) => ({ type: "dialogue" as const, text })));

  it("are the same without case, accents, punctuation and stage directions", () => {
    expect(said("Don't – STOP, René!")).toBe(said("Dont stop", "rene"));
    expect(
      wordsOf([
        { type: "stage_direction", text: "quietly" },
        { type: "narration", text: "It was late." },
      ]),
    ).toBe(said("It was late"));
    expect(said("No.")).not.toBe(said("No way."));
    expect(said("…?!")).not.toBe(said("…!"));
    expect(wordsOf([{ type: "stage_direction", text: "No" }])).not.toBe(said("No"));
    expect(nameKey("राम")).not.toBe(nameKey("रमा"));
    expect(nameKey("NEO")).toBe(nameKey("Neo "));
  });
});

interface TitlePage {
  title: string | null;
  quotes: {
    edges: {
      node: {
        lines?: {
          characters: { character: string }[] | null;
          text: string | null;
          stageDirection: string | null;
        }[];
      };
    }[];
  };
}

describe.skipIf(!sharedFixtures)("Q-02 quotes of real title pages", () => {
  it("are read whole: no brackets, no times, nothing said is lost", () => {
    const pages = JSON.parse(
      readFileSync(join(sharedFixtures ?? "", "imdb/quote-lines.json"), "utf8"),
    ) as TitlePage[];
    const quotes = pages.flatMap(({ quotes: { edges } }) =>
      edges.flatMap(({ node }) => (node.lines ? [node.lines] : [])),
    );
    expect(quotes.length).toBeGreaterThan(5);
    for (const lines of quotes) {
      const [read] = parseQuotes([
        {
          shareLink: null,
          lines: lines.map(({ characters, ...rest }) => ({
            ...rest,
            character: characters?.map(({ character }) => character).join(", ") ?? null,
          })),
        },
      ]);
      const texts = lines.flatMap(({ text }) => (text === null ? [] : [text]));
      expect(read?.lines.filter(({ type }) => type === "dialogue").map(({ text }) => text)).toEqual(texts);
      const directions = read?.lines.filter(({ type }) => type === "stage_direction") ?? [];
      expect(directions.some(({ text }) => /^\d+:\d/.test(text))).toBe(false);
    }
  });
});
