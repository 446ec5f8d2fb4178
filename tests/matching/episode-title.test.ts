import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEpisodeTitle, spacedTitle } from "#app/matching/episode-title.ts";
import { names } from "./episode-names.ts";

describe("S-03 films and episodes by the structure of their names", () => {
  it("is decided on at least 200 names that people have in their files", () => {
    expect(names.length).toBeGreaterThanOrEqual(200);
    expect(new Set(names.map(([name]) => name)).size).toBe(names.length);
  });

  it.each(names)("%s", (name, expected) => {
    expect(parseEpisodeTitle(name)).toMatchObject(expected);
  });

  it.each([
    "",
    "  ",
    "\u00a0",
    ":",
    " : ",
    " : Episode 10",
    ": Episode 10",
    ": Season 2: Pilot",
    ": Pilot",
    "\u200e",
  ])("finds no show in %j", (name) => {
    expect(parseEpisodeTitle(name)).toBeNull();
  });

  it("keeps the season as the title has it", () => {
    const label = (name: string) => parseEpisodeTitle(name)?.seasonLabel;
    expect(label("La casa de papel: Parte 3: Bum, bum, ciao")).toBe("Parte 3");
    expect(label("Stranger Things: Stranger Things 4: Episode 9")).toBe("Stranger Things 4");
    expect(label("O Inocente: Minissérie: Episódio 1")).toBe("Minissérie");
  });
});

/** Titles made of what the rules are about, and of anything else. */
const anyTitle = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ": ",
        ":",
        "：",
        " ",
        "\u00a0",
        "Season 2",
        "Part 4",
        "Episode 7",
        "Limited Series",
        "(Episode 3)",
      ),
      fc.constantFrom(
        "Saison",
        "第 3 季",
        "シーズン",
        "2. Sezon",
        "Dark",
        "4",
        "The",
        "(",
        ")",
        "Extended Edition",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    ),
    { maxLength: 10 },
  )
  .map((pieces) => pieces.join(""));
/** A name without what means something here. */
const plainName = fc
  .stringMatching(/^[A-Z][a-zéñ]{2,9}( [A-Z][a-zéñ]{2,9}){0,2}$/)
  .filter((name) => parseEpisodeTitle(`X: ${name}: y`)?.structure === "either");

describe("S-03 properties of the reading", () => {
  it("never throws and never names an empty show, episode or season", () => {
    fc.assert(
      fc.property(anyTitle, (title) => {
        const parsed = parseEpisodeTitle(title);
        if (parsed === null) return;
        expect(parsed.show.trim()).not.toBe("");
        expect(parsed.episodeTitle).not.toBe("");
        expect(parsed.seasonLabel).not.toBe("");
        if (parsed.structure === "film") expect(parsed).toMatchObject({ season: null, episode: null });
      }),
      { numRuns: 2000 },
    );
  });

  it("reads a non-breaking space as a space, and a tidied title as the title", () => {
    fc.assert(
      fc.property(anyTitle, (title) => {
        const parsed = parseEpisodeTitle(title);
        expect(parseEpisodeTitle(title.replaceAll(" ", "\u00a0"))).toEqual(parsed);
        expect(parseEpisodeTitle(spacedTitle(title))).toEqual(parsed);
        expect(spacedTitle(spacedTitle(title))).toBe(spacedTitle(title));
      }),
      { numRuns: 1000 },
    );
  });

  it("reads what it has found, written out again, as the same", () => {
    fc.assert(
      fc.property(anyTitle, (title) => {
        const parsed = parseEpisodeTitle(title);
        if (parsed === null || parsed.structure !== "film") return;
        expect(parseEpisodeTitle(parsed.show)).toEqual(parsed);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(plainName, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(
          "Season #",
          "Saison\u00a0#",
          "Temporada #",
          "#. Sezon",
          "Staffel #",
          "Kausi #",
          "시즌 #",
          "シーズン#",
        ),
        fc.integer({ min: 1, max: 99 }),
        fc.option(fc.array(plainName, { minLength: 1, maxLength: 3 }), { nil: null }),
        (show, word, season, behind) => {
          const label = word.replace("#", String(season));
          const title = [...show, label, ...(behind ?? [])].join(": ");
          expect(parseEpisodeTitle(title)).toEqual({
            show: show.join(": "),
            season,
            seasonLabel: label.replace("\u00a0", " "),
            episode: null,
            episodeTitle: behind?.join(": ") ?? null,
            structure: "episode",
          });
        },
      ),
    );
  });

  it("stays quick on hostile titles", () => {
    for (const title of [
      ": ".repeat(50_000),
      "(".repeat(100_000),
      " ".repeat(100_000),
      `A: ${"Season 1 ".repeat(10_000)}`,
    ]) {
      expect(() => parseEpisodeTitle(title)).not.toThrow();
    }
  });
});
