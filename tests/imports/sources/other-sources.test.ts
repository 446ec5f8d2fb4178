import { describe, expect, it } from "vitest";
import { adapters } from "#app/imports/sources/registry.ts";
import { parse, refusal } from "../parse.ts";

const simkl = "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB";
const norms = (text: string) => parse(text).rows.map((row) => row.norm ?? row.c);

describe("I-02 Simkl", () => {
  it("records films as viewings and wishes, and shows without inventing viewings", () => {
    const { rows, report } = parse(
      [
        simkl,
        "1,The Matrix,movie,1999,completed,,2024-02-13,9,,169,603,tt0133093",
        "2,Dune,movie,2021,plantowatch,,,,,,438631,",
        "3,Tenet,movie,2020,dropped,,2024-02-10,,,,577922,",
        "4,Breaking Bad,tv,2008,watching,S03E04,2024-02-26,,,81189,1396,tt0903747",
        "5,One Piece,anime,1999,watching,7,2024-02-26,,,81797,,",
        "6,Lost,tv show,2004,completed,s6e18,2024-02-26,8,,73739,,",
        "7,Dark,tv,2017,plantowatch,,,,,,,",
        "8,Dark,tv,2017,watching,soon,,,,,,",
      ].join("\n"),
    );
    expect(report).toMatchObject({ format: "simkl", certainty: "sure", totalRows: 8, validRows: 7 });
    expect(rows.map((row) => row.norm ?? row.c)).toMatchObject([
      {
        ...{ title: "The Matrix", kind: "movie", intent: "viewing", date: "2024-02-13", rating: 9 },
        ids: { tmdb: 603, imdb: "tt0133093" },
      },
      { title: "Dune", intent: "wish", date: null },
      { title: "Tenet", intent: "listing", date: null },
      {
        title: "Breaking Bad",
        kind: "tv",
        intent: "listing",
        season: 3,
        episode: 4,
        date: null,
        ids: { tvdb: 81189 },
      },
      { title: "One Piece", kind: "tv", intent: "listing", season: null, episode: 7 },
      { title: "Lost", kind: "tv", intent: "rating", rating: 8, season: null, episode: null, date: null },
      { title: "Dark", kind: "tv", intent: "wish" },
      "INVALID_NUMBER",
    ]);
    expect(rows[0]?.norm?.ids).not.toHaveProperty("tvdb");
  });

  it("reads its other dates and columns", () => {
    const header =
      "simkl_id,TVDB_ID,TMDB,IMDB_ID,MAL_ID,Type,Title,Year,LastEpWatched,Watchlist,WatchedDate,Rating,Memo";
    expect(
      norms(`${header}\n1,,603,tt0133093,,movie,The Matrix,1999,,completed,09-02-2024 13:22:11,,`),
    ).toMatchObject([{ date: "2024-02-09", ids: { tmdb: 603, imdb: "tt0133093" } }]);
    expect(refusal(`${simkl.replace("Watchlist", "Watchlst")}\n1,x,movie,1999,completed,,,,,,,`)).toBe(
      "HEADER_MISMATCH",
    );
  });
});

describe("I-02 Letterboxd's import format", () => {
  it("reads any choice of its columns", () => {
    const whole =
      "LetterboxdURI,tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review\nhttps://boxd.it/2a1m,603,tt0133093,The Matrix,1999,x,4.5,,2024-02-08,false,,\n,,,The Matrix,1999,x,,8,2024-02-08,true,,";
    expect(parse(whole).report).toMatchObject({ format: "letterboxd-import", certainty: "sure" });
    expect(norms(whole)).toMatchObject([
      {
        title: "The Matrix",
        rating: 9,
        date: "2024-02-08",
        rewatch: false,
        ids: { tmdb: 603, imdb: "tt0133093" },
      },
      { rating: 8, rewatch: true, intent: "viewing" },
    ]);
    const short = parse("Title,Year,WatchedDate\nJoy,2015,2024-02-08");
    expect(short.report).toMatchObject({ format: "letterboxd-import", certainty: "sure" });
    expect(parse("imdbID,Title\ntt0133093,The Matrix").rows[0]?.norm).toMatchObject({
      ids: { imdb: "tt0133093" },
      date: null,
    });
  });

  it("needs a name of its own among the columns", () => {
    expect(refusal("Title,Year\nJoy,2015")).toBe("HEADER_MISMATCH");
    expect(refusal("Title,Year,Watchd Date\nJoy,2015,2024-02-08")).toBe("HEADER_MISMATCH");
  });
});

describe("I-02 the template of shows", () => {
  const header = "Title,Season,Episode,Episode Title,Watched Date,Rating,Year,TMDB ID,IMDb ID";

  it("reads episodes with the ids of their show", () => {
    const text = `${header}\nBreaking Bad,1,1,Pilot,2024-02-08,9,2008,1396,\nDark,0,,Special,2024-02-09,,,,\nDark,one,1,,2024-02-09,,,,`;
    expect(parse(text).report).toMatchObject({ format: "template-shows", certainty: "sure" });
    expect(norms(text)).toMatchObject([
      {
        ...{ title: "Breaking Bad", kind: "tv", season: 1, episode: 1, episodeTitle: "Pilot", rating: 9 },
        ids: { tmdb: 1396 },
      },
      { season: 0, episode: null, episodeTitle: "Special", date: "2024-02-09" },
      "INVALID_NUMBER",
    ]);
  });

  it("is not taken for the template of films when a header is misspelt", () => {
    expect(refusal(`${header.replace("Season", "Sesaon")}\nDark,1,1,,,,,,`)).toBe("HEADER_MISMATCH");
  });
});

describe("I-03 every format", () => {
  it.each(adapters.map((adapter) => [adapter.id, adapter] as const))(
    "%s says where to get a file",
    (_, adapter) => {
      expect(adapter.howTo.length).toBeGreaterThanOrEqual(2);
      expect(adapter.howTo.length).toBeLessThanOrEqual(4);
      for (const sentence of adapter.howTo) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(adapter.examples).toHaveLength(2);
      for (const example of adapter.examples) expect(example).toHaveLength(adapter.columns.length);
    },
  );
});
