import { sql } from "kysely";
import { afterAll, beforeEach } from "vitest";
import { sweepQuotes } from "#app/quotes/sweep-quotes.server.ts";
import { listQuotes } from "#app/quotes/work-quotes.server.ts";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { closeCircuit } from "#app/upstreams/circuit.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { drainQueue, testConfig } from "#tests/setup/drain.ts";

/** A film that the sandbox has every kind of quote of, one with a very long page, one without quotes, one without a page. */
export const ZOO = "tt0133093";
export const LONG = "tt0113277";
export const NONE = "tt0062622";
export const MISSING = "tt0078748";

/** A database and a sandbox of its own, emptied before each test. Call it once at the top of a file. */
export async function quoteDesk() {
  const { db, url } = await testDatabase();
  const sandbox = await startSandbox({ rateLimit: null, tabstackRateLimit: null });
  afterAll(async () => {
    await flushCallLog(db);
    await sandbox.close();
  });
  const environment = {
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_RATE_LIMIT: "1000/1s",
    TABSTACK_TOKEN: sandbox.keys.tabstack,
    TABSTACK_BASE_URL: sandbox.tabstackUrl,
    TABSTACK_RATE_LIMIT: "1000/1s",
    RETRY_BASE_MS: "1",
  };
  beforeEach(async () => {
    await flushCallLog(db);
    await sql`truncate works, upstream_cache, upstream_calls, upstream_circuits, upstream_budgets, job_runs cascade`.execute(
      db,
    );
    await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`.execute(db);
    await closeCircuit(db, "tabstack");
    sandbox.control.clearFaults();
    sandbox.control.clearRequests();
  });
  return {
    db,
    url,
    sandbox,
    environment,
    config: testConfig(environment),
    /** A film as anybody's SQL writes it. */
    async addFilm(imdbId: string | null, mediaType: "movie" | "tv" = "movie"): Promise<string> {
      const { work_id: workId } = await db
        .insertInto("works")
        .values({
          media_type: mediaType,
          title: `Film ${imdbId}`,
          title_key: `film ${imdbId}`,
          imdb_id: imdbId,
        })
        .returning("work_id")
        .executeTakeFirstOrThrow();
      return workId;
    },
    sweep: (env: Record<string, string> = {}) => sweepQuotes(db, testConfig({ ...environment, ...env })),
    drain: (env: Record<string, string> = {}) =>
      drainQueue(url, { env: { ...environment, ...env }, until: "all" }),
    /** Runs the task for one film, as anybody's SQL adds it. */
    async fetch(workId: string): Promise<void> {
      await sql`select graphile_worker.add_job('fetch_imdb_quotes', json_build_object('workId', ${workId}::bigint))`.execute(
        db,
      );
      await drainQueue(url, { env: environment, until: "all" });
    },
    /** Tabstack answers with this from now on. */
    answer(body: unknown, status = 200, times?: number): void {
      sandbox.control.addFault({
        service: "tabstack",
        fault: { kind: "status", status, body },
        ...(times ? { times } : {}),
      });
    },
    calls: () => sandbox.control.requests("tabstack").length,
    quotes: async (workId: string) => (await listQuotes(db, workId, { limit: 500 })).quotes,
    async state(workId: string) {
      return db.selectFrom("quote_fetches").selectAll().where("work_id", "=", workId).executeTakeFirst();
    },
    async runs() {
      return db.selectFrom("job_runs").select(["outcome", "statistics"]).orderBy("id").execute();
    },
    async jobs() {
      const { rows } = await sql<{
        key: string | null;
        priority: number;
        attempts: number;
        max_attempts: number;
      }>`
        select key, priority, attempts, max_attempts from graphile_worker.jobs order by priority, id`.execute(
        db,
      );
      return rows;
    },
  };
}

export const quote = (id: string | null, text: string, character: string | null = "Vera") => ({
  shareLink: id === null ? null : `https://www.imdb.com/title/tt0133093/quotes/?item=${id}&ref_=ext_shr_lnk`,
  lines: [{ character, text, stageDirection: null }],
});
