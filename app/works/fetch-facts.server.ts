import type { Candidate } from "#app/matching/candidate.ts";
import type { Resolution, TitleRequest } from "#app/matching/resolution.ts";
import type { UpstreamConfig, UpstreamContext } from "#app/upstreams/context.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { getMovie } from "#app/upstreams/tmdb/client.server.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, movieFacts } from "#app/works/tmdb-facts.ts";

/** What the facts' image addresses are built from. */
export type FactsConfig = UpstreamConfig & { TMDB_IMAGE_BASE_URL: string };

/**
 * The facts of a matched title.
 *
 * @param callsLeft 0: no call is left for this title. Then what the search said has to do: the work stays `pending`, and its
 *   details are filled in by the refresh
 * @throws BudgetWait · UpstreamPaused · UpstreamError
 */
export async function fetchFacts(
  ctx: UpstreamContext & { config: FactsConfig },
  match: Resolution,
  request: TitleRequest,
  callsLeft: number,
): Promise<TitleFacts> {
  const fromSearch = bareFacts(match, request);
  if (match.strategy === "omdb" && match.imdbId)
    return { ...(await fromOmdb(ctx, match.imdbId, fromSearch)), bareKey: match.bareKey };
  // A series' details come by a job of their own (S-01): its rows need not wait for them.
  if (match.mediaType === "tv" || !match.tmdbId || callsLeft <= 0) return fromSearch;
  const { value } = await getMovie(ctx, match.tmdbId);
  return value ? movieFacts(value, imageUrls(ctx.config.TMDB_IMAGE_BASE_URL)) : fromSearch;
}

async function fromOmdb(ctx: UpstreamContext, imdbId: string, fallback: TitleFacts): Promise<TitleFacts> {
  const { value } = await getByImdbId(ctx, imdbId);
  return value ? omdbFacts(value, fallback.mediaType) : fallback;
}

function bareFacts(match: Resolution, request: TitleRequest): TitleFacts {
  const isMatch = (one: Candidate) => one.tmdbId === match.tmdbId && one.mediaType === match.mediaType;
  const candidate = match.candidates.find(isMatch);
  return {
    mediaType: match.mediaType ?? "movie",
    tmdbId: match.tmdbId,
    imdbId: match.imdbId,
    bareKey: match.mediaType === "tv" ? match.bareKey : null,
    title: candidate?.title ?? (match.mediaType === "tv" ? request.seriesTitle : null) ?? request.query.title,
    originalTitle: candidate?.originalTitle ?? null,
    originalLanguage: candidate?.originalLanguage || null,
    year: candidate?.year ?? request.query.year,
    releaseDate: candidate?.releaseDate ?? null,
    totalSeasons: null,
    totalEpisodes: null,
    seasons: [],
    ratings: [],
    meta: null,
  };
}
