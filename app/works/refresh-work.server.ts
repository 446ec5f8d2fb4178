import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { RetryLater } from "#app/errors.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { getByImdbId } from "#app/upstreams/omdb/client.server.ts";
import { getEpisodeCount } from "#app/works/episode-counts.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { ingestMovie, MISSING } from "#app/works/ingest-movie.server.ts";
import { type Lost, mergedSentence, noteFound, noteLost } from "#app/works/lost-titles.server.ts";
import { omdbFacts } from "#app/works/omdb-facts.ts";
import { type KnownIds, refreshSource } from "#app/works/refresh-source.ts";
import { storeWork } from "#app/works/works.server.ts";

type RefreshContext = UpstreamContext & { config: FactsConfig };

/** What came of a refresh: who told the details now stored, or why there are none. */
export type Refreshed = {
  source: "tmdb" | "omdb" | null;
  note: string | null;
  /** TMDB has given the work's id up. */
  lost: Lost | null;
};

type KnownWork = KnownIds & { workId: string };

/** Somebody else is at the film: one TMDB call's time. */
const BUSY_MS = 3_000;

/**
 * Fetches the details of a work again and stores them, with the day on which it is due next; with `ctx.fresh` past what is kept
 * of earlier answers. A work whose TMDB id is lost goes to the list that an operator decides from.
 *
 * @returns undefined when the work is gone
 * @throws BudgetWait · UpstreamPaused · RetryLater: come again later · UpstreamError: try again
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
  if (!counts) return undefined;
  if (counts.lost && work.tmdbId !== null && counts.note !== null)
    return goneAtTmdb(ctx.db, { ...work, tmdbId: work.tmdbId }, counts.lost, counts.note);
  if (counts.note === null) await noteFound(ctx.db, workId);
  return { source: counts.note === null ? "tmdb" : null, note: counts.note, lost: null };
}

/**
 * The same for a film: from TMDB, in one call, where its id there is known, else from OMDb. When nobody can be asked, or nobody
 * knows the film any more, what was known of it stays, and the work says why.
 */
async function refreshFilm(ctx: RefreshContext, film: KnownWork): Promise<Refreshed> {
  const { service, reason } = refreshSource(film, ctx.config);
  if (service === null) return noteFailure(ctx.db, film.workId, reason);
  return service === "tmdb" && film.tmdbId !== null
    ? fromTmdb(ctx, { ...film, tmdbId: film.tmdbId })
    : fromOmdb(ctx, film);
}

async function fromTmdb(ctx: RefreshContext, film: KnownWork & { tmdbId: number }): Promise<Refreshed> {
  const ingested = await ingestMovie(ctx, film.tmdbId);
  switch (ingested.outcome) {
    case "stored":
      await noteFound(ctx.db, ingested.workId);
      return { source: "tmdb", note: null, lost: null };
    case "busy":
      throw new RetryLater(`Film ${film.tmdbId} is being ingested already.`, BUSY_MS);
    case "missing":
      return goneAtTmdb(ctx.db, film, { kind: "deleted" }, MISSING);
    case "merged":
      return goneAtTmdb(
        ctx.db,
        film,
        { kind: "merged", into: ingested.into },
        mergedSentence("film", ingested.into),
      );
  }
}

async function goneAtTmdb(
  db: Db,
  work: KnownWork & { tmdbId: number },
  lost: Lost,
  note: string,
): Promise<Refreshed> {
  await db.transaction().execute((trx) => noteLost(trx, work, lost, note));
  return { source: null, note, lost };
}

async function fromOmdb(ctx: RefreshContext, film: KnownWork): Promise<Refreshed> {
  const found = film.imdbId === null ? null : (await getByImdbId(ctx, film.imdbId)).value;
  if (!found)
    return noteFailure(
      ctx.db,
      film.workId,
      "OMDb does not have this film any more. What was known of it is kept.",
    );
  await ctx.db.transaction().execute(async (trx) => {
    const storedAs = await storeWork(trx, omdbFacts(found, "movie"));
    await trx.updateTable("works").set({ ingestion_error: null }).where("work_id", "=", storedAs).execute();
  });
  return { source: "omdb", note: null, lost: null };
}

async function noteFailure(db: Db, workId: string, note: string): Promise<Refreshed> {
  await db
    .updateTable("works")
    .set({ ingestion_error: note, updated_at: sql`clock_timestamp()` })
    .where("work_id", "=", workId)
    .execute();
  return { source: null, note, lost: null };
}
