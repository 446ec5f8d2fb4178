import { promises as fs } from "node:fs";
import path from "node:path";
import { runMigrations } from "graphile-worker";
import { Kysely, PostgresDialect } from "kysely";
import { FileMigrationProvider, type MigrationResult, Migrator } from "kysely/migration";
import pg from "pg";

const migrationFolder = path.resolve(import.meta.dirname, "../../migrations");

/**
 * Brings a database to the newest schema: ours by Kysely, the queue's by graphile-worker. Safe when any number of
 * processes start at once (both take a lock), and does nothing when there is nothing to do.
 *
 * @throws the first migration's error, with its name in the message; earlier ones stay applied.
 */
export async function migrateToLatest(url: string): Promise<void> {
  await withMigrator(url, async (migrator) => report(await migrator.migrateToLatest()));
  await runMigrations({ connectionString: url });
}

/** Runs `use` with a migrator over its own short-lived connections. The tests walk up and down with it. */
export async function withMigrator<T>(url: string, use: (migrator: Migrator) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2, options: "-c timezone=UTC" });
  pool.on("error", () => {}); // The query in flight rejects with the same error and is reported there.
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await use(
      new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) }),
    );
  } finally {
    await db.destroy();
  }
}

function report({ error, results = [] }: { error?: unknown; results?: MigrationResult[] }): void {
  if (!error) return;
  const failed = results.find((result) => result.status === "Error");
  throw new Error(
    `Migration ${failed?.migrationName ?? ""} failed: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );
}

/** Whether every migration of this version has been applied: `/readyz` asks it. */
export async function isMigrated(url: string): Promise<boolean> {
  return withMigrator(url, async (migrator) =>
    (await migrator.getMigrations()).every((migration) => migration.executedAt),
  );
}
