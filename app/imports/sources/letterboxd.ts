import type { Adapter, Cells, RowContext } from "./adapter.ts";
import { matchesColumn, optional, required } from "./column-name.ts";
import { RowReader } from "./row-reader.ts";

/**
 * Letterboxd's account export (Settings → Export your data): one CSV per kind of record. Dates are `YYYY-MM-DD`, ratings
 * half stars, `Year` may be empty. Whether a row is a film or one of the few series is not said, so `kind` stays open.
 */

/** All of them lie in one ZIP. */
const howTo = (file: string): string[] => [
  "Sign in at letterboxd.com and open Settings, then Data.",
  "Press Export your data and unpack the ZIP that is downloaded.",
  `Upload ${file} from it.`,
];

const film = required("Date", "Name", "Year", "Letterboxd URI");

const watched: Adapter = {
  id: "letterboxd-watched",
  source: "letterboxd",
  label: 'Letterboxd "watched"',
  columns: film,
  fileName: /(?<!un)watched/i,
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({ ...readFilm(read), date: read.date("Date"), intent: "viewing" });
  },
  examples: [
    ["2024-02-08", "Pride & Prejudice", "2005", "https://boxd.it/28Ug"],
    ["2024-02-11", "In the Mood for Love", "2000", "https://boxd.it/2aSY"],
  ],
  howTo: howTo("watched.csv"),
};

const watchlist: Adapter = {
  id: "letterboxd-watchlist",
  source: "letterboxd",
  label: 'Letterboxd "watchlist"',
  columns: film,
  fileName: /watch[ _-]?list/i,
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({ ...readFilm(read), date: read.date("Date"), intent: "wish" });
  },
  examples: [
    ["2024-03-02", "Dogville", "2003", "https://boxd.it/2a8W"],
    ["2024-03-25", "Ugetsu", "1953", "https://boxd.it/1NyM"],
  ],
  howTo: howTo("watchlist.csv"),
};

const ratings: Adapter = {
  id: "letterboxd-ratings",
  source: "letterboxd",
  label: 'Letterboxd "ratings"',
  columns: [...film, ...required("Rating")],
  fileName: /ratings/i,
  statesRewatches: false,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      ...readFilm(read),
      date: read.date("Date"),
      rating: read.stars("Rating"),
      intent: "rating",
    });
  },
  examples: [
    ["2024-04-17", "The Shining", "1980", "https://boxd.it/29Nu", "4.5"],
    ["2024-04-18", "The Matrix", "1999", "https://boxd.it/2a1m", "4"],
  ],
  howTo: howTo("ratings.csv"),
};

const diary: Adapter = {
  id: "letterboxd-diary",
  source: "letterboxd",
  label: 'Letterboxd "diary"',
  columns: [...film, ...required("Rating", "Rewatch"), ...optional("Tags"), ...required("Watched Date")],
  fileName: /diary/i,
  statesRewatches: true,
  normalize: readEntry,
  examples: [
    ["2024-06-16", "Attack the Block", "2011", "https://boxd.it/B1HMd", "4", "", "", "2024-06-15"],
    [
      "2024-06-18",
      "The Way of the Dragon",
      "1972",
      "https://boxd.it/B1Hh5",
      "",
      "Yes",
      "kung fu",
      "2024-06-17",
    ],
  ],
  howTo: howTo("diary.csv"),
};

const reviews: Adapter = {
  id: "letterboxd-reviews",
  source: "letterboxd",
  label: 'Letterboxd "reviews"',
  columns: [
    ...film,
    ...required("Rating", "Rewatch", "Review"),
    ...optional("Tags"),
    ...required("Watched Date"),
  ],
  fileName: /reviews/i,
  statesRewatches: true,
  normalize: readEntry,
  examples: [
    [
      "2024-06-16",
      "Absolution",
      "2015",
      "https://boxd.it/B1H3n",
      "3.5",
      "",
      "A quiet one.",
      "",
      "2024-06-15",
    ],
    ["2024-06-18", "Patrick", "2013", "https://boxd.it/B1HwT", "", "Yes", "Better this time.", "", ""],
  ],
  howTo: howTo("reviews.csv"),
};

const list: Adapter = {
  id: "letterboxd-list",
  source: "letterboxd",
  label: "Letterboxd list",
  columns: required("Position", "Name", "Year", "URL", "Description"),
  statesRewatches: false,
  findHeader: findListHeader,
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    return read.row({
      title: read.title("Name"),
      yearHint: read.year("Year"),
      sourceUri: read.uri("URL"),
      intent: "listing",
    });
  },
  examples: [
    ["1", "Portrait of a Lady on Fire", "2019", "https://boxd.it/jkPq", ""],
    ["2", "City of God", "2002", "https://boxd.it/2a2a", ""],
  ],
  howTo: howTo("a file of the folder lists"),
};

/** In the order in which equals are preferred: a header that fits `watched` and `watchlist` alike is read as `watched`. */
export const letterboxd: readonly Adapter[] = [watched, diary, ratings, watchlist, list, reviews];

function readFilm(read: RowReader) {
  return {
    title: read.title("Name"),
    yearHint: read.year("Year"),
    sourceUri: read.uri("Letterboxd URI"),
  };
}

/**
 * An entry of the diary or a review. `Date` is when it was logged; the viewing is on `Watched Date`, and where that is
 * empty (reviews) the film was seen on a day unknown. The URI is the entry's own, not the film's.
 */
function readEntry(cells: Cells, context: RowContext) {
  const read = new RowReader(cells, context);
  return read.row({
    ...readFilm(read),
    date: read.date("Watched Date"),
    rating: read.stars("Rating"),
    rewatch: read.yes("Rewatch"),
    intent: "viewing",
  });
}

const listMetadata = ["Date", "Name", "Tags", "URL", "Description"];

/**
 * A list export begins with `Letterboxd list export v7` (older ones: an empty line), then the list's own header and one
 * record about the list, whose description may span lines. Records are counted, not lines. A file without all that
 * begins with the header itself.
 */
function findListHeader(records: readonly (readonly string[])[]): number | null {
  const title = /^letterboxd list export\b/i.test(records[0]?.[0]?.trim() ?? "") ? 1 : 0;
  const metadata = records[title] ?? [];
  const isMetadata = listMetadata.every((name, at) => matchesColumn(metadata[at] ?? "", name));
  return isMetadata ? title + 2 : title;
}
