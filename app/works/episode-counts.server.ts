import { type Kysely, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import { RetryLater } from "#app/errors.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { resolveTitle } from "#app/matching/resolve.server.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import { checkCircuit } from "#app/upstreams/circuit.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { BudgetWait, UpstreamError } from "#app/upstreams/errors.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { getSeries } from "#app/upstreams/tmdb/client.server.ts";
import { diffFacts } from "#app/works/diff-facts.ts";
import { readSnapshot } from "#app/works/facts-snapshot.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import { type Lost, mergedSentence } from "#app/works/lost-titles.server.ts";
import { mergeWorks } from "#app/works/merge-works.server.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";
import { imageUrls, seriesFacts } from "#app/works/tmdb-facts.ts";
import { storeChanges } from "#app/works/work-changes.server.ts";
import { storeWork } from "#app/works/works.server.ts";

type SeriesContext = UpstreamContext & { config: FactsConfig };

/** What came of looking for a series' totals. */
export interface EpisodeCounts {
  totalSeasons: number | null;
  totalEpisodes: number | null;
  /** Why there are none, as a sentence for people. */
  note: string | null;
  /** TMDB has given the series' id up. */
  lost?: Lost;
}

/**
 * Finds a series at TMDB by name: the id of the one that is clearly meant, or null (seed 001 phase 2, `search_tv_series`).
 *
 * @throws BudgetWait · UpstreamPaused · UpstreamError · AppError UPSTREAM_OFF
 */
export async function searchTvSeries(
  ctx: SeriesContext,
  name: string,
  year: number | null = null,
): Promise<Resolution> {
  const query = { title: name, year, kind: "tv" as const };
  const { resolution } = await resolveTitle(ctx, {
    key: `series:${name}|${year ?? ""}`,
    query,
    ids: {},
    seriesTitle: null,
  });
  return resolution;
}

/** A series' details with its seasons; null when TMDB does not know the id (seed 001 phase 2, `get_series_details`). */
export async function getSeriesDetails(ctx: SeriesContext, tmdbId: number) {
  const { value } = await getSeries(ctx, tmdbId);
  return value && seriesFacts(value, imageUrls(ctx.config.TMDB_IMAGE_BASE_URL));
}

/**
 * Looks up the totals of one series and stores them, with its seasons and details (S-01). A series that stood under its own
 * name gets its TMDB id, or is merged into the one that has it already.
 *
 * @returns null when the work is gone or no series
 * @throws BudgetWait · UpstreamPaused: come again later · UpstreamError: try again
 */
export async function getEpisodeCount(ctx: SeriesContext, workId: string): Promise<EpisodeCounts | null> {
  try {
    return await lookUpCounts(ctx, workId);
  } catch (error) {
    await sayWhyItWaits(ctx.db, workId, error);
    throw error;
  }
}

/** While the job waits for TMDB, the work's page says for what. Our own budget is no news: that is a matter of seconds. */
async function sayWhyItWaits(db: Db, workId: string, error: unknown): Promise<void> {
  const isTrouble = error instanceof UpstreamError || error instanceof RetryLater;
  if (!isTrouble || error instanceof BudgetWait) return;
  await db
    .updateTable("works")
    .set({ totals_note: `${error.message} It is tried again by itself.` })
    .where("work_id", "=", workId)
    .where("total_episodes", "is", null)
    .execute();
}

async function lookUpCounts(ctx: SeriesContext, workId: string): Promise<EpisodeCounts | null> {
  const work = await ctx.db
    .selectFrom("works")
    .select(["work_id", "tmdb_id", "title", "year", "title_key"])
    .where("work_id", "=", workId)
    .where("media_type", "=", "tv")
    .executeTakeFirst();
  if (!work) return null;
  if (!isOn("tmdb", ctx.config)) return note(ctx.db, workId, offSentence("tmdb"));
  // Asked here, since the matcher makes do without TMDB: a job that waits for its circuit should say so and wait.
  await checkCircuit(ctx.db, "tmdb", ctx.config.TMDB_API_KEY ?? "");
  const found = work.tmdb_id ? { tmdbId: work.tmdb_id, reason: "" } : await identify(ctx, work);
  if (!found.tmdbId) return note(ctx.db, workId, found.reason);
  const facts = await getSeriesDetails(ctx, found.tmdbId);
  if (!facts)
    return {
      ...(await note(ctx.db, workId, "TMDB does not have this series any more.")),
      lost: { kind: "deleted" },
    };
  // Under an id that the work has, another series' body says nothing about this one: somebody has to decide.
  if (work.tmdb_id !== null && facts.tmdbId !== null && facts.tmdbId !== work.tmdb_id)
    return {
      ...(await note(ctx.db, workId, mergedSentence("series", facts.tmdbId))),
      lost: { kind: "merged", into: facts.tmdbId },
    };
  await ctx.db.transaction().execute((trx) => storeSeries(trx, { workId, titleKey: work.title_key, facts }));
  return { totalSeasons: facts.totalSeasons, totalEpisodes: facts.totalEpisodes, note: null };
}

async function storeSeries(
  trx: Kysely<Database>,
  { workId, titleKey, facts }: { workId: string; titleKey: string; facts: TitleFacts },
): Promise<void> {
  const owner = await trx
    .selectFrom("works")
    .select("work_id")
    .where("media_type", "=", "tv")
    .where("tmdb_id", "=", facts.tmdbId)
    .executeTakeFirst();
  if (owner && owner.work_id !== workId) await mergeWorks(trx, workId, owner.work_id);
  const before = owner ? await readSnapshot(trx, owner.work_id) : null;
  const storedAs = await storeWork(trx, { ...facts, bareKey: owner ? null : titleKey });
  const after = before && (await readSnapshot(trx, storedAs));
  if (before && after) await storeChanges(trx, storedAs, "tmdb", diffFacts(before, after));
  await trx
    .updateTable("works")
    .set({ totals_note: null, totals_checked_at: sql`clock_timestamp()` })
    .where("work_id", "=", storedAs)
    .execute();
}

async function identify(
  ctx: SeriesContext,
  work: { title: string; year: number | null },
): Promise<{ tmdbId: number | null; reason: string }> {
  const resolution = await searchTvSeries(ctx, work.title, work.year);
  if (resolution.strategy === "own_name" && resolution.reason.code === "not_asked")
    throw new RetryLater("TMDB could not be asked.", 60_000);
  return {
    tmdbId: resolution.outcome === "match" ? resolution.tmdbId : null,
    reason: resolution.reason.text,
  };
}

async function note(db: Db, workId: string, text: string): Promise<EpisodeCounts> {
  await db
    .updateTable("works")
    .set({ totals_note: text, totals_checked_at: sql`clock_timestamp()` })
    .where("work_id", "=", workId)
    .execute();
  return { totalSeasons: null, totalEpisodes: null, note: text };
}

/** A series without totals is looked for again after so long: TMDB learns of series too. */
const LOOK_AGAIN_HOURS = 24;

/**
 * Queues the series that have no totals and were not looked for lately: what was imported while TMDB was away fills in by
 * itself when it is back. Runs with every sweep; a key per work keeps the queue from filling.
 */
export async function sweepMissingTotals(db: Db, config: FactsConfig): Promise<void> {
  if (!isOn("tmdb", config)) return;
  try {
    await checkCircuit(db, "tmdb", config.TMDB_API_KEY ?? "");
  } catch {
    return; // Paused: the circuit says so on its own page, and the next sweep looks again.
  }
  const off = offSentence("tmdb");
  const works = await db
    .selectFrom("works")
    .select("work_id")
    .where("media_type", "=", "tv")
    .where("total_episodes", "is", null)
    .where((where) =>
      where.or([
        where("totals_checked_at", "is", null),
        where("totals_note", "=", off),
        where(
          "totals_checked_at",
          "<",
          sql<Date>`clock_timestamp() - ${LOOK_AGAIN_HOURS} * interval '1 hour'`,
        ),
      ]),
    )
    // A job that waits for its next attempt keeps its time.
    .where(
      sql<boolean>`not exists (
        select from graphile_worker.jobs as queued
        where queued.key = 'fetch_episode_counts:' || works.work_id and queued.attempts < queued.max_attempts)`,
    )
    .orderBy(sql`totals_checked_at nulls first`)
    .limit(200)
    .execute();
  await enqueueMany(
    db,
    "fetch_episode_counts",
    works.map((work) => ({ workId: Number(work.work_id) })),
  );
}
