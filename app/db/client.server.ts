import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { noteQuery } from "#app/db/query-count.server.ts";
import type { Database } from "#app/db/types.ts";
import { logger } from "#app/logger.server.ts";

/** A day has no time zone: node-postgres would make local midnight of it, and days would shift. */
const DATE_OID = 1082;

export type Db = Kysely<Database>;

export interface DatabaseHandle {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens a pool and a Kysely instance over it.
 *
 * Every session runs in UTC, gives up a statement after 30 s and never idles in a transaction for more than 60 s: one
 * stuck request must not hold locks that imports wait for.
 *
 * @param url a postgres:// address
 * @param options.max connections at most (default 10)
 */
export function createDatabase(
  url: string,
  options: { max?: number; applicationName?: string } = {},
): DatabaseHandle {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "reeldesk",
    connectionTimeoutMillis: 5_000,
    // A new connection knows no table yet, and its first statements cost several times what they cost later. Live pages come back
    // within this time.
    idleTimeoutMillis: 60_000,
    options: "-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === DATE_OID ? (value: string) => value : pg.types.getTypeParser(oid, format),
    },
  });
  // Without listeners, an idle connection cut by a restarting PostgreSQL ends the process.
  pool.on("error", (error) => logger.warn({ code: errorCode(error) }, "database connection lost"));
  pool.on("connect", (client) => {
    client.on("error", (error) => logger.warn({ code: errorCode(error) }, "database connection lost"));
  });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), log: noteQuery });
  return { db, pool, close: () => db.destroy() };
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

/** Whether an error says that the database itself cannot be reached or is starting or stopping: answer 503, try again later. */
export function isDatabaseAway(error: unknown): boolean {
  const code = errorCode(error);
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT"].includes(code) ||
    code.startsWith("08") || // connection exceptions
    code.startsWith("57P") || // shut down by an operator, crash, cannot connect now
    code === "53300" || // too many connections
    (error instanceof Error &&
      /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
        error.message,
      ))
  );
}
