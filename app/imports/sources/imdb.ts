import type { NormalizedRow, RowIntent } from "#app/imports/normalized-row.ts";
import { parseEpisodeTitle } from "#app/matching/episode-title.ts";
import { titleTypeOf } from "#app/upstreams/imdb/title-type.ts";
import type { Adapter, Cells, RowContext, RowResult } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";

/**
 * IMDb's exports of ratings, watchlist and lists, of both generations. Old ones have 13 columns for ratings and 15 or 17 for
 * lists; new ones have the same 18 for all three, so that each row decides for itself: with `Your Rating` it is a rating on
 * `Date Rated`; without one it is what the file is, a wish in a watchlist and a listing elsewhere, on `Created`. What
 * the file is, its name has to say: new files may be called anything, and then a watchlist cannot be told from a list.
 *
 * `Const` is the strong id of every row. Old files may be Windows-1252. Runtime, genres and votes are not taken over.
 */

const ratings: Adapter = {
  id: "imdb-ratings",
  source: "imdb",
  label: "IMDb ratings",
  columns: [
    ...required("Const", "Your Rating", "Date Rated", "Title"),
    ...optional("Original Title"),
    ...required("URL", "Title Type"),
    ...optional("IMDb Rating", "Runtime (mins)"),
    ...required("Year"),
    ...optional("Genres", "Num Votes", "Release Date", "Directors"),
    ...optional("Position", "Created", "Modified", "Description"),
  ],
  fileName: /rating/i,
  statesRewatches: false,
  normalize: (cells, context) => readTitle(cells, context, "listing"),
  examples: [
    [
      ...[
        "tt0133093",
        "9",
        "2024-02-08",
        "The Matrix",
        "The Matrix",
        "https://www.imdb.com/title/tt0133093/",
      ],
      ...["Movie", "8.7", "136", "1999", "Action, Sci-Fi", "2100000", "1999-03-31"],
      ...["Lana Wachowski, Lilly Wachowski", "1", "2024-02-08", "2024-02-08", ""],
    ],
    [
      ...[
        "tt0903747",
        "10",
        "2024-02-11",
        "Breaking Bad",
        "Breaking Bad",
        "https://www.imdb.com/title/tt0903747/",
      ],
      ...["TV Series", "9.5", "45", "2008", "Crime, Drama", "2300000", "2008-01-20", "", "2"],
      ...["2024-02-11", "2024-02-11", ""],
    ],
  ],
  howTo: howTo("Your ratings"),
};

const listColumns = [
  ...required("Position", "Const", "Created"),
  ...optional("Modified", "Description"),
  ...required("Title"),
  ...optional("Original Title"),
  ...required("URL", "Title Type"),
  ...optional("IMDb Rating", "Runtime (mins)"),
  ...required("Year"),
  ...optional("Genres", "Num Votes", "Release Date", "Directors", "Your Rating", "Date Rated"),
];

const listExamples = [
  [
    ...["1", "tt0211915", "2024-02-08", "2024-02-08", "", "Amélie", "Le fabuleux destin d'Amélie Poulain"],
    ...["https://www.imdb.com/title/tt0211915/", "Movie", "8.3", "122", "2001", "Comedy, Romance", "800000"],
    ...["2001-04-25", "Jean-Pierre Jeunet", "", ""],
  ],
  [
    ...["2", "tt7366338", "2024-02-11", "2024-02-11", "", "Chernobyl", "Chernobyl"],
    ...["https://www.imdb.com/title/tt7366338/", "TV Mini Series", "9.3", "330", "2019", "Drama, History"],
    ...["900000", "2019-05-06", "", "", ""],
  ],
];

const list: Adapter = {
  id: "imdb-list",
  source: "imdb",
  label: "IMDb list",
  columns: listColumns,
  fileName: /(?<!watch[ _-]?)list/i,
  statesRewatches: false,
  normalize: (cells, context) => readTitle(cells, context, "listing"),
  examples: listExamples,
  howTo: howTo("the list"),
};

const watchlist: Adapter = {
  id: "imdb-watchlist",
  source: "imdb",
  label: "IMDb watchlist",
  columns: listColumns,
  fileName: /watch[ _-]?list/i,
  statesRewatches: false,
  normalize: (cells, context) => readTitle(cells, context, "wish"),
  examples: listExamples,
  howTo: howTo("Your watchlist"),
};

/** In the order in which equals are preferred: an unnamed file of the 18 columns adds no wishes that nobody made. */
export const imdb: readonly Adapter[] = [list, watchlist, ratings];

function howTo(page: string): string[] {
  return [
    `Sign in at imdb.com, open ${page} and press Export.`,
    "When the export is ready, download it from the Exports page of your account.",
    "Keep the words ratings or watchlist in the file's name: the three kinds of file look alike.",
  ];
}

function readTitle(cells: Cells, context: RowContext, unrated: RowIntent): RowResult {
  const type = titleTypeOf(cells("Title Type"));
  if (type === "other") {
    return {
      skip: { code: "NOT_A_FILM_OR_SERIES", message: "The row is about a game, a music video or a podcast." },
    };
  }
  const read = new RowReader(cells, context);
  const rating = read.outOfTen("Your Rating");
  const title = read.title("Title");
  return read.row({
    title,
    yearHint: read.year("Year"),
    sourceUri: read.uri("URL"),
    ids: read.imdbId("Const"),
    rating,
    ...(rating === null
      ? { intent: unrated, date: read.date("Created") }
      : { intent: "rating", date: read.date("Date Rated") }),
    ...(type === "episode" ? asEpisode(title) : { kind: kinds[type ?? "unknown"] }),
  });
}

const kinds = { movie: "movie", series: "tv", unknown: null } as const;

/**
 * An episode is known by its id alone. Its title is that of the episode ("Ozymandias"), in old files behind that of the show
 * ("Breaking Bad: Ozymandias"); `episodeTitle` says that it is no series of that name.
 */
function asEpisode(title: string): Pick<NormalizedRow, "kind" | "episodeTitle" | "seriesReading"> {
  const parsed = parseEpisodeTitle(title);
  if (parsed === null || parsed.structure === "film") return { kind: "tv", episodeTitle: title || null };
  const { show, season, seasonLabel, episode, episodeTitle } = parsed;
  return {
    kind: "tv",
    episodeTitle: title,
    seriesReading: { show, season, seasonLabel, episode, episodeTitle },
  };
}
