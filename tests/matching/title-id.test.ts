import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTitleId } from "#app/matching/title-id.ts";

const film = { service: "tmdb", id: 603, kind: "movie" };
const imdb = { service: "imdb", id: "tt0133093" };

describe("M-03 an id that an operator types", () => {
  it.each([
    ["603", { service: "tmdb", id: 603, kind: null }],
    [" movie/603 ", film],
    ["tv:1396", { service: "tmdb", id: 1396, kind: "tv" }],
    ["https://www.themoviedb.org/movie/603-the-matrix?language=de", film],
    ["themoviedb.org/tv/1396/season/2", { service: "tmdb", id: 1396, kind: "tv" }],
    ["TT0133093", imdb],
    ["https://m.imdb.com/title/tt0133093/?ref_=fn_al_tt_1", imdb],
    ["www.imdb.com/de/title/tt0133093", imdb],
  ])("is read: %s", (text, id) => {
    expect(readTitleId(text)).toEqual(id);
  });

  it.each([
    ["", "Enter an id"],
    ["the matrix", "no id of a title"],
    ["0", "no id of a title"],
    ["9999999999", "no id of a title"],
    ["nm0000206", "begins with tt"],
    ["https://www.imdb.com/name/nm0000206/", "address at IMDb"],
    ["https://www.themoviedb.org/person/6384", "address at TMDB"],
    ["https://imdb.com.example.org/title/tt0133093/", "Only addresses at TMDB and IMDb"],
    ["https://www.themoviedb.org.evil.example/movie/603", "Only addresses at TMDB and IMDb"],
    ["x".repeat(501), "too long"],
  ])("is refused with a reason: %s", (text, reason) => {
    expect(readTitleId(text)).toMatchObject({ problem: expect.stringContaining(reason) });
  });

  it("is read or refused whatever it is, and never out of range", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl(), fc.stringMatching(/^(tt|tv|movie)?[/:]?\d*$/)),
        (text) => {
          const read = readTitleId(text);
          if ("problem" in read) expect(read.problem).not.toBe("");
          else if (read.service === "tmdb") expect(read.id >= 1 && read.id <= 2_147_483_647).toBe(true);
          else expect(read.id).toMatch(/^tt\d{5,10}$/);
        },
      ),
    );
  });
});
