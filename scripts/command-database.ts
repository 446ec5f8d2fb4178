import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { config } from "#app/config.server.ts";
import { createDatabase, type Db, isDatabaseAway } from "#app/db/client.server.ts";
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { migrateToLatest } from "#app/db/migrate.server.ts";
import { AppError } from "#app/errors.ts";

/**
 * Gives a short command the product's database: that of `DATABASE_URL`, else the embedded one, running or not.
 *
 * @throws AppError `DATABASE_AWAY`, `DATABASE_REFUSES`, `DATABASE_NOT_MIGRATED`
 */
export async function withCommandDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const { DATABASE_URL, DATA_DIR } = config();
  if (DATABASE_URL) return onDatabase(DATABASE_URL, work);
  const running = await runningDatabaseUrl(DATA_DIR);
  if (running) return onDatabase(running, work);

  const server = await startEmbeddedPostgres({ dataDir: DATA_DIR });
  try {
    await migrateToLatest(server.url);
    return await onDatabase(server.url, work);
  } finally {
    await server.stop();
  }
}

async function onDatabase<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const database = createDatabase(url, { max: 2, applicationName: "reeldesk-command" });
  try {
    return await work(database.db);
  } catch (error) {
    throw explained(error) ?? error;
  } finally {
    await database.close();
  }
}

/** What the machine's owner can mend, in a sentence. */
function explained(error: unknown): AppError | null {
  const options = { cause: error };
  if (isDatabaseAway(error))
    return new AppError(
      "DATABASE_AWAY",
      503,
      "The database does not answer. Start it, or check DATABASE_URL.",
      undefined,
      options,
    );
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  // Class 28: wrong user or password; 3D000: no such database.
  if (code.startsWith("28") || code === "3D000")
    return new AppError(
      "DATABASE_REFUSES",
      503,
      "The database refuses us: check user, password and name in DATABASE_URL.",
      undefined,
      options,
    );
  if (code === "42P01")
    return new AppError(
      "DATABASE_NOT_MIGRATED",
      409,
      "The database of DATABASE_URL does not have Reeldesk's tables yet. Run: npm run migrate",
      undefined,
      options,
    );
  return null;
}

/**
 * The address of the embedded PostgreSQL when one is running on the folder: PostgreSQL writes its port into the fourth
 * line of `postmaster.pid`, and the cluster keeps its password beside it. Null when nobody answers there.
 */
async function runningDatabaseUrl(dataDir: string): Promise<string | null> {
  const folder = join(dataDir, "postgres");
  const pidFile = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "");
  const port = Number(pidFile.split("\n")[3]);
  const password = (await readFile(join(folder, "reeldesk.password"), "utf8").catch(() => "")).trim();
  if (!Number.isInteger(port) || port <= 0 || !password) return null;
  const url = `postgres://reeldesk:${password}@127.0.0.1:${port}/reeldesk`;
  return (await answers(url)) ? url : null;
}

/** A file left by a killed server names a port that is free by now, or somebody else's, where our password is wrong. */
async function answers(url: string): Promise<boolean> {
  const database = createDatabase(url, { max: 1, applicationName: "reeldesk-command" });
  try {
    await database.pool.query("select 1");
    return true;
  } catch {
    // What is wrong with it, starting our own will tell.
    return false;
  } finally {
    await database.close();
  }
}
