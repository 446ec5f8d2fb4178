import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { migrateToLatest } from "#app/db/migrate.server.ts";

/** What `testDatabase` needs of the server that all test files share. */
export type TestServer =
  | { serverUrl: string; template: string }
  /** The migrations do not run: files that use a database fail with this, the others are not held up. */
  | { serverUrl: string; migrationError: string };

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * One PostgreSQL for the whole run, with one migrated database that each test file clones. `TEST_DATABASE_URL` names a
 * server to use instead; its user must be allowed to create databases.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  const template = `reeldesk_template_${randomUUID().slice(0, 8)}`;
  await onServer(server.url, `create database ${template}`);
  try {
    await migrateToLatest(withDatabase(server.url, template));
    project.provide("testServer", { serverUrl: server.url, template });
  } catch (error) {
    const migrationError = error instanceof Error ? (error.stack ?? error.message) : String(error);
    project.provide("testServer", { serverUrl: server.url, migrationError });
  }
  return async () => {
    await onServer(server.url, `drop database ${template} with (force)`);
    await server.close();
  };
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL) return { url: TEST_DATABASE_URL, close: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), "reeldesk-test-"));
  const server = await startEmbeddedPostgres({ dataDir, fast: true });
  return {
    url: server.url,
    async close() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same server and user, another database. */
export function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement over a connection of its own. */
export async function onServer<Row extends pg.QueryResultRow>(
  serverUrl: string,
  statement: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return (await client.query<Row>(statement, parameters)).rows;
  } finally {
    await client.end();
  }
}
