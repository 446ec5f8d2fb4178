import type pg from "pg";
import { type Config, config } from "#app/config.server.ts";
import { createDatabase, type DatabaseHandle, type Db } from "#app/db/client.server.ts";
import { type Logger, logger } from "#app/logger.server.ts";

/** What every loader, action and middleware of one process shares. */
export interface AppContext {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly logger: Logger;
}

interface Holder {
  context: AppContext | undefined;
  database: DatabaseHandle | undefined;
}

declare global {
  /** On the global object because Vite bundles its own copy of this module beside the one that `scripts/web.ts` loads. */
  var reeldeskContext: Holder | undefined;
}

function holder(): Holder {
  globalThis.reeldeskContext ??= { context: undefined, database: undefined };
  return globalThis.reeldeskContext;
}

/**
 * The process's context; the first call opens the pool.
 *
 * @throws Error when `DATABASE_URL` is unset: `scripts/start.ts` passes the embedded database's address to its children.
 */
export function appContext(): AppContext {
  const held = holder();
  if (held.context) return held.context;
  const current = config();
  if (!current.DATABASE_URL) throw new Error("DATABASE_URL is not set. Start the product with: npm start");
  const database = createDatabase(current.DATABASE_URL, { applicationName: "reeldesk-web" });
  held.database = database;
  held.context = { db: database.db, pool: database.pool, config: current, logger };
  return held.context;
}

/** Puts a context in place instead of the one that `appContext()` would open. Its database stays the caller's to close. */
export function provideAppContext(context: AppContext): void {
  holder().context = context;
}

/** Closes the pool, if one was opened. A later `appContext()` opens a new one. */
export async function closeAppContext(): Promise<void> {
  const held = holder();
  const database = held.database;
  held.context = undefined;
  held.database = undefined;
  await database?.close();
}
