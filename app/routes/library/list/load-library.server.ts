import type { AppContext } from "#app/context.server.ts";
import { libraryFilter, readLibraryView } from "#app/routes/library/library-view.ts";
import { pictureSource } from "#app/routes/library/picture-source.ts";
import { listWorks } from "#app/works/library.server.ts";

/** Full rows of the grid whether it has 8, 6, 4 or 3 columns. */
const PAGE_SIZE = 48;

export type LibraryPageData = Awaited<ReturnType<typeof loadLibrary>>;
export type ListedWork = LibraryPageData["works"][number];

/**
 * A page of the library for its URL: one statement.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function loadLibrary(
  { db, config }: Pick<AppContext, "db" | "config">,
  params: URLSearchParams,
) {
  const view = readLibraryView(params);
  const page = await listWorks(db, libraryFilter(view), view.sort, {
    limit: PAGE_SIZE,
    cursor: view.cursor,
  });
  return {
    view,
    works: page.works.map((work) => ({
      workId: work.workId,
      mediaType: work.mediaType,
      tmdbId: work.tmdbId,
      imdbId: work.imdbId,
      title: work.title,
      year: work.year,
      poster: pictureSource({ url: work.posterUrl, fileName: work.posterFile }, config.TMDB_IMAGE_BASE_URL),
      watchedEpisodes: work.watchedEpisodes,
      totalEpisodes: work.totalEpisodes,
      episodeDisplay: work.episodeDisplay,
      lastViewedOn: work.lastViewedOn,
      createdAt: work.createdAt,
    })),
    nextCursor: page.nextCursor,
  };
}
