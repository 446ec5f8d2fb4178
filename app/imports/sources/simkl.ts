import type { NormalizedRow } from "#app/imports/normalized-row.ts";
import type { Adapter } from "./adapter.ts";
import { optional, required } from "./column-name.ts";
import { quoted, RowReader } from "./row-reader.ts";

/**
 * Simkl's backup: one row per film or show. Columns as converters and importers know them; no real file was at hand.
 *
 * What is recorded, so that nothing untrue is:
 * - a completed film is a viewing on `WatchedDate`; a film or show planned is a wish;
 * - `LastEpWatched` of a show is a high-water mark: everything up to it was seen, on days that the file does not say. It is
 *   no viewing of that one episode, and no set of viewings can be made of it. The row is a listing of the show with
 *   the mark in `season` and `episode`; a show with a rating is that rating, without the mark, because the rating is the
 *   show's. `WatchedDate` is then the day of the last change, so listings and ratings have no date.
 */
export const simkl: Adapter = {
  id: "simkl",
  source: "simkl",
  label: "Simkl backup",
  columns: [
    ...optional("SIMKL_ID"),
    ...required("Title", "Type"),
    ...optional("Year"),
    ...required("Watchlist", "LastEpWatched", "WatchedDate"),
    ...optional("Rating", "Memo", "TVDB", "TMDB", "IMDB", "TVDB_ID", "TMDB_ID", "IMDB_ID", "MAL_ID"),
  ],
  statesRewatches: false,
  wholeFile: { dayColumn: "WatchedDate" },
  normalize(cells, context) {
    const read = new RowReader(cells, context);
    const kind = kindOf(cells("Type"));
    return read.row({
      title: read.title("Title"),
      yearHint: read.year("Year"),
      kind,
      ids: {
        ...read.tmdbId(cells("TMDB") === "" ? "TMDB_ID" : "TMDB"),
        ...read.imdbId(cells("IMDB") === "" ? "IMDB_ID" : "IMDB"),
        // A film's number at TheTVDB is another series' number.
        ...(kind === "tv" && read.tvdbSeriesId(cells("TVDB") === "" ? "TVDB_ID" : "TVDB")),
      },
      ...readState(read, cells("Watchlist").toLowerCase(), cells("LastEpWatched"), kind),
    });
  },
  examples: [
    [
      "53536",
      "The Matrix",
      "movie",
      "1999",
      "completed",
      "",
      "2024-02-13",
      "9",
      "",
      "",
      "603",
      "tt0133093",
      "",
      "",
      "",
      "",
    ],
    [
      "11121",
      "Breaking Bad",
      "tv",
      "2008",
      "watching",
      "S03E04",
      "2024-02-26",
      "",
      "",
      "81189",
      "1396",
      "tt0903747",
      "",
      "",
      "",
      "",
    ],
  ],
  howTo: [
    "Sign in at simkl.com, open Settings and download the backup in CSV format.",
    "Upload the file as it is. Completed films become viewings, planned titles become wishes.",
    "Shows are listed with the last episode seen: the file does not say on which days the episodes before it were watched.",
  ],
};

function kindOf(type: string): NormalizedRow["kind"] {
  if (/^movies?$/i.test(type)) return "movie";
  return /^(?:tv|tv ?show|shows?|series|anime)$/i.test(type) ? "tv" : null;
}

type State = Pick<NormalizedRow, "intent"> &
  Partial<Pick<NormalizedRow, "date" | "rating" | "season" | "episode">>;

function readState(read: RowReader, watchlist: string, mark: string, kind: NormalizedRow["kind"]): State {
  const date = read.pastDay("WatchedDate");
  const rating = read.outOfTen("Rating");
  if (kind === "movie" && watchlist === "completed") return { intent: "viewing", date, rating };
  if (rating !== null) return { intent: "rating", rating };
  if (watchlist === "plantowatch") return { intent: "wish" };
  return { intent: "listing", ...readMark(read, mark) };
}

/** `S03E04`, `s1e5`, or a bare number, which counts through all seasons. */
function readMark(read: RowReader, mark: string): Pick<NormalizedRow, "season" | "episode"> {
  const [, season, episode] = /^(?:s([0-9]{1,4}) ?)?e?([0-9]{1,4})$/i.exec(mark) ?? [];
  if (episode !== undefined)
    return { season: season === undefined ? null : Number(season), episode: Number(episode) };
  if (mark !== "") {
    read.refuse({
      code: "INVALID_NUMBER",
      column: "LastEpWatched",
      message: `Last episode ${quoted(mark)} is not like S03E04. Correct or empty it and retry the row.`,
    });
  }
  return { season: null, episode: null };
}
