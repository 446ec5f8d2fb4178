import { type Kysely, sql } from "kysely";
import { leaveUnlinked, linkKnownTitles, linkTitle } from "#app/awards/titles/link-titles.server.ts";
import type { Database } from "#app/db/types.ts";
import { Permanent, RetryLater } from "#app/errors.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { findByExternalId } from "#app/upstreams/tmdb/client.server.ts";
import type { TmdbFind } from "#app/upstreams/tmdb/shapes.ts";
import { getSeriesDetails } from "#app/works/episode-counts.server.ts";
import { type IngestContext, ingestMovie } from "#app/works/ingest-movie.server.ts";
import { storeWork } from "#app/works/works.server.ts";

/** A title as a list names it. */
export interface AskedTitle {
  tmdbId?: number | undefined;
  imdbId?: string | undefined;
  /** Which is meant where both a film and a series carry the id. */
  mediaType: "movie" | "tv";
}

export type DetailsContext = IngestContext & { isLastAttempt: boolean };

const OFF_MS = 600_000;
/** Somebody else needs one TMDB call's time. */
const BUSY_MS = 3_000;

type Found = { mediaType: "movie" | "tv"; tmdbId: number };
type Unlinked = { code: string; message: string };

/**
 * Makes a title that was met in a list a work of the catalogue: the one that stands there already, else it is found at TMDB and
 * stored, a film whole in one call, a series under its id with its totals to follow. Every entry and nomination of the title is
 * linked to it. That TMDB does not know it is an answer too, and is kept with them.
 *
 * @returns statistics
 * @throws RetryLater · UpstreamPaused · BudgetWait: come again · UpstreamError: tried again · Permanent FILM_MISSING, FILM_MERGED
 */
export async function fetchDetails(ctx: DetailsContext, asked: AskedTitle): Promise<Record<string, unknown>> {
  const known = await knownWork(ctx, asked);
  if (known) return { workId: known, known: true };
  if (!isOn("tmdb", ctx.config)) throw new RetryLater(offSentence("tmdb"), OFF_MS);
  try {
    const found = await findTitle(ctx, asked);
    if ("code" in found) return await leave(ctx, asked, found);
    const workId = found.mediaType === "movie" ? await ingest(ctx, found) : await storeSeries(ctx, found);
    if (typeof workId !== "string") return await leave(ctx, asked, workId);
    await ctx.db.transaction().execute((trx) => linkTo(trx, asked, workId));
    return { workId };
  } catch (error) {
    const isFinal = ctx.isLastAttempt && !(error instanceof RetryLater) && !ctx.signal?.aborted;
    if (isFinal && asked.imdbId)
      await leaveUnlinked(ctx.db, asked.imdbId, {
        code: "NOT_FETCHED",
        message: `Its details could not be fetched: ${error instanceof Error ? error.message : "unknown fault."} Look for it again when that is mended.`,
      });
    throw error;
  }
}

async function leave(ctx: DetailsContext, asked: AskedTitle, why: Unlinked) {
  if (!asked.imdbId) throw new Permanent(why.code, why.message);
  await leaveUnlinked(ctx.db, asked.imdbId, why);
  return { unlinked: why.code };
}

/** The work that is there already, linked. */
async function knownWork(ctx: DetailsContext, asked: AskedTitle): Promise<string | null> {
  const { imdbId } = asked;
  return ctx.db.transaction().execute(async (trx) => {
    if (imdbId) await linkKnownTitles(trx, [imdbId]);
    const { rows } = await sql<{ workId: string }>`
      select work_id as "workId" from works
      where ${imdbId ? sql`imdb_id = ${imdbId}` : sql`tmdb_id = ${asked.tmdbId ?? null}::int and media_type = ${asked.mediaType}`}
      order by media_type = ${asked.mediaType} desc limit 1`.execute(trx);
    return rows[0]?.workId ?? null;
  });
}

async function findTitle(ctx: DetailsContext, asked: AskedTitle): Promise<Found | Unlinked> {
  if (asked.tmdbId !== undefined) return { mediaType: asked.mediaType, tmdbId: asked.tmdbId };
  const { value } = await findByExternalId(ctx, "imdb_id", asked.imdbId ?? "");
  return chooseFound(value, asked.mediaType);
}

/** What TMDB has under an IMDb id: the kind that is meant first, then the other. */
export function chooseFound(found: TmdbFind, mediaType: "movie" | "tv"): Found | Unlinked {
  const films = found.movie_results.map(({ id }): Found => ({ mediaType: "movie", tmdbId: id }));
  const series = found.tv_results.map(({ id }): Found => ({ mediaType: "tv", tmdbId: id }));
  const [best] = mediaType === "movie" ? [...films, ...series] : [...series, ...films];
  if (best) return best;
  if (found.tv_episode_results.length > 0)
    return {
      code: "EPISODE",
      message: "TMDB has this id as an episode of a series, and episodes are no works of their own.",
    };
  return {
    code: "NOT_AT_TMDB",
    message:
      "TMDB has no film or series with this IMDb id. Add the id to its entry there and look again, or link the work by hand.",
  };
}

async function ingest(ctx: DetailsContext, found: Found): Promise<string | Unlinked> {
  const ingested = await ingestMovie(ctx, found.tmdbId);
  if (ingested.outcome === "stored") return ingested.workId;
  if (ingested.outcome === "busy")
    throw new RetryLater(`Film ${found.tmdbId} is being ingested already.`, BUSY_MS);
  return ingested.outcome === "missing"
    ? { code: "FILM_MISSING", message: `TMDB names film ${found.tmdbId} for this id and has no such film.` }
    : {
        code: "FILM_MERGED",
        message: `TMDB has merged the film of this id into another (${ingested.into}). Link the one that is meant by hand.`,
      };
}

/** A series with its seasons and totals, in one call. */
async function storeSeries(ctx: DetailsContext, found: Found): Promise<string | Unlinked> {
  const facts = await getSeriesDetails(ctx, found.tmdbId);
  if (!facts)
    return {
      code: "SERIES_MISSING",
      message: `TMDB names series ${found.tmdbId} for this id and has no such series.`,
    };
  return ctx.db.transaction().execute((trx) => storeWork(trx, facts));
}

/** The link goes by the id that was asked for: TMDB may write another one on the work, or none. */
async function linkTo(trx: Kysely<Database>, asked: AskedTitle, workId: string): Promise<void> {
  if (asked.imdbId) return linkTitle(trx, asked.imdbId, workId);
  const { rows } = await sql<{ imdbId: string | null }>`
    select imdb_id as "imdbId" from works where work_id = ${workId}::bigint`.execute(trx);
  if (rows[0]?.imdbId) await linkTitle(trx, rows[0].imdbId, workId);
}
