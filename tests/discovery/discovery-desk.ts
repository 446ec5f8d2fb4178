import { sql } from "kysely";
import { afterAll, afterEach, beforeEach } from "vitest";
import type { Db } from "#app/db/client.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { type SandboxOptions, startSandbox } from "#sandbox/server.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { drainQueue, testConfig } from "#tests/setup/drain.ts";

/** A database, a sandbox and a queue that is drained on demand; everything empty before each test. */
export async function discoveryDesk(database: TestDatabase, options: SandboxOptions = {}) {
  const { db, url, pool } = database;
  const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0, ...options });
  const initial = sandbox.control.settings();
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await pool.query(`truncate works, scheduled_ingestion_log, ingestion_members, sync_state, feed_gaps, lost_titles,
      excluded_titles, refresh_rules, upstream_cache, upstream_circuits, upstream_budgets, job_runs, ingest_claims cascade`);
    await pool.query("select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs");
    sandbox.control.clearRequests();
  });
  afterEach(() => {
    sandbox.control.clearFaults();
    sandbox.control.clearFilmEdits();
    sandbox.control.clearSeriesEdits();
    sandbox.control.configure(initial);
  });
  const env: Record<string, string> = {
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
    TMDB_RATE_LIMIT: "10000/1s",
    RETRY_BASE_MS: "1",
  };
  const paths = () => sandbox.control.requests("tmdb").map((request) => request.path);
  return {
    db,
    sandbox,
    env,
    config: testConfig(env),
    /** TMDB calls so far: of lists, of the change feeds, of single films and series. */
    calls: () => ({
      lists: paths().filter((path) => /popular|now_playing|trending/.test(path)).length,
      feed: paths().filter((path) => path === "/movie/changes").length,
      seriesFeed: paths().filter((path) => path === "/tv/changes").length,
      series: paths().filter((path) => /^\/tv\/\d+$/.test(path)).length,
      films: paths().filter((path) => /^\/movie\/\d+$/.test(path)).length,
    }),
    async discover(payload: { source: "all" | "popular"; maxMovies?: number; maxPages?: number }) {
      await enqueue(db, "discover_movies", payload);
    },
    refresh: (payload: { limit?: number } = {}) => enqueue(db, "refresh_stale_works", payload),
    drain: (until: "due" | "all" = "due", more: Record<string, string> = {}) =>
      drainQueue(url, { env: { ...env, ...more }, until }),
    runs: () => db.selectFrom("scheduled_ingestion_log").selectAll().orderBy("id").execute(),
    lastRun: () =>
      db
        .selectFrom("scheduled_ingestion_log")
        .selectAll()
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirstOrThrow(),
    works: () => db.selectFrom("works").selectAll().orderBy("work_id").execute(),
  };
}

/** What of a run's line must be true whatever happened: one sentence for each thing that is not. */
export async function untrueLines(db: Db): Promise<string[]> {
  const { rows } = await sql<{ run: string; log: string; members: string }>`
    select log.id as run,
      concat_ws(' ', movies_checked, movies_skipped, movies_ingested, movies_failed, movies_not_attempted) as log,
      concat_ws(' ', count(run_id), count(*) filter (where member.status = 'skipped'),
        count(*) filter (where member.status = 'ingested'), count(*) filter (where member.status = 'failed'),
        count(*) filter (where member.status = 'pending')) as members
    from scheduled_ingestion_log as log left join ingestion_members as member on run_id = log.id
    group by log.id`.execute(db);
  return rows
    .filter((row) => row.log !== row.members)
    .map((row) => `run ${row.run} says ${row.log}, its members ${row.members}`);
}

/** Puts a work there as if it had been refreshed so many days ago. */
export async function addWork(
  db: Db,
  given: {
    mediaType?: "movie" | "tv";
    tmdbId: number;
    title?: string;
    releaseDate?: string | null;
    refreshedDaysAgo: number;
  },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with work as (
      insert into works (media_type, tmdb_id, title, title_key, release_date, last_refreshed_at, last_refresh_result,
        ingestion_status)
      values (${given.mediaType ?? "movie"}, ${given.tmdbId}, ${given.title ?? `Film ${given.tmdbId}`}, ${`film ${given.tmdbId}`},
        ${given.releaseDate ?? null}::date, clock_timestamp() - ${given.refreshedDaysAgo} * interval '1 day', 'stored', 'complete')
      returning work_id
    )
    insert into works_meta (work_id, schema_version) select work_id, 4 from work returning work_id as id`.execute(
    db,
  );
  return rows[0]?.id ?? "";
}
