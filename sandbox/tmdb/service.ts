import { type Answer, headerOf, json, type SandboxRequest } from "../answer.ts";
import type { Film } from "../titles/film.ts";
import type { Library } from "../titles/library.ts";
import { alone, type SubResources, withAppended } from "./append.ts";
import { changeFeed } from "./changes.ts";
import { configuration } from "./configuration.ts";
import type { EditedTitle, TitleEdits } from "./edits.ts";
import { tmdbError } from "./errors.ts";
import { find } from "./find.ts";
import { type ListWorld, movieList } from "./lists.ts";
import { movieDetails, movieParts } from "./movie.ts";
import { searchMovies, searchTv } from "./search.ts";
import { tvDetails, tvParts } from "./tv.ts";

/** What TMDB knows, what was done to it, and how it behaves. */
export type TmdbWorld = ListWorld & { library: Library; changesPerDay: number; seriesEdits: TitleEdits };

export type TmdbKeys = { apiKey: string; bearer: string };

/**
 * The two ways in: `?api_key=` takes the 32-hex key alone and `Authorization: Bearer` the token alone.
 * The token sent as api_key is refused like any wrong key, as the real service does.
 */
function authorized(request: SandboxRequest, keys: TmdbKeys): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(headerOf(request.headers, "authorization") ?? "")?.[1];
  return bearer === undefined ? request.query.get("api_key") === keys.apiKey : bearer === keys.bearer;
}

function filmOf({ library, edits }: TmdbWorld, text: string): Film | null {
  const id = /^\d+(-.*)?$/.test(text) ? Number.parseInt(text, 10) : (library.filmByImdbId(text)?.id ?? 0);
  const { deleted, mergedInto } = edits.of(id);
  return deleted ? null : library.film(mergedInto ?? id);
}

function movie(world: TmdbWorld, id: string, part: string, query: URLSearchParams): Answer {
  const film = filmOf(world, id);
  if (film === null) return tmdbError(34);
  const details = movieDetails(film);
  const parts = movieParts(world.library, film, query);
  applyEdit(world.edits.of(film.id), details, parts);
  return part === "" ? withAppended(details, parts, query) : alone(film.id, parts, part);
}

function applyEdit(edit: EditedTitle, details: Record<string, unknown>, parts: SubResources): void {
  for (const [name, value] of Object.entries(edit.fields ?? {})) {
    // A part can only be replaced by an object, as parts are; anything else is a key of the body.
    const isPart = Object.hasOwn(parts, name) && typeof value === "object" && value !== null;
    if (isPart) parts[name] = () => ({ ...value });
    else details[name] = value;
  }
}

/** The lists that stand where a film's id would. */
function listOf(world: TmdbWorld, path: string, query: URLSearchParams): Answer | null {
  switch (path) {
    case "movie/popular":
      return movieList("popular", query, world);
    case "movie/now_playing":
      return movieList("now_playing", query, world);
    case "trending/movie/week":
      return movieList("trending", query, world);
    case "movie/changes":
      return changeFeed(query, world);
    case "tv/changes":
      return changeFeed(query, { ...world, edits: world.seriesEdits });
    default:
      return null;
  }
}

function tv(world: TmdbWorld, text: string, part: string, query: URLSearchParams): Answer {
  const id = /^\d+(-.*)?$/.test(text) ? Number.parseInt(text, 10) : 0;
  const { deleted, mergedInto } = world.seriesEdits.of(id);
  const series = deleted ? null : world.library.series(mergedInto ?? id);
  if (series === null) return tmdbError(34);
  const details = tvDetails(series);
  const parts = tvParts(series, query);
  applyEdit(world.seriesEdits.of(series.id), details, parts);
  return part === "" ? withAppended(details, parts, query) : alone(series.id, parts, part);
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
 * TMDB v3 under `/tmdb/3`.
 * @param imageUrl base of the picture addresses, without a slash at the end.
 */
export function answerTmdb(
  request: SandboxRequest,
  world: TmdbWorld,
  keys: TmdbKeys,
  imageUrl: string,
): Answer {
  const { library } = world;
  if (!authorized(request, keys)) return tmdbError(7);
  if (request.method !== "GET") return tmdbError(34);
  const steps = pathSteps(request.path);
  if (steps === null) return tmdbError(34);
  const [kind = "", id = "", ...rest] = steps;
  const list = listOf(world, steps.join("/"), request.query);
  if (list !== null) return list;
  if (kind === "search" && id === "movie") return searchMovies(library, request.query);
  if (kind === "search" && id === "tv") return searchTv(library, request.query);
  if (kind === "configuration" && id === "") return json(200, configuration(imageUrl));
  if (kind === "find" && rest.length === 0) return find(library, id, request.query);
  if (kind === "movie") return movie(world, id, rest.join("/"), request.query);
  if (kind === "tv") return tv(world, id, rest.join("/"), request.query);
  return tmdbError(34);
}
