import { type Answer, json, type SandboxRequest } from "../answer.ts";
import type { Film } from "../titles/film.ts";
import type { Library } from "../titles/library.ts";
import { normalizeTitle } from "../titles/normalize.ts";
import type { Series } from "../titles/series.ts";
import { omdbFilm, omdbSeries, omdbYear } from "./record.ts";

const DAY_MS = 86_400_000;
const SEARCH_PAGE = 10;
const SHORTEST_SEARCH = 3;

/** Requests of one UTC day; OMDb does not say when its day begins. */
export class DailyCount {
  #day = -1;
  #count = 0;

  /** Counts one request. @returns how many it makes today. */
  add(nowMs: number): number {
    const day = Math.floor(nowMs / DAY_MS);
    if (day !== this.#day) this.#count = 0;
    this.#day = day;
    this.#count += 1;
    return this.#count;
  }
}

/** A failure in OMDb's way: HTTP 200 unless it is about the key. */
function failure(message: string, status = 200): Answer {
  return json(status, { Response: "False", Error: message });
}

type Wanted = { kind: "movie" | "series" | null; year: number | null };

type Candidate = { title: string; year: number; votes: number; body: () => Record<string, unknown> };

function filmCandidate(film: Film): Candidate {
  return { title: film.title, year: omdbYear(film), votes: film.voteCount, body: () => omdbFilm(film) };
}

function seriesCandidate(series: Series): Candidate {
  return {
    title: series.name,
    year: Number(series.firstAired.slice(0, 4)),
    votes: series.voteCount,
    body: () => omdbSeries(series),
  };
}

/** OMDb knows only titles with an IMDb id. */
function candidates(library: Library, text: string, wanted: Wanted): Candidate[] {
  const films =
    wanted.kind === "series" ? [] : library.searchFilms(text).filter((film) => film.imdbId !== null);
  const series = wanted.kind === "movie" ? [] : library.searchSeries(text);
  return [...films.map(filmCandidate), ...series.map(seriesCandidate)]
    .filter((one) => wanted.year === null || one.year === wanted.year)
    .sort((a, b) => b.votes - a.votes);
}

/** ONE best match and no word about the others: the same title first, then the most voted. */
function byTitle(library: Library, text: string, wanted: Wanted): Answer {
  const found = candidates(library, text, wanted);
  const same = found.find((one) => normalizeTitle(one.title) === normalizeTitle(text));
  const best = same ?? found[0];
  if (best !== undefined) return json(200, best.body());
  return failure(wanted.kind === "series" ? "Series not found!" : "Movie not found!");
}

function bySearch(library: Library, text: string, wanted: Wanted, pageText: string): Answer {
  if (text.length < SHORTEST_SEARCH) return failure("Too many results.");
  const found = candidates(library, text, wanted);
  const page = /^\d+$/.test(pageText) ? Math.max(1, Number(pageText)) : 1;
  const shown = found.slice((page - 1) * SEARCH_PAGE, page * SEARCH_PAGE);
  if (shown.length === 0) return failure(wanted.kind === "series" ? "Series not found!" : "Movie not found!");
  const items = shown.map((one) => {
    const { Title, Year, imdbID, Type, Poster } = one.body();
    return { Title, Year, imdbID, Type, Poster };
  });
  return json(200, { Search: items, totalResults: String(found.length), Response: "True" });
}

function byId(library: Library, imdbId: string): Answer {
  const film = library.filmByImdbId(imdbId);
  if (film !== null) return json(200, omdbFilm(film));
  const series = library.seriesByImdbId(imdbId);
  return series === null ? failure("Incorrect IMDb ID.") : json(200, omdbSeries(series));
}

/**
 * OMDb: `?apikey=` with `i=`, `t=` or `s=`. A used-up key answers 401 like a wrong one: only the text tells
 * them apart. Requests with a wrong key are not counted.
 */
export function answerOmdb(
  request: SandboxRequest,
  library: Library,
  key: string,
  limit: { dailyLimit: number; count: () => number },
): Answer {
  const { query } = request;
  const given = query.get("apikey") ?? "";
  if (given === "") return failure("No API key provided.", 401);
  if (given !== key) return failure("Invalid API key!", 401);
  if (limit.count() > limit.dailyLimit) return failure("Request limit reached!", 401);
  const type = query.get("type");
  const year = query.get("y") ?? "";
  const wanted: Wanted = {
    kind: type === "movie" || type === "series" ? type : null,
    year: /^\d{4}$/.test(year) ? Number(year) : null,
  };
  const [id, title, search] = ["i", "t", "s"].map((name) => query.get(name) ?? "");
  if (id) return byId(library, id);
  if (title) return byTitle(library, title, wanted);
  if (search) return bySearch(library, search, wanted, query.get("page") ?? "1");
  return failure("Incorrect IMDb ID.");
}
