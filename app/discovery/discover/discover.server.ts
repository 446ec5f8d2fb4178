import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { ChosenFilm } from "#app/discovery/discover/choose-films.ts";
import { type DiscoveryParameters, discoveryParameters } from "#app/discovery/discover/parameters.ts";
import { type Listing, type MissingPage, readLists } from "#app/discovery/discover/read-lists.server.ts";
import { PAGE_ATTEMPTS, type PlanContext, sayWhy } from "#app/discovery/runs/break-off.server.ts";
import { addRunError, finishRuns, type OpenRun, openRun } from "#app/discovery/runs/runs.server.ts";
import { noteSync } from "#app/discovery/sync-state.server.ts";
import { AppError } from "#app/errors.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";

/**
 * Reads TMDB's lists and queues the ingest of each film that is new, one job each (T-02). The run is a line of
 * `scheduled_ingestion_log`, its films are members, written down with their jobs in one transaction: whoever takes over from a
 * killed worker goes on with the same run. It ends with its last member.
 *
 * @returns statistics
 * @throws UpstreamPaused · BudgetWait: the job comes again and goes on · UpstreamError: tried again
 */
export async function discoverMovies(
  ctx: PlanContext,
  asked: DiscoveryParameters,
): Promise<Record<string, unknown>> {
  const run = await openRun(ctx.db, {
    kind: "discovery",
    source: asked.source === "all" ? "mixed" : asked.source,
    triggerType: asked.triggerType,
    parameters: { source: asked.source, maxPages: asked.maxPages, maxMovies: asked.maxMovies },
    jobId: ctx.jobId,
  });
  if (run.isPlanned) return { runId: run.runId, planned: "before" };
  try {
    if (!isOn("tmdb", ctx.config)) throw new AppError("UPSTREAM_OFF", 503, offSentence("tmdb"));
    const read = await readLists(ctx, asked, readingOf(ctx, run));
    return await planFilms(ctx.db, run.runId, read.films, read.missing);
  } catch (error) {
    return sayWhy(ctx, run.runId, error);
  }
}

function readingOf(ctx: PlanContext, run: OpenRun) {
  const db = ctx.db;
  return {
    listing: run.listing as Listing,
    async keep(key: string, page: Listing[string]) {
      await sql`
        update scheduled_ingestion_log set listing = listing || jsonb_build_object(${key}::text, ${JSON.stringify(page)}::jsonb),
          pages_read = pages_read + 1, updated_at = clock_timestamp()
        where id = ${run.runId}::bigint`.execute(db);
    },
    giveUp: (error: { retryable: boolean }) =>
      !error.retryable || ctx.attempt >= PAGE_ATTEMPTS || ctx.isLastAttempt,
  };
}

/** Writes members, jobs and counts down in one transaction. */
async function planFilms(
  db: UpstreamContext["db"],
  runId: string,
  films: ChosenFilm[],
  missing: MissingPage[],
): Promise<Record<string, unknown>> {
  for (const { source, page, error } of missing)
    await addRunError(db, runId, {
      code: error.code,
      message: `Page ${page} of ${source} could not be read: ${error.message}`,
    });
  return db.transaction().execute(async (trx) => {
    const taken = await insertMembers(trx, runId, films);
    await enqueueMany(
      trx,
      "ingest_movie",
      taken.map((tmdbId) => ({ tmdbId })),
    );
    await trx
      .updateTable("scheduled_ingestion_log")
      .set({
        movies_checked: films.length,
        movies_skipped: films.length - taken.length,
        listing: "{}",
        planned_at: sql`clock_timestamp()`,
        updated_at: sql`clock_timestamp()`,
        error_code: null,
        error_message: null,
      })
      .where("id", "=", runId)
      .execute();
    await noteSync(trx, "scheduled_ingest", null);
    await finishRuns(trx, [runId]);
    return { runId, checked: films.length, planned: taken.length, pagesMissing: missing.length };
  });
}

/** @returns the ids that are this run's to ingest: of two runs that plan at once, one gets a film */
async function insertMembers(
  trx: Kysely<Database>,
  runId: string,
  films: readonly ChosenFilm[],
): Promise<number[]> {
  const rows = films.map((film, index) => ({ ...film, position: index + 1 }));
  const values = sql`
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as film (position int, "tmdbId" int, title text, year int, source text, skip text)`;
  const { rows: taken } = await sql<{ tmdbId: number }>`
    insert into ingestion_members (run_id, position, tmdb_id, title, year, source)
    select ${runId}::bigint, position, "tmdbId", title, year, source ${values}
    where skip is null
      and not exists (select from works where media_type = 'movie' and tmdb_id = film."tmdbId")
    -- In one order, so that two runs that name the same films wait for each other instead of both being stopped.
    order by "tmdbId"
    on conflict do nothing
    returning tmdb_id as "tmdbId"`.execute(trx);
  await sql`
    insert into ingestion_members (run_id, position, tmdb_id, title, year, source, status, reason, settled_at)
    select ${runId}::bigint, position, "tmdbId", title, year, source, 'skipped', coalesce(skip, 'in_other_run'), clock_timestamp()
    ${values}
    on conflict (run_id, position) do nothing`.execute(trx);
  return taken.map((row) => row.tmdbId);
}

/** What a discovery run with these parameters would take now. Reads the lists, and stores nothing. */
export async function previewDiscovery(
  ctx: UpstreamContext,
  asked: Partial<DiscoveryParameters> & Pick<DiscoveryParameters, "source">,
): Promise<{
  films: ChosenFilm[];
  pagesRead: number;
  missing: { source: string; page: number; message: string }[];
}> {
  const read = await readLists({ ...ctx, priority: "interactive" }, discoveryParameters.parse(asked), {
    listing: {},
    keep: async () => {},
    giveUp: () => true,
  });
  return {
    films: read.films,
    pagesRead: read.pagesRead,
    missing: read.missing.map(({ source, page, error }) => ({ source, page, message: error.message })),
  };
}
