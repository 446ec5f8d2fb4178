import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { takeIn } from "#app/imports/intake.server.ts";
import { findJob, type ImportJobView } from "#app/imports/jobs.server.ts";
import { isFinished } from "#app/imports/status.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "#sandbox/server.ts";
import { type Child, startChild } from "#tests/drills/child.ts";
import { generatedExport } from "#tests/drills/generated-export.ts";
import { pollUntil } from "#tests/drills/poll-until.ts";

export interface DrillOptions {
  databaseUrl: string;
  db: Db;
  sandbox?: SandboxOptions;
  /** The worker's script: the product's own, or the one whose death is noticed sooner. */
  worker: "scripts/worker.ts" | "tests/drills/quick-worker.ts";
  /** On top of what points every upstream to the sandbox. */
  env?: Record<string, string>;
}

/** A database, a sandbox in this process, and real worker processes that can be killed. */
export interface DrillDesk {
  db: Db;
  databaseUrl: string;
  sandbox: Sandbox;
  /** What every process of this desk sees. */
  env: Record<string, string>;
  /** Takes in an export of so many synthetic films. @returns the job's id */
  takeIn(rows: number, target?: "builtin" | "remote"): Promise<string>;
  /** Starts a worker and waits until it is registered. */
  startWorker(): Promise<Child>;
  /** Waits until so many rows have their outcome. */
  processed(jobId: string, rows: number, timeoutMs?: number): Promise<ImportJobView>;
  finished(jobId: string, timeoutMs: number): Promise<ImportJobView>;
  /** Ends what is still running. */
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

export async function openDrillDesk(options: DrillOptions): Promise<DrillDesk> {
  const { db, databaseUrl } = options;
  const sandbox = await startSandbox({ rateLimit: null, latencyMs: [20, 60], ...options.sandbox });
  const env = {
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
    TMDB_API_KEY: sandbox.keys.tmdb,
    TMDB_BASE_URL: sandbox.tmdbUrl,
    TMDB_IMAGE_BASE_URL: sandbox.tmdbImageUrl,
    // Drills of the budget set their own.
    TMDB_RATE_LIMIT: "10000/1s",
    OMDB_API_KEY: "",
    OMDB_BASE_URL: sandbox.omdbUrl,
    CATALOGUE_URL: sandbox.catalogueUrl,
    CATALOGUE_API_KEY: sandbox.keys.catalogue,
    RETRY_BASE_MS: "500",
    ...options.env,
  };
  const children: Child[] = [];
  return {
    db,
    databaseUrl,
    sandbox,
    env,
    async takeIn(rows, target = "builtin") {
      const upload = { bytes: generatedExport(rows), fileName: "watched.csv" };
      const { jobId } = await db.transaction().execute((trx) =>
        takeIn(trx, upload, {
          type: "movies",
          dryRun: false,
          skipDuplicates: true,
          parseOptions: {},
          uploadedBy: "drill",
          idempotencyKey: null,
          catalogue: target === "builtin" ? "builtin" : sandbox.catalogueUrl,
        }),
      );
      return jobId;
    },
    async startWorker() {
      const child = startChild([options.worker], env);
      children.push(child);
      await pollUntil(
        "a worker is registered",
        async () => {
          if (child.hasEnded()) throw new Error(`The worker ended: ${child.output()}`);
          return isRegistered(db, child.pid);
        },
        START_TIMEOUT_MS,
      );
      return child;
    },
    processed: (jobId, rows, timeoutMs = START_TIMEOUT_MS) =>
      pollUntil(
        `${rows} rows have their outcome`,
        async () => {
          const job = await findJob(db, jobId);
          return job.processedRows >= rows && job;
        },
        timeoutMs,
      ),
    finished: (jobId, timeoutMs) =>
      pollUntil(
        "the import is finished",
        async () => {
          const job = await findJob(db, jobId);
          return isFinished(job.status) && job;
        },
        timeoutMs,
      ),
    async close() {
      await Promise.all(children.map((child) => child.end("SIGKILL")));
      await sandbox.close();
    },
  };
}

async function isRegistered(db: Db, pid: number): Promise<boolean> {
  const row = await db
    .selectFrom("workers")
    .select("id")
    .where("pid", "=", pid)
    // Registered and through its first heartbeat: its runners are up by then.
    .where("pool_ids", "!=", sql<string[]>`'{}'::text[]`)
    .executeTakeFirst();
  return row !== undefined;
}
