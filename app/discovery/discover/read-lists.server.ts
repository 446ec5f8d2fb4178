import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import {
  type ChosenFilm,
  chooseFilms,
  type ListedPage,
  takenOf,
} from "#app/discovery/discover/choose-films.ts";
import { type DiscoveryParameters, listsOf } from "#app/discovery/discover/parameters.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { getMovieList, type MovieListSource } from "#app/upstreams/tmdb/lists.server.ts";
import type { TmdbMovieListItem } from "#app/upstreams/tmdb/shapes.ts";

/** Pages by `source:page`, with how many there are: what a killed run has read is not asked for again. */
export type Listing = Record<string, { totalPages: number; films: ListedPage["films"] }>;

/** A page that was given up. */
export interface MissingPage {
  source: MovieListSource;
  page: number;
  error: UpstreamError;
}

export interface ReadLists {
  films: ChosenFilm[];
  /** Calls made now; pages of a predecessor cost none. */
  pagesRead: number;
  missing: MissingPage[];
}

interface Reading {
  /** What was read before. */
  listing: Listing;
  /** Keeps a page as soon as it has been read. */
  keep(key: string, page: Listing[string]): Promise<void>;
  /** Whether to go on without a page that cannot be read; else the error is thrown. */
  giveUp(error: UpstreamError): boolean;
}

/**
 * Reads lists page by page, all first pages first, until enough new films are found: 15 calls at most.
 *
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait · UpstreamError, unless `giveUp` takes it
 */
export async function readLists(
  ctx: UpstreamContext,
  parameters: DiscoveryParameters,
  reading: Reading,
): Promise<ReadLists> {
  const sources = listsOf(parameters.source);
  const pages: ListedPage[] = [];
  const missing: MissingPage[] = [];
  const ended = new Set<MovieListSource>();
  let pagesRead = 0;
  let films: ChosenFilm[] = [];
  for (let page = 1; page <= parameters.maxPages; page += 1)
    for (const source of sources) {
      if (ended.has(source)) continue;
      const key = `${source}:${page}`;
      let read = reading.listing[key];
      if (!read) {
        try {
          read = await readPage(ctx, source, page);
        } catch (error) {
          if (!(error instanceof UpstreamError && reading.giveUp(error))) throw error;
          missing.push({ source, page, error });
          continue;
        }
        pagesRead += 1;
        await reading.keep(key, read);
      }
      if (page >= read.totalPages) ended.add(source);
      pages.push({ source, page, films: read.films });
      films = await choose(ctx.db, pages, parameters.maxMovies);
      if (takenOf(films) >= parameters.maxMovies) return { films, pagesRead, missing };
    }
  return { films, pagesRead, missing };
}

async function readPage(ctx: UpstreamContext, source: MovieListSource, page: number) {
  const list = await getMovieList(ctx, source, page);
  return { totalPages: list.total_pages ?? page, films: list.results.map(listed) };
}

function listed(item: TmdbMovieListItem): ListedPage["films"][number] {
  const year = Number(item.release_date?.slice(0, 4));
  return { tmdbId: item.id, title: item.title, year: year || null, adult: item.adult === true };
}

async function choose(db: Db, pages: ListedPage[], maxMovies: number): Promise<ChosenFilm[]> {
  const ids = pages.flatMap((page) => page.films.map((film) => film.tmdbId));
  const { rows } = await sql<{ tmdbId: number; excluded: boolean }>`
    select tmdb_id as "tmdbId", false as excluded from works
    where media_type = 'movie' and tmdb_id = any(${sql.val(ids)}::int[])
    union all
    select tmdb_id, true from excluded_titles where media_type = 'movie' and tmdb_id = any(${sql.val(ids)}::int[])`.execute(
    db,
  );
  const of = (excluded: boolean) =>
    new Set(rows.filter((row) => row.excluded === excluded).map((row) => row.tmdbId));
  return chooseFilms(pages, of(false), of(true), maxMovies);
}
