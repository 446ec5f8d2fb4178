import type { Kysely } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type LibraryWork, listWorks } from "#app/works/library.server.ts";
import type { MediaDetail, MediaList } from "#app/works/media-answers.ts";
import { findWork } from "#app/works/work-detail.server.ts";

/** @throws AppError BAD_CURSOR (400) */
export async function mediaListAnswer(
  db: Kysely<Database>,
  query: {
    type?: "movie" | "tv" | undefined;
    q?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  },
): Promise<MediaList> {
  const filter = { mediaType: query.type, search: query.q };
  const { works, nextCursor } = await listWorks(db, filter, "added", query);
  return { media: works.map(itemOf), nextCursor };
}

/** @throws AppError WORK_NOT_FOUND (404) */
export async function mediaAnswer(db: Kysely<Database>, workId: string): Promise<MediaDetail> {
  const work = await findWork(db, workId);
  const { overview, runtimeMinutes: runtime, genres, certification, posterUrl } = work.meta;
  return {
    ...itemOf({ ...work, posterUrl }),
    meta: { overview, runtime, genres, certification },
    ratings: work.ratings.map(({ source, value, scale, votes }) => ({ source, value, scale, votes })),
    seasons: work.seasons.map(({ seasonNumber, name, episodeCount, watched }) => ({
      season_number: seasonNumber,
      name,
      episode_count: episodeCount,
      watched,
    })),
    totals_note: work.totalsNote,
    viewings: work.viewingsCount,
  };
}

function itemOf(work: LibraryWork): MediaList["media"][number] {
  return {
    id: work.workId,
    type: work.mediaType,
    title: work.title,
    original_title: work.originalTitle,
    year: work.year,
    tmdb_id: work.tmdbId,
    imdb_id: work.imdbId,
    total_seasons: work.totalSeasons,
    total_episodes: work.totalEpisodes,
    watched_episodes_count: work.watchedEpisodes,
    episode_display: work.episodeDisplay,
    poster_url: work.posterUrl,
    last_viewed_on: work.lastViewedOn,
    created_at: work.createdAt.toISOString(),
  };
}
