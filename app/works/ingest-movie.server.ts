import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { DEADLINES } from "#app/upstreams/http.server.ts";
import { getMovie } from "#app/upstreams/tmdb/client.server.ts";
import type { TmdbMovie } from "#app/upstreams/tmdb/shapes.ts";
import { diffFacts, type FieldChange } from "#app/works/diff-facts.ts";
import { readSnapshot } from "#app/works/facts-snapshot.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { claimIngest, endClaim, giveUpClaim, type IngestClaim } from "#app/works/ingest-claim.server.ts";
import { mergedSentence } from "#app/works/lost-titles.server.ts";
import { mergeWorks } from "#app/works/merge-works.server.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, movieFacts } from "#app/works/tmdb-facts.ts";
import { storeChanges } from "#app/works/work-changes.server.ts";
import { findStoredWork, storeWork } from "#app/works/works.server.ts";

/** What came of the ingest of one film. */
export type Ingested =
  | { outcome: "stored"; workId: string; isNew: boolean; changes: FieldChange[] }
  /** TMDB has no such film (any more). What was known of it is kept, and its work says so. */
  | { outcome: "missing"; workId: string | null }
  /** TMDB answers with another film under this id. Nothing is stored: somebody has to decide. */
  | { outcome: "merged"; into: number; workId: string | null }
  /** Somebody else is at it right now, or took over because this attempt was too slow: come again. */
  | { outcome: "busy" };

export type IngestContext = UpstreamContext & { config: FactsConfig };

/** As long as a call lasts at most: two waits for a turn, a slow failure and a slow answer; and the storing of it. */
const LEASE_MS = 2 * DEADLINES.totalMs + 15_000;

/**
 * Stores one film with everything that is kept of it, in one TMDB call (T-03), or none when its whole answer is kept still.
 *
 * A film that is known already is completed, whether by its TMDB id or by its IMDb id alone, and what changed in it is noted.
 * Two ingests of one film never overlap, in whatever processes: the later one is told `busy`.
 *
 * @param options.fresh asks TMDB past what is kept of earlier answers: a refresh
 * @throws AppError UPSTREAM_OFF · UpstreamPaused · BudgetWait: nothing has changed, come again · UpstreamError: the film is
 *   `failed` with that reason, and what was known of it is kept
 */
export async function ingestMovie(
  ctx: IngestContext,
  tmdbId: number,
  options: { fresh?: boolean } = {},
): Promise<Ingested> {
  const claim = await claimIngest(ctx.db, tmdbId, LEASE_MS + 2 * (ctx.maxWaitMs ?? 0));
  if (!claim) return { outcome: "busy" };
  try {
    const { value: movie } = await getMovie({ ...ctx, fresh: options.fresh ?? ctx.fresh ?? false }, tmdbId);
    if (movie?.id === tmdbId) return await storeMovie(ctx, claim, movie);
    const { workId } = await giveUpClaim(ctx.db, claim, movie ? mergedSentence("film", movie.id) : MISSING);
    return movie ? { outcome: "merged", into: movie.id, workId } : { outcome: "missing", workId };
  } catch (error) {
    await giveUpClaim(ctx.db, claim, failureOf(error, ctx.signal)).catch(() => {
      // The database is away as well: the lease runs out by itself, and the first error says more.
    });
    throw error;
  }
}

export const MISSING = "TMDB does not have this film any more. What was known of it is kept.";

/** What a film says when its ingest broke off; null when that was not the film's or TMDB's fault. */
function failureOf(error: unknown, signal: AbortSignal | undefined): string | null {
  if (signal?.aborted || error instanceof RetryLater || error instanceof AppError) return null;
  if (error instanceof UpstreamError) return error.message;
  return "What TMDB says of this film could not be stored.";
}

async function storeMovie(ctx: IngestContext, claim: IngestClaim, movie: TmdbMovie): Promise<Ingested> {
  const facts = movieFacts(movie, imageUrls(ctx.config.TMDB_IMAGE_BASE_URL));
  return ctx.db.transaction().execute(async (trx): Promise<Ingested> => {
    if (!(await endClaim(trx, claim))) return { outcome: "busy" };
    const known = await findStoredWork(trx, facts);
    const before = known && (await readSnapshot(trx, known));
    await absorbTwin(trx, known, facts);
    const workId = await storeWork(trx, facts);
    await trx
      .updateTable("works")
      .set({ request_count: sql`request_count + 1` })
      .where("work_id", "=", workId)
      .execute();
    const after = before ? await readSnapshot(trx, workId) : null;
    const changes = before && after ? diffFacts(before, after) : [];
    await storeChanges(trx, workId, "tmdb", changes);
    return { outcome: "stored", workId, isNew: known === null, changes };
  });
}

/** A film may stand twice: by its TMDB id, without an IMDb id, and by its IMDb id alone. Now they are known to be one. */
async function absorbTwin(trx: Kysely<Database>, known: string | null, facts: TitleFacts): Promise<void> {
  if (known === null || facts.imdbId === null) return;
  const twin = await trx
    .selectFrom("works")
    .select("work_id as workId")
    .where("media_type", "=", "movie")
    .where("imdb_id", "=", facts.imdbId)
    .where("tmdb_id", "is", null)
    .where("work_id", "<>", known)
    .executeTakeFirst();
  if (twin) await mergeWorks(trx, twin.workId, known);
}
