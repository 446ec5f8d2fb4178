import { Permanent, RetryLater } from "#app/errors.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { type IngestContext, ingestMovie } from "#app/works/ingest-movie.server.ts";

/** Somebody else needs one TMDB call's time. */
const BUSY_MS = 3_000;
const OFF_MS = 600_000;

/**
 * The ingest of one film as a job: waits while somebody else is at the film or TMDB is off, and fails for good when TMDB has
 * no such film.
 *
 * @returns statistics
 * @throws RetryLater · Permanent FILM_MISSING, FILM_MERGED · UpstreamError
 */
export async function ingestMovieJob(ctx: IngestContext, tmdbId: number) {
  if (!isOn("tmdb", ctx.config)) throw new RetryLater(offSentence("tmdb"), OFF_MS);
  const ingested = await ingestMovie(ctx, tmdbId);
  switch (ingested.outcome) {
    case "stored":
      return { workId: ingested.workId, isNew: ingested.isNew, changed: ingested.changes.length };
    case "missing":
      throw new Permanent("FILM_MISSING", `TMDB has no film ${tmdbId}.`);
    case "merged":
      throw new Permanent("FILM_MERGED", `TMDB has merged film ${tmdbId} into ${ingested.into}.`);
    case "busy":
      throw new RetryLater(`Film ${tmdbId} is being ingested already.`, BUSY_MS);
  }
}
