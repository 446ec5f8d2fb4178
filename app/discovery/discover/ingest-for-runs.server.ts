import { type Film, noteWaiting, settleMembers } from "#app/discovery/runs/settle-members.server.ts";
import { isFinal, isLongWait } from "#app/discovery/runs/trouble.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { ingestMovieJob } from "#app/works/ingest-movie-job.server.ts";

/**
 * The ingest of one film as a job, with its outcome in the discovery run that planned it, if one did. A worker that is killed
 * between the two leaves a job that comes again: it finds TMDB's answer kept, and settles the member without another call.
 *
 * @returns statistics
 * @throws what `ingestMovieJob` throws
 */
export async function ingestForRuns(
  ctx: UpstreamContext & { config: FactsConfig; isLastAttempt: boolean },
  tmdbId: number,
): Promise<Record<string, unknown>> {
  const film: Film = { mediaType: "movie", tmdbId };
  try {
    const ingested = await ingestMovieJob(ctx, tmdbId);
    await ctx.db
      .transaction()
      .execute((trx) => settleMembers(trx, film, { status: "ingested", workId: ingested.workId }));
    return ingested;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = error instanceof Error && "code" in error ? String(error.code) : "UNEXPECTED";
    if (isLongWait(error)) await noteWaiting(ctx.db, film, message);
    else if (isFinal(error, ctx))
      await ctx.db
        .transaction()
        .execute((trx) => settleMembers(trx, film, { status: "failed", reason, message }));
    throw error;
  }
}
