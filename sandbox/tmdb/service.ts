import { type Answer, headerOf, json, type SandboxRequest } from "../answer.ts";
import type { Library } from "../titles/library.ts";
import { alone, withAppended } from "./append.ts";
import { configuration } from "./configuration.ts";
import { tmdbError } from "./errors.ts";
import { find } from "./find.ts";
import { movieDetails, movieParts } from "./movie.ts";
import { searchMovies, searchTv } from "./search.ts";
import { tvDetails, tvParts } from "./tv.ts";

export type TmdbKeys = { apiKey: string; bearer: string };

/**
 * The two ways in: `?api_key=` takes the 32-hex key alone and `Authorization: Bearer` the token alone.
 * The token sent as api_key is refused like any wrong key, as the real service does.
 */
function authorized(request: SandboxRequest, keys: TmdbKeys): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(headerOf(request.headers, "authorization") ?? "")?.[1];
  return bearer === undefined ? request.query.get("api_key") === keys.apiKey : bearer === keys.bearer;
}

function movie(library: Library, id: string, part: string, query: URLSearchParams): Answer {
  const film = /^\d+(-.*)?$/.test(id) ? library.film(Number.parseInt(id, 10)) : library.filmByImdbId(id);
  if (film === null) return tmdbError(34);
  const parts = movieParts(library, film, query);
  return part === "" ? withAppended(movieDetails(film), parts, query) : alone(film.id, parts, part);
}

function tv(library: Library, id: string, part: string, query: URLSearchParams): Answer {
  const series = /^\d+(-.*)?$/.test(id) ? library.series(Number.parseInt(id, 10)) : null;
  if (series === null) return tmdbError(34);
  const parts = tvParts(series, query);
  return part === "" ? withAppended(tvDetails(series), parts, query) : alone(series.id, parts, part);
}

/** The decoded steps of a path, or null when its percent signs make no sense. */
function pathSteps(path: string): string[] | null {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/**
 * TMDB v3 under `/tmdb/3`. Lists (/movie/popular, /movie/now_playing, /trending/movie/week) belong to a
 * later issue and answer code 34 until then.
 * @param imageUrl base of the picture addresses, without a slash at the end.
 */
export function answerTmdb(
  request: SandboxRequest,
  library: Library,
  keys: TmdbKeys,
  imageUrl: string,
): Answer {
  if (!authorized(request, keys)) return tmdbError(7);
  if (request.method !== "GET") return tmdbError(34);
  const steps = pathSteps(request.path);
  if (steps === null) return tmdbError(34);
  const [kind = "", id = "", ...rest] = steps;
  if (kind === "search" && id === "movie") return searchMovies(library, request.query);
  if (kind === "search" && id === "tv") return searchTv(library, request.query);
  if (kind === "configuration" && id === "") return json(200, configuration(imageUrl));
  if (kind === "find" && rest.length === 0) return find(library, id, request.query);
  if (kind === "movie") return movie(library, id, rest.join("/"), request.query);
  if (kind === "tv") return tv(library, id, rest.join("/"), request.query);
  return tmdbError(34);
}
