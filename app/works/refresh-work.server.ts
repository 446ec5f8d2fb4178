import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { getMovie } from "#app/upstreams/tmdb/client.server.ts";
import { getEpisodeCount } from "#app/works/episode-counts.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import { type KnownIds, refreshSource } from "#app/works/refresh-source.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, movieFacts } from "#app/works/tmdb-facts.ts";
import { storeWork } from "#app/works/works.server.ts";

type RefreshContext = UpstreamContext & { config: FactsConfig };

/** What came of a refresh: who told the details now stored, or why there are none. */
export type Refreshed = { source: "tmdb" | "omdb" | null; note: string | null };

/**
 * Fetches the details of a work again and stores them; with `ctx.fresh` past what is kept of earlier answers.
 *
 * @returns undefined when the work is gone
 * @throws BudgetWait · UpstreamPaused: come again later · UpstreamError: try again
 */
export async function refreshWork(ctx: RefreshContext, workId: string): Promise<Refreshed | undefined> {
  const work = await ctx.db
    .selectFrom("works")
    .select(["work_id as workId", "media_type as mediaType", "tmdb_id as tmdbId", "imdb_id as imdbId"])
    .where("work_id", "=", workId)
    .executeTakeFirst();
  if (!work) return undefined;
  if (work.mediaType === "movie") return refreshFilm(ctx, work);
  const counts = await getEpisodeCount(ctx, workId);
  return counts ? { source: counts.note === null ? "tmdb" : null, note: counts.note } : undefined;
}

/**
 * The same for a film: from TMDB where its id there is known, else from OMDb. When nobody can be asked, or nobody knows the
 * film any more, what was known of it stays, and the work says why.
 *
 * @throws BudgetWait · UpstreamPaused · UpstreamError
 */
async function refreshFilm(ctx: RefreshContext, film: KnownIds & { workId: string }): Promise<Refreshed> {
  const { service, reason } = refreshSource(film, ctx.config);
  if (service === null) return noteFailure(ctx.db, film.workId, reason);
  const facts = service === "tmdb" ? await fromTmdb(ctx, film.tmdbId) : await fromOmdb(ctx, film.imdbId);
  if (facts === null) {
    const name = service === "tmdb" ? "TMDB" : "OMDb";
    return noteFailure(
      ctx.db,
      film.workId,
      `${name} does not have this film any more. What was known of it is kept.`,
    );
  }
  await ctx.db.transaction().execute(async (trx) => {
    const storedAs = await storeWork(trx, facts);
    await trx.updateTable("works").set({ ingestion_error: null }).where("work_id", "=", storedAs).execute();
  });
  return { source: service, note: null };
}

async function fromTmdb(ctx: RefreshContext, tmdbId: number | null): Promise<TitleFacts | null> {
  const film = tmdbId === null ? null : (await getMovie(ctx, tmdbId)).value;
  return film && movieFacts(film, imageUrls(ctx.config.TMDB_IMAGE_BASE_URL));
}

async function fromOmdb(ctx: RefreshContext, imdbId: string | null): Promise<TitleFacts | null> {
  const film = imdbId === null ? null : (await getByImdbId(ctx, imdbId)).value;
  return film && omdbFacts(film, "movie");
}

async function noteFailure(db: Db, workId: string, note: string): Promise<Refreshed> {
  await db
    .updateTable("works")
    .set({ ingestion_error: note, updated_at: sql`clock_timestamp()` })
    .where("work_id", "=", workId)
    .execute();
  return { source: null, note };
}
