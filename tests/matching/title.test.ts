import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanTitle, foldArticle, normalizeTitle, titleKey, trailingYear } from "#app/matching/title.ts";

/** Titles as files hold them: any script, with the signs that the rules are about thrown in. */
const words = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."aeiouéßøŁİıςΣ&.*'’-:½³ぽが한हि "),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});
/** Letters whose upper and lower case are each other's: Unicode has some that are not (U+0345, ligatures of Armenian and Greek). */
const cased = fc.string({ unit: fc.constantFrom(..."abcxyzéàüñçøłßåαβσςжщёй0123 &.'-:"), maxLength: 40 });

describe("I-08 M-01 normalised title", () => {
  test.each([
    ["Amélie", "amelie"],
    ["AMÉLIE ", "amelie"],
    ["Mr. & Mrs. Smith", "mr and mrs smith"],
    ["Tom&Jerry", "tom and jerry"],
    ["Romeo + Juliet", "romeo and juliet"],
    ["Roméo + Juliette", "romeo and juliette"],
    ["Fifty+", "fifty"],
    [" + ", "+"],
    ["Ocean’s Eleven", "oceans eleven"],
    ["Don't Breathe", "dont breathe"],
    ["E.T. the Extra-Terrestrial", "et the extra terrestrial"],
    ["S.W.A.T.", "swat"],
    ["M*A*S*H", "mash"],
    ["Alien³", "alien 3"],
    ["[REC]²", "rec 2"],
    ["8½", "8 1 2"],
    ["8 1/2", "8 1 2"],
    ["WALL·E", "wall e"],
    ["Æon Flux", "aeon flux"],
    ["Große Freiheit", "grosse freiheit"],
    ["GROSSE FREIHEIT", "grosse freiheit"],
    ["Łódź", "lodz"],
    ["İstanbul", "istanbul"],
    ["  The \u00a0 Thing\t", "the thing"],
    ["Spider‑Man", "spider man"],
    ["The\u200bMatrix\ufeff", "thematrix"],
    ["千と千尋の神隠し", "千と千尋の神隠し"],
    ["がんばっていきまっしょい", "がんばっていきまっしょい"],
    ["기생충", "기생충"],
    ["हम आपके हैं कौन", "हम आपके हैं कौन"],
    ["Ёлки", "елки"],
    ["ＡＫＩＲＡ", "akira"],
    ["T̸̡̛h̵e", "the"],
    ["$", "$"],
    ["&", "&"],
    ["…", "…"],
    ["😀 ", "😀"],
    ["", ""],
    [" \t", ""],
  ])("%j is %j", (title, normalised) => {
    expect(normalizeTitle(title)).toBe(normalised);
  });

  test("is idempotent", () => {
    fc.assert(
      fc.property(words, (title) => {
        expect(normalizeTitle(normalizeTitle(title))).toBe(normalizeTitle(title));
      }),
    );
  });

  test("is the same for the composed and the decomposed form", () => {
    fc.assert(
      fc.property(words, (title) => {
        expect(normalizeTitle(title.normalize("NFD"))).toBe(normalizeTitle(title.normalize("NFC")));
      }),
    );
  });

  test("is the same in capitals and small letters", () => {
    fc.assert(
      fc.property(cased, (title) => {
        expect(normalizeTitle(title.toUpperCase())).toBe(normalizeTitle(title));
        expect(normalizeTitle(title.toLowerCase())).toBe(normalizeTitle(title));
      }),
    );
  });

  test("is empty only for a blank title", () => {
    fc.assert(
      fc.property(words, (title) => {
        expect(normalizeTitle(title) === "").toBe(title.trim() === "");
      }),
    );
  });
});

describe("M-01 title key", () => {
  test("is readable and tells year and kind apart", () => {
    expect(titleKey("The Matrix", 1999, "movie")).toBe("the matrix|1999|movie");
    expect(titleKey("The Matrix", null, null)).toBe("the matrix||");
    expect(titleKey("THE MATRIX ", 1999, "movie")).toBe(titleKey("The Matrix", 1999, "movie"));
  });

  test("is bounded, and long titles that differ only at their end stay apart", () => {
    const long = "The Long Title ".repeat(100);
    const one = titleKey(`${long}one`, 1999, "movie");
    expect(one.length).toBeLessThanOrEqual(200);
    expect(one).not.toBe(titleKey(`${long}two`, 1999, "movie"));
    expect(titleKey(long.toUpperCase(), null, null)).toBe(titleKey(long, null, null));
  });

  test("never holds half a surrogate pair", () => {
    fc.assert(
      fc.property(fc.integer({ min: 150, max: 170 }), (letters) => {
        expect(titleKey("a".repeat(letters) + "𠮷".repeat(20), 2000, "tv").isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("M-01 cleaned titles", () => {
  test.each([
    ["Crash (2005)", ["Crash"]],
    ["Crash [2005]", ["Crash"]],
    ["2012 (2009)", ["2012"]],
    ["(2012)", []],
    ["The Office (U.S.)", ["The Office"]],
    ["The Office (UK)", ["The Office"]],
    ["Blade Runner: The Final Cut", ["Blade Runner"]],
    ["The Final Cut", []],
    ["Aliens (Director's Cut)", ["Aliens"]],
    ["Aliens - Director’s Cut", ["Aliens"]],
    ["Heat 4K", ["Heat"]],
    ["Metropolis (Remastered)", ["Metropolis"]],
    ["Das Boot [DC]", ["Das Boot"]],
    ["[REC]", []],
    ["Step Up 3D", []],
    ["Step Up (3D)", ["Step Up"]],
    ["Matrix, The", ["The Matrix"]],
    ["Avventura, L'", ["L'Avventura"]],
    ["Amants, Les", ["Les Amants"]],
    ["Lord of the Rings, The (Extended Edition) [2001]", ["The Lord of the Rings"]],
    ["Rocky II", ["Rocky 2"]],
    ["Rocky 2", ["Rocky II"]],
    ["Kill Bill: Vol. 2", ["Kill Bill: Vol. II"]],
    ["X", []],
    ["10", []],
    ["Se7en", []],
    ["Withnail & I", ["Withnail and I"]],
    ["Mr. & Mrs. Smith (2005)", ["Mr. & Mrs. Smith", "Mr. and Mrs. Smith"]],
    ["Pride and Prejudice", ["Pride & Prejudice"]],
    ["Romeo + Juliet", []],
  ])("%j is searched as %j", (title, variants) => {
    expect(cleanTitle(title)).toEqual(variants);
  });

  test("are at most three, never blank and never the title itself", () => {
    fc.assert(
      fc.property(words, (title) => {
        const variants = cleanTitle(title);
        expect(variants.length).toBeLessThanOrEqual(3);
        expect(variants).not.toContain(title);
        expect(variants.every((variant) => variant.trim() !== "")).toBe(true);
      }),
    );
  });

  test("of a very long title are none", () => {
    expect(cleanTitle("(US)".repeat(2500))).toEqual([]);
    expect(trailingYear(`${" (US)".repeat(2500)} (2005)`)).toBeNull();
  });

  test.each([
    ["Crash (2005)", 2005],
    ["Crash", null],
    ["2012", null],
    ["(2012)", null],
    ["Blade Runner 2049", null],
    ["Crash (1500)", null],
  ])("%j carries the year %j", (title, year) => {
    expect(trailingYear(title)).toBe(year);
  });

  test.each([
    ["The Matrix", "matrix"],
    ["Matrix, The", "matrix"],
    ["A Separation", "separation"],
    ["The", "the"],
    ["Les Amants", "les amants"],
    ["Theodora", "theodora"],
  ])("%j without its article is %j", (title, folded) => {
    expect(foldArticle(title)).toBe(folded);
  });
});
