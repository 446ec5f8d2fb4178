import type { UpstreamContext } from "#app/upstreams/context.ts";
import { tmdb } from "#app/upstreams/tmdb/definition.server.ts";
import {
  changesPage,
  movieListPage,
  type TmdbChanges,
  type TmdbMovieList,
} from "#app/upstreams/tmdb/shapes.ts";
import { ask } from "#app/upstreams/upstream.server.ts";

/** The lists that discovery reads (T-02). */
export type MovieListSource = "popular" | "now_playing" | "trending";

const LIST_PATHS: Record<MovieListSource, string> = {
  popular: "/movie/popular",
  now_playing: "/movie/now_playing",
  trending: "/trending/movie/week",
};

/** TMDB refuses later pages of whatever list (400, code 22), however many it claims to have. */
export const LAST_PAGE = 500;
/** The longest window of the change feed, both days included (422, code 20). */
export const CHANGES_WINDOW_DAYS = 14;

/**
 * One page (20 films) of a list, always asked anew: the order drifts from hour to hour, and an old page says nothing.
 *
 * Series and people that trending mixes in are left out; films marked `adult` or `softcore` are in it: the caller decides.
 *
 * @param page 1 to LAST_PAGE; beyond `total_pages` it is empty
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError
 */
export async function getMovieList(
  ctx: UpstreamContext,
  source: MovieListSource,
  page: number,
): Promise<TmdbMovieList> {
  const path = LIST_PATHS[source];
  const query = { language: "en-US", page: String(page) };
  const list = await ask(ctx, tmdb, { endpoint: path, path, query, shape: movieListPage });
  return { ...list, results: list.results.filter((item) => (item.media_type ?? "movie") === "movie") };
}

/** Days are TMDB's, which are UTC days, as `YYYY-MM-DD`. */
export interface ChangesWindow {
  startDate: string;
  /** At most 13 days after the first. */
  endDate: string;
  /** From 1. */
  page: number;
}

/**
 * One page (100 ids) of the films, or the series, that changed in these days, never kept: today's feed grows while it is read.
 *
 * An id says nothing of what changed, and stands for deleted titles too (`adult: null`). A single day has been seen to fill
 * 118 pages, so a window of many days can pass LAST_PAGE: its `total_pages` says so, and then it has to be read by days.
 *
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError (REFUSED for a window that is too long)
 */
export function getChanges(
  ctx: UpstreamContext,
  mediaType: "movie" | "tv",
  window: ChangesWindow,
): Promise<TmdbChanges> {
  const path = `/${mediaType}/changes`;
  return ask(ctx, tmdb, {
    endpoint: path,
    path,
    query: { start_date: window.startDate, end_date: window.endDate, page: String(window.page) },
    shape: changesPage,
  });
}
