import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  generatedFilm,
  generatedFilms,
  generatedIndexOfId,
  generatedIndexOfTitle,
} from "#sandbox/titles/generated.ts";
import { allFilms, Library } from "#sandbox/titles/library.ts";
import { normalizeTitle } from "#sandbox/titles/normalize.ts";
import { allSeries } from "#sandbox/titles/series.ts";

const COUNT = 1_000_000;
const library = new Library(COUNT);

describe("Sandbox titles", () => {
  it("has every id once, ids of the right form and dates that exist", () => {
    for (const titles of [allFilms, allSeries]) {
      expect(new Set(titles.map((title) => title.id)).size).toBe(titles.length);
    }
    const imdbIds = [...allFilms, ...allSeries].map((title) => title.imdbId).filter((id) => id !== null);
    expect(new Set(imdbIds).size).toBe(imdbIds.length);
    for (const id of imdbIds) expect(id).toMatch(/^tt\d{7,8}$/);
    const dates = [...allFilms.map((film) => film.released), ...allSeries.map((one) => one.firstAired)];
    for (const date of dates) expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
  });

  it("makes any synthetic film from its index and finds the index again", () => {
    fc.assert(
      fc.property(fc.nat(COUNT - 1), (index) => {
        const film = generatedFilm(index);
        expect(generatedFilm(index)).toEqual(film);
        expect(generatedIndexOfTitle(normalizeTitle(film.title), COUNT)).toBe(index);
        expect(generatedIndexOfId(film.id, COUNT)).toBe(index);
        if (film.imdbId !== null) expect(generatedIndexOfId(film.imdbId, COUNT)).toBe(index);
        const year = Number(film.released.slice(0, 4));
        expect(year >= 1950 && year <= 2025).toBe(true);
      }),
    );
    expect(generatedIndexOfTitle(normalizeTitle(generatedFilm(COUNT).title), COUNT)).toBeNull();
    expect([...generatedFilms(3)].map((film) => film.id)).toEqual([10_000_000, 10_000_001, 10_000_002]);
  });
});

describe("Sandbox sample exports", () => {
  type Row = Record<string, string>;
  const read = (name: string): Row[] =>
    parse(readFileSync(new URL(`../../sandbox/sample/${name}`, import.meta.url)), {
      columns: true,
      skip_empty_lines: true,
    });
  const watched = read("letterboxd-watched.csv");
  const diary = read("letterboxd-diary.csv");
  const knows = (row: Row) => library.searchFilms(row.Name ?? "").length > 0;

  it("has the columns of Letterboxd's files", () => {
    expect(Object.keys(watched[0]!)).toEqual(["Date", "Name", "Year", "Letterboxd URI"]);
    expect(Object.keys(diary[0]!).slice(4)).toEqual(["Rating", "Rewatch", "Tags", "Watched Date"]);
    expect([watched.length, diary.length]).toEqual([61, 30]);
  });

  it("shows each kind of outcome: unknown, ambiguous, bad year, duplicate line", () => {
    const unknown = watched.filter((row) => !knows(row)).map((row) => row.Name);
    expect(unknown).toEqual(["The Lantern Keeper of Port Solace"]);
    expect(
      watched.filter((row) => row.Year === "").map((row) => library.searchFilms(row.Name!).length),
    ).toEqual([2]);
    expect(watched.filter((row) => !/^(\d{4})?$/.test(row.Year!)).map((row) => row.Year)).toEqual(["20055"]);
    const lines = watched.map((row) => JSON.stringify(row));
    expect(lines.length - new Set(lines).size).toBe(1);
    for (const sign of [",", '"', "&", "é", "·", "½"]) {
      expect(
        watched.some((row) => row.Name!.includes(sign)),
        sign,
      ).toBe(true);
    }
  });

  it("has rewatches in the diary, all of films the sandbox knows", () => {
    expect(diary.filter((row) => row.Rewatch === "Yes")).toHaveLength(4);
    expect(diary.filter((row) => !knows(row))).toEqual([]);
  });
});
