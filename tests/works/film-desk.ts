import { sql } from "kysely";
import { afterAll, beforeEach } from "vitest";
import { flushCallLog } from "#app/upstreams/call-log.server.ts";
import { type SandboxOptions, startSandbox } from "#sandbox/server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testConfig } from "#tests/setup/drain.ts";

/** A database and a sandbox of its own for tests of films, emptied before each test. Call it once at the top of a file. */
export async function filmDesk(options: SandboxOptions = {}) {
  const { db, url, pool } = await testDatabase();
  const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0, ...options });
  afterAll(async () => {
    await flushCallLog(db);
    await sandbox.close();
  });
  const environment = {
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
    TMDB_RATE_LIMIT: "1000/1s",
    OMDB_API_KEY: sandbox.keys.omdb,
    OMDB_BASE_URL: sandbox.omdbUrl,
    RETRY_BASE_MS: "1",
  };
  const config = testConfig(environment);
  beforeEach(async () => {
    await flushCallLog(db);
    await sql`truncate works, ingest_claims, upstream_cache, upstream_calls, upstream_circuits, upstream_budgets, title_matches
      cascade`.execute(db);
    sandbox.control.clearFaults();
    sandbox.control.clearRequests();
  });
  return {
    db,
    url,
    pool,
    sandbox,
    environment,
    config,
    ctx: { db, config },
    /** Paths of the TMDB requests so far. */
    calls: () => sandbox.control.requests("tmdb").map((request) => request.path),
    /** TMDB answers this film with this body from now on. */
    answerFilm(tmdbId: number, body: unknown): void {
      sandbox.control.addFault({
        service: "tmdb",
        match: { path: `^/movie/${tmdbId}$` },
        fault: { kind: "status", status: 200, body },
      });
    },
    async works() {
      return db.selectFrom("works").selectAll().orderBy("work_id").execute();
    },
    async meta(workId: string) {
      return db.selectFrom("works_meta").selectAll().where("work_id", "=", workId).executeTakeFirst();
    },
  };
}
