import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { afterAll, inject } from "vitest";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { onServer, withDatabase } from "#tests/setup/global.ts";

export type TestDatabase = { url: string; db: Db; pool: pg.Pool };

/** Closing a connection is done when PostgreSQL has noticed it, a moment after `end()`. */
const CLOSING_MS = 3_000;

/**
 * A database of its own, with the newest schema and no rows. Call it once at the top of a test file:
 * `const { db, url } = await testDatabase();`
 *
 * It is dropped after the file's last test. A connection that is still open by then fails the file: somebody forgot to
 * close a pool or a worker.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject("testServer");
  if ("migrationError" in server) throw new Error(`The migrations fail: ${server.migrationError}`);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(server.serverUrl, `create database ${name} template ${server.template}`);
  const url = withDatabase(server.serverUrl, name);
  const database = createDatabase(url, { applicationName: "test file" });
  afterAll(async () => {
    await database.close();
    // Kysely ends the pool only if it was used through Kysely.
    if (!database.pool.ending) await database.pool.end();
    const left = await connectionsLeft(server.serverUrl, name);
    await onServer(server.serverUrl, `drop database ${name} with (force)`);
    if (left.length > 0)
      throw new Error(`Connections were left open:\n${left.map((each) => `  ${each}`).join("\n")}`);
  });
  return { url, db: database.db, pool: database.pool };
}

/** An empty database without any schema, dropped after the file's last test. */
export async function emptyTestDatabase(): Promise<{ url: string }> {
  const { serverUrl } = inject("testServer");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(serverUrl, `create database ${name}`);
  afterAll(async () => {
    await onServer(serverUrl, `drop database ${name} with (force)`);
  });
  return { url: withDatabase(serverUrl, name) };
}

async function connectionsLeft(serverUrl: string, database: string): Promise<string[]> {
  const deadline = performance.now() + CLOSING_MS;
  for (;;) {
    const rows = await onServer<{ who: string }>(
      serverUrl,
      `select concat_ws(': ', nullif(application_name, ''), state, left(query, 120)) as who
         from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0 || performance.now() > deadline) return rows.map((row) => row.who);
    await delay(50);
  }
}
