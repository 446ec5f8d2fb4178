import type { Candidate } from "#app/matching/candidate.ts";
import type { Resolution, TitleRequest } from "#app/matching/resolution.ts";
import type { UpstreamConfig, UpstreamContext } from "#app/upstreams/context.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { getMovie, getSeries } from "#app/upstreams/tmdb/client.server.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, movieFacts, seriesFacts } from "#app/works/tmdb-facts.ts";

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
  if (!match.tmdbId) return match.imdbId ? fromOmdb(ctx, match.imdbId, fromSearch) : fromSearch;
  if (callsLeft <= 0) return fromSearch;
  const imageUrl = imageUrls(ctx.config.TMDB_IMAGE_BASE_URL);
  if (match.mediaType === "tv") {
    const { value } = await getSeries(ctx, match.tmdbId);
    return value ? seriesFacts(value, imageUrl) : fromSearch;
  }
  const { value } = await getMovie(ctx, match.tmdbId);
  return value ? movieFacts(value, imageUrl) : fromSearch;
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
    title: candidate?.title ?? request.query.title,
    originalTitle: candidate?.originalTitle ?? null,
    originalLanguage: candidate?.originalLanguage || null,
    year: candidate?.year ?? request.query.year,
    releaseDate: candidate?.releaseDate ?? null,
    totalSeasons: null,
    totalEpisodes: null,
    ratings: [],
    meta: null,
  };
}
