import { awardsOfWork } from "#app/awards/titles/awards-of-work.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { pictureSource } from "#app/routes/library/picture-source.ts";
import { episodeRuns } from "#app/routes/library/work/episode-runs.ts";
import { extrasView } from "#app/routes/library/work/extras-view.ts";
import { picturesView } from "#app/routes/library/work/pictures-view.ts";
import { loadWorkQuotes } from "#app/routes/library/work/quotes/load-work-quotes.server.ts";
import { refreshSource } from "#app/works/refresh-source.ts";
import { findWork, listViewings } from "#app/works/work-detail.server.ts";
import { findWorkExtras } from "#app/works/work-extras.server.ts";

const VIEWINGS_SHOWN = 50;

export type WorkPageData = Awaited<ReturnType<typeof loadWork>>;
export type WorkPageWork = WorkPageData["work"];
export type SeasonView = WorkPageWork["seasons"][number];

/**
 * Everything that the page of one work shows for its URL.
 *
 * @throws AppError WORK_NOT_FOUND (404) · BAD_CURSOR (400)
 */
export async function loadWork(
  { db, config }: Pick<AppContext, "db" | "config">,
  workId: string,
  params: URLSearchParams,
) {
  const cursor = params.get("cursor") || undefined;
  const { pictures, ...work } = await findWork(db, workId);
  const [{ viewings, nextCursor }, extras, quotes, awards] = await Promise.all([
    listViewings(db, work.workId, { limit: VIEWINGS_SHOWN, cursor }),
    findWorkExtras(db, work.workId),
    loadWorkQuotes({ db, config }, work, params.get("quotes") || undefined),
    awardsOfWork(db, work.workId),
  ]);
  return {
    work: {
      ...work,
      poster: pictureSource(
        { url: work.meta.posterUrl, fileName: work.posterFile },
        config.TMDB_IMAGE_BASE_URL,
      ),
      // Numbers go to the browser as runs: an episode a line of JSON would be most of the page.
      seasons: work.seasons.map(({ episodes, missing: _missing, ...season }) => ({
        ...season,
        runs: episodeRuns({ ...season, episodes }),
        titles: episodes.flatMap(({ number, title }) => (number === null && title !== null ? [title] : [])),
      })),
    },
    extras: extrasView(extras, params.get("country")),
    pictures: picturesView(pictures, extras.videos, config.TMDB_IMAGE_BASE_URL),
    cannotRefresh: refreshSource(work, config).reason,
    viewings,
    nextCursor,
    quotes,
    awards,
  };
}
