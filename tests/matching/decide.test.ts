import { describe, expect, test } from "vitest";
import { type Decision, decide } from "#app/matching/decide.ts";
import type { ReasonCode } from "#app/matching/reason.ts";
import type { TitleKind } from "#app/matching/title.ts";
import { type FilmName, film, films } from "./films.ts";

type Case = [
  title: string,
  year: number | null,
  kind: TitleKind | null,
  offered: string,
  outcome: Decision["outcome"],
  code: ReasonCode,
  chosen?: FilmName,
];

const halloweens = "halloween1978 halloween2007 halloween2018 halloweenKills";

const cases: Case[] = [
  // remakes and namesakes told apart by the year
  ["Halloween", 1978, "movie", halloweens, "match", "title_and_year", "halloween1978"],
  ["Halloween", 2007, "movie", halloweens, "match", "title_and_year", "halloween2007"],
  ["Halloween", 2018, "movie", halloweens, "match", "title_and_year", "halloween2018"],
  ["HALLOWEEN", 2018, null, halloweens, "match", "title_and_year", "halloween2018"],
  ["Halloween (2007)", null, "movie", halloweens, "match", "title_and_year", "halloween2007"],
  ["Suspiria", 1977, "movie", "suspiria2018 suspiria1977", "match", "title_and_year", "suspiria1977"],
  ["Suspiria", 2018, "movie", "suspiria2018 suspiria1977", "match", "title_and_year", "suspiria2018"],
  ["Dune", 1984, "movie", "dune2021 dune1984", "match", "title_and_year", "dune1984"],
  ["Dune", 2021, "movie", "dune2021 dune1984", "match", "title_and_year", "dune2021"],
  [
    "The Thing",
    1982,
    "movie",
    "theThing1982 theThing2011 thing1951",
    "match",
    "title_and_year",
    "theThing1982",
  ],
  ["True Grit", 1969, "movie", "trueGrit2010 trueGrit1969", "match", "title_and_year", "trueGrit1969"],
  ["3:10 to Yuma", 1957, "movie", "yuma2007 yuma1957", "match", "title_and_year", "yuma1957"],
  ["3.10 to Yuma", 2007, "movie", "yuma2007 yuma1957", "match", "title_and_year", "yuma2007"],
  ["Oldboy", 2003, "movie", "oldboy2003 oldboy2013", "match", "title_and_year", "oldboy2003"],
  ["The Lion King", 2019, "movie", "lionKing1994 lionKing2019", "match", "title_and_year", "lionKing2019"],
  [
    "King Kong",
    1976,
    "movie",
    "kingKong2005 kingKong1933 kingKong1976",
    "match",
    "title_and_year",
    "kingKong1976",
  ],
  ["Freaky Friday", 1976, "movie", "freaky2003 freaky1976", "match", "title_and_year", "freaky1976"],
  ["Dawn of the Dead", 2004, "movie", "dawn1978 dawn2004", "match", "title_and_year", "dawn2004"],
  ["Mother", 2009, "movie", "mother2017 mother2009", "match", "title_and_year", "mother2009"],
  ["mother!", 2017, "movie", "mother2017 mother2009", "match", "title_and_year", "mother2017"],
  ["The Room", 2003, "movie", "room2003 room2015 room2001", "match", "title_and_year", "room2003"],
  ["The Room", 2001, "movie", "room2003 room2015 room2001", "match", "title_and_year", "room2001"],
  [
    "Truth or Dare",
    2017,
    "movie",
    "truthOrDare2018 truthOrDare2017",
    "match",
    "title_and_year",
    "truthOrDare2017",
  ],
  ["It", 2017, "movie", "it2017 itComes", "match", "title_and_year", "it2017"],

  // accents, signs, initials, scripts
  ["Amélie", 2001, "movie", "amelie", "match", "title_and_year", "amelie"],
  ["AMELIE ", 2001, "movie", "amelie", "match", "title_and_year", "amelie"],
  ["Mr. & Mrs. Smith", 2005, "movie", "smith2005 smith1941", "match", "title_and_year", "smith2005"],
  ["Mr and Mrs Smith", 1941, "movie", "smith2005 smith1941", "match", "title_and_year", "smith1941"],
  ["Pride and Prejudice", 2005, "movie", "pride", "match", "title_and_year", "pride"],
  ["Wall-E", 2008, "movie", "wallE", "match", "title_and_year", "wallE"],
  ["WALLE", 2008, "movie", "wallE", "match", "title_and_year", "wallE"],
  ["WALLE", null, "movie", "wallE", "review", "loose_title"],
  ["ET the Extra-Terrestrial", 1982, "movie", "et", "match", "title_and_year", "et"],
  ["MASH", 1970, "movie", "mash", "match", "title_and_year", "mash"],
  ["SWAT", 2003, "movie", "swat", "match", "title_and_year", "swat"],
  ["Face Off", 1997, "movie", "faceOff", "match", "title_and_year", "faceOff"],
  ["REC", 2007, "movie", "rec rec2", "match", "title_and_year", "rec"],
  ["[REC] 2", 2009, "movie", "rec rec2", "match", "title_and_year", "rec2"],
  ["Alien 3", 1992, "movie", "alien3 alien aliens", "match", "title_and_year", "alien3"],
  ["8 1/2", 1963, "movie", "eightAndHalf", "match", "title_and_year", "eightAndHalf"],
  ["Seven", 1995, "movie", "seven sevenSamurai", "none", "no_title_agrees"],
  ["Pans Labyrinth", 2006, "movie", "panLabyrinth", "match", "title_and_year", "panLabyrinth"],

  // the language of the original
  ["Le fabuleux destin d'Amélie Poulain", 2001, "movie", "amelie", "match", "title_and_year", "amelie"],
  ["El laberinto del fauno", 2006, "movie", "panLabyrinth", "match", "title_and_year", "panLabyrinth"],
  ["Cidade de Deus", 2002, "movie", "cityOfGod", "match", "title_and_year", "cityOfGod"],
  ["Cidade de Deus", null, "movie", "cityOfGod", "match", "only_title", "cityOfGod"],
  ["기생충", 2019, "movie", "parasite", "match", "title_and_year", "parasite"],
  ["千と千尋の神隠し", null, "movie", "spirited", "match", "only_title", "spirited"],
  ["Werckmeister harmoniak", 2001, "movie", "werckmeister", "match", "title_and_year", "werckmeister"],
  ["Léon", 1994, "movie", "leon", "match", "title_and_year", "leon"],
  ["O Código Da Vinci", 2006, "movie", "daVinci", "none", "no_title_agrees"],
  ["A Primeira Noite de Crime", null, "movie", "purge", "none", "no_title_agrees"],

  // articles, numerals, editions
  ["Matrix, The", 1999, "movie", "matrix", "match", "title_and_year", "matrix"],
  ["Matrix, The", null, "movie", "matrix", "match", "only_title", "matrix"],
  ["Matrix", 1999, "movie", "matrix", "match", "title_and_year", "matrix"],
  ["Matrix", null, "movie", "matrix", "review", "loose_title"],
  ["The Godfather Part 2", 1974, "movie", "godfather2", "match", "title_and_year", "godfather2"],
  ["Rocky 2", null, "movie", "rocky rocky2", "match", "only_title", "rocky2"],
  ["Rocky II", 1979, "movie", "rocky rocky2", "match", "title_and_year", "rocky2"],
  ["Fast 10", 2023, "movie", "fastX", "match", "title_and_year", "fastX"],
  ["12 Monkeys", 1995, "movie", "twelveMonkeys", "match", "title_and_year", "twelveMonkeys"],
  [
    "Blade Runner: The Final Cut",
    1982,
    "movie",
    "bladeRunner bladeRunner2049",
    "match",
    "title_and_year",
    "bladeRunner",
  ],
  ["Aliens (Director's Cut)", 1986, "movie", "alien aliens", "match", "title_and_year", "aliens"],
  ["Apocalypse Now [Remastered]", 1979, "movie", "apocalypse", "match", "title_and_year", "apocalypse"],
  ["Batman", 2022, "movie", "batman theBatman", "match", "title_and_year", "theBatman"],
  ["Batman", null, "movie", "batman theBatman", "match", "only_title", "batman"],

  // the year is off
  ["Werckmeister Harmonies", 2000, "movie", "werckmeister", "review", "year_off_by_one"],
  ["Crash", 2004, "movie", "crash2005 crash1996", "review", "year_off_by_one"],
  ["Okja", 2018, "movie", "okja", "review", "year_off_by_one"],
  ["Truth or Dare", 2019, "movie", "truthOrDare2018 truthOrDare2017", "review", "year_off_by_one"],
  ["Portrait of a Lady on Fire", 2012, "movie", "portrait", "review", "year_differs"],
  ["Mank", 2014, "movie", "mank", "none", "year_disagrees"],
  ["The Thing", 1990, "movie", "theThing1982 theThing2011", "none", "year_disagrees"],
  ["Freaky Friday", 1995, "movie", "freaky2003 freaky1976", "none", "year_disagrees"],
  ["Halloween", 1990, "movie", halloweens, "none", "year_disagrees"],
  ["Winter of the Comet", 2027, "movie", "unreleased", "review", "year_unknown"],

  // no year in the row
  ["Halloween", null, "movie", halloweens, "review", "same_title"],
  ["Dune", null, "movie", "dune2021 dune1984", "review", "same_title"],
  ["Frozen", null, "movie", "frozen2013 frozen2010", "review", "same_title"],
  ["Suspiria", null, "movie", "suspiria2018 suspiria1977", "review", "same_title"],
  ["Mother", null, "movie", "mother2017 mother2009", "review", "same_title"],
  ["Okja", null, "movie", "okja", "match", "only_title", "okja"],
  ["Mank", null, null, "mank", "match", "only_title", "mank"],
  ["The Room", null, "movie", "room2003 room2001", "match", "best_known", "room2003"],
  ["Parasite", null, "movie", "parasite parasiteShort parasite1982", "review", "same_title"],
  ["Avengers", null, "movie", "avengersFan avengers2012 avengers1998", "review", "better_known_rival"],
  ["The Avengers", null, "movie", "avengers2012 avengers1998", "review", "same_title"],
  ["Romeo and Juliet", null, "movie", "romeo1968 romeo1996", "review", "same_title"],
  ["Romeo & Juliet", 1996, "movie", "romeo1968 romeo1996", "match", "title_and_year", "romeo1996"],
  ["Metropolis", null, "movie", "metropolis metropolis2001", "review", "same_title"],

  // same title in the same year
  ["Parasite", 2019, "movie", "parasite parasiteShort parasite1982", "match", "best_known", "parasite"],

  // film or series
  ["Fargo", null, null, "fargo fargoSeries", "review", "film_or_series"],
  ["Fargo", 1996, null, "fargo fargoSeries", "match", "title_and_year", "fargo"],
  ["Fargo", null, "movie", "fargo fargoSeries", "match", "only_title", "fargo"],
  ["Fargo", null, "tv", "fargo fargoSeries", "match", "only_title", "fargoSeries"],
  ["Fargo", null, "movie", "fargoSeries", "none", "other_kind"],
  ["M*A*S*H", null, null, "mash mashSeries", "review", "film_or_series"],
  ["MASH", 1972, "tv", "mash mashSeries", "match", "title_and_year", "mashSeries"],
  [
    "Mr. & Mrs. Smith",
    2024,
    null,
    "smith2005 smith1941 smithSeries",
    "match",
    "title_and_year",
    "smithSeries",
  ],
  ["It", null, null, "it2017 itMini", "review", "film_or_series"],
  ["The Office", null, "tv", "office officeUk", "review", "same_title"],
  ["The Office", 2005, "tv", "office officeUk", "match", "title_and_year", "office"],
  ["The Office (U.S.)", null, "tv", "office officeUk", "review", "same_title"],
  ["The Office (US)", 2005, "tv", "office officeUk", "match", "title_and_year", "office"],
  ["The Office", null, null, "office officeFilm", "review", "film_or_series"],
  ["House of Cards", null, "tv", "houseOfCards houseOfCardsUk", "review", "same_title"],
  ["House of Cards", 1990, "tv", "houseOfCards houseOfCardsUk", "match", "title_and_year", "houseOfCardsUk"],
  ["12 Monkeys", null, null, "twelveMonkeys twelveMonkeysSeries", "review", "film_or_series"],

  // part of a title
  ["Star Wars", 1977, "movie", "starWarsEp4", "review", "part_of_title"],
  ["Star Wars", 1977, "movie", "starWars making", "match", "title_and_year", "starWars"],
  ["Star Wars: Episode IV – A New Hope", 1977, "movie", "starWars making", "review", "part_of_title"],
  [
    "Star Wars: Episode IV – A New Hope",
    1977,
    "movie",
    "starWarsEp4 making",
    "match",
    "title_and_year",
    "starWarsEp4",
  ],
  ["Birdman", 2014, "movie", "birdman", "review", "part_of_title"],
  ["Birdman", null, "movie", "birdman birdmanAlcatraz", "review", "part_of_title"],
  ["Dr. Strangelove", 1964, "movie", "strangelove", "review", "part_of_title"],
  ["The Lord of the Rings", 2001, "movie", "lotr", "review", "part_of_title"],
  ["Fury Road", 2015, "movie", "madMax", "review", "part_of_title"],
  ["Alitta: Battle Angel", 2019, "movie", "alita", "review", "part_of_title"],
  ["Night", null, "movie", "itComes", "none", "no_title_agrees"],

  // marked ones
  ["Stop Making Sense", 1984, "movie", "concert", "match", "title_and_year", "concert"],

  // nothing
  ["Zzyzx Road Revisited", 2019, "movie", "", "none", "no_candidates"],
  ["Okja", 2017, "movie", "mank", "none", "no_title_agrees"],
];

describe("M-02 what is accepted, what is reviewed, what is refused", () => {
  test.each(cases)("%s (%s, %s) among %s: %s, %s", (title, year, kind, offered, outcome, code, chosen) => {
    const candidates = offered
      .split(" ")
      .filter(Boolean)
      .map((name) => films[name as FilmName]);
    const strategy = year === null ? "search_without_year" : "search_with_year";
    const decision = decide({ title, year, kind }, candidates, strategy);
    expect([decision.outcome, decision.reason.code]).toEqual([outcome, code]);
    expect(decision.tmdbId).toBe(chosen ? films[chosen].tmdbId : null);
    expect(decision.mediaType).toBe(chosen ? films[chosen].mediaType : null);
    expect(decision.candidates).toHaveLength(Math.min(candidates.length, 5));
  });

  test("two equally known of one name and year go to review", () => {
    const twins = [film(1, "Joy", 2018, 30), film(2, "Joy", 2018, 25)];
    const decision = decide({ title: "Joy", year: 2018, kind: "movie" }, twins, "search_with_year");
    expect([decision.outcome, decision.reason.code]).toEqual(["review", "same_title_same_year"]);
  });

  test("what is marked as video gives way to a film of the same name and year, however well known", () => {
    const marked = film(1, "Joy", 2018, 900, { video: true });
    const decision = decide(
      { title: "Joy", year: 2018, kind: "movie" },
      [marked, film(2, "Joy", 2018, 5)],
      "search_with_year",
    );
    expect([decision.outcome, decision.tmdbId]).toEqual(["match", 2]);
    expect(decision.candidates[1]).toMatchObject({ tmdbId: 1, signals: { penalised: true } });
  });

  test("what is marked loses nothing when there is nothing else", () => {
    const alone = decide(
      { title: "Stop Making Sense", year: 1984, kind: "movie" },
      [films.concert],
      "search_with_year",
    );
    expect(alone.score).toBe(1);
  });

  test("a match that another result outscores goes to review", () => {
    const marked = film(1, "The Long Winter", 2001, 5, { video: true });
    const sequel = film(2, "Long Winter: The Thaw", 2002, 5);
    const decision = decide(
      { title: "Long Winter", year: 2001, kind: "movie" },
      [marked, sequel],
      "search_with_year",
    );
    expect(decision).toMatchObject({ outcome: "review", tmdbId: null, reason: { code: "not_clearly_best" } });
  });

  test("an alternative title with the right year is a match", () => {
    const known = { ...films.daVinci, alternativeTitles: ["El código Da Vinci", "O Código Da Vinci"] };
    const decision = decide(
      { title: "O Codigo da Vinci", year: 2006, kind: "movie" },
      [known],
      "alternative_title",
    );
    expect(decision).toMatchObject({
      outcome: "match",
      tmdbId: 591,
      score: 0.97,
      strategy: "alternative_title",
    });
    expect(decision.candidates[0]).not.toHaveProperty("alternativeTitles");
  });

  test("scores fall from certain to doubtful", () => {
    const score = (title: string, year: number | null) =>
      decide({ title, year, kind: "movie" }, [films.amelie], "search_with_year").score;
    expect(score("Amélie", 2001)).toBe(1);
    expect(score("Le fabuleux destin d'Amélie Poulain", 2001)).toBe(0.99);
    expect(score("Amélie", null)).toBe(0.9);
    expect(score("Amélie", 2002)).toBe(0.88);
    expect(score("Amélie", 1990)).toBe(0.7);
    expect(decide({ title: "Amélie", year: 2001, kind: "movie" }, [], "search_with_year").score).toBe(0);
  });

  test("candidates carry score and signals, best first", () => {
    const decision = decide(
      { title: "Dune", year: 2021, kind: "movie" },
      [films.dune1984, films.dune2021],
      "search_with_year",
    );
    expect(decision.candidates.map(({ tmdbId, score }) => [tmdbId, score])).toEqual([
      [438631, 1],
      [841, 0.7],
    ]);
    expect(decision.candidates[0]?.signals).toEqual({
      title: "exact",
      titleStrength: 1,
      year: "exact",
      kind: "agrees",
      penalised: false,
    });
  });
});

describe("M-01 ids and aliases", () => {
  test("an alias is followed whatever the title is called", () => {
    const decision = decide(
      { title: "that one with the sled", year: null, kind: "movie" },
      [films.mank],
      "alias",
    );
    expect(decision).toMatchObject({
      outcome: "match",
      tmdbId: 614560,
      score: 1,
      reason: { code: "decided_before" },
    });
  });

  test("an id is followed when the title is a translation and the year agrees", () => {
    const decision = decide(
      { title: "A Primeira Noite de Crime", year: 2013, kind: "movie" },
      [films.purge],
      "external_id",
    );
    expect(decision).toMatchObject({ outcome: "match", tmdbId: 158015, reason: { code: "external_id" } });
  });

  test("an id that contradicts both title and year goes to review", () => {
    const decision = decide({ title: "Okja", year: 2017, kind: "movie" }, [films.metropolis], "external_id");
    expect(decision).toMatchObject({ outcome: "review", tmdbId: null, reason: { code: "id_disagrees" } });
  });

  test("an id that names a film and a series is read by the kind of the row", () => {
    const both = [films.fargo, films.fargoSeries];
    expect(decide({ title: "Fargo", year: null, kind: "tv" }, both, "external_id")).toMatchObject({
      outcome: "match",
      tmdbId: 60622,
    });
    expect(decide({ title: "Fargo", year: null, kind: null }, both, "external_id")).toMatchObject({
      outcome: "review",
      reason: { code: "several_for_id" },
    });
  });

  test("an id that names nothing is none", () => {
    expect(decide({ title: "Fargo", year: 1996, kind: "movie" }, [], "external_id")).toMatchObject({
      outcome: "none",
      tmdbId: null,
      reason: { code: "no_candidates" },
    });
  });
});
