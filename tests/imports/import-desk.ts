import { sql } from "kysely";
import { afterAll } from "vitest";
import { takeIn } from "#app/imports/intake.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import { listRowsAt } from "#app/imports/row-queries.server.ts";
import { sweepImports } from "#app/imports/sweep.server.ts";
import { sweepMissingTotals } from "#app/works/episode-counts.server.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "#sandbox/server.ts";
import { type TestDatabase, testDatabase } from "#tests/setup/database.ts";
import { drainQueue, testConfig } from "#tests/setup/drain.ts";

const WATCHED = "Date,Name,Year,Letterboxd URI";

/** An operator's desk for tests: a database of its own, a sandbox, files in, queue drained, rows out. */
export interface ImportDesk extends TestDatabase {
  sandbox: Sandbox;
  /** Environment of the worker: every upstream is the sandbox. */
  env: Record<string, string>;
  takeIn(text: string | Uint8Array, options?: TakeInOptions): Promise<string>;
  drain(env?: Record<string, string>): Promise<void>;
  /** As `drain`, without bringing forward what waits for a retry. */
  drainDue(env?: Record<string, string>): Promise<void>;
  /** What every worker does every 15 s. */
  sweep(): Promise<void>;
  /** Takes in and drains. */
  run(text: string | Uint8Array, options?: TakeInOptions): Promise<FinishedJob>;
  read(jobId: string): Promise<FinishedJob>;
  viewings(): Promise<{ title: string; viewedOn: string | null; rowNumber: number | null }[]>;
}

export interface TakeInOptions {
  fileName?: string;
  dryRun?: boolean;
  skipDuplicates?: boolean;
  catalogue?: string;
  idempotencyKey?: string;
  env?: Record<string, string>;
}

export type FinishedJob = Awaited<ReturnType<typeof findJob>> & {
  rows: Awaited<ReturnType<typeof listRowsAt>>;
};

export async function importDesk(options: SandboxOptions = {}): Promise<ImportDesk> {
  const database = await testDatabase();
  const sandbox = await startSandbox({ rateLimit: null, latencyMs: 0, ...options });
  afterAll(() => sandbox.close());
  const env = {
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
    // Tests of the budget set their own; elsewhere it must not slow anything down.
    TMDB_RATE_LIMIT: "10000/1s",
    OMDB_BASE_URL: sandbox.omdbUrl,
    RETRY_BASE_MS: "1",
  };
  const desk: ImportDesk = {
    ...database,
    sandbox,
    env,
    async takeIn(text, options = {}) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      const { jobId } = await database.db.transaction().execute((trx) =>
        takeIn(
          trx,
          { bytes: new Uint8Array(bytes), fileName: options.fileName ?? "watched.csv" },
          {
            type: "movies",
            dryRun: options.dryRun ?? false,
            skipDuplicates: options.skipDuplicates ?? true,
            parseOptions: {},
            uploadedBy: "test",
            idempotencyKey: options.idempotencyKey ?? null,
            catalogue: options.catalogue ?? "builtin",
          },
        ),
      );
      return jobId;
    },
    async drain(extra = {}) {
      await drainQueue(database.url, { env: { ...env, ...extra }, until: "all" });
    },
    async drainDue(extra = {}) {
      await drainQueue(database.url, { env: { ...env, ...extra } });
    },
    async sweep() {
      await sweepImports(database.db);
      await sweepMissingTotals(database.db, testConfig(env));
    },
    async run(text, options = {}) {
      const jobId = await desk.takeIn(text, options);
      await desk.drain(options.env);
      return desk.read(jobId);
    },
    async read(jobId) {
      const job = await findJob(database.db, jobId);
      return { ...job, rows: await listRowsAt(database.db, jobId, {}, { limit: 10_000, offset: 0 }) };
    },
    async viewings() {
      return database.db
        .selectFrom("viewings")
        .innerJoin("works", "works.work_id", "viewings.work_id")
        .select([
          "works.title as title",
          "viewings.viewed_on as viewedOn",
          "viewings.row_number as rowNumber",
        ])
        .orderBy(sql`works.title, viewings.viewed_on, viewings.id`)
        .execute();
    },
  };
  return desk;
}

/** A Letterboxd `watched` file of these lines. */
export function watched(...lines: string[]): string {
  return `${[WATCHED, ...lines].join("\n")}\n`;
}
