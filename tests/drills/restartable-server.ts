import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { migrateToLatest } from "#app/db/migrate.server.ts";

/** A PostgreSQL of our own in a temporary folder, set up as `npm start` sets it up: durable. */
export interface RestartableServer {
  /** A new, migrated database. @returns its address */
  createDatabase(name: string): Promise<string>;
  /** Ends PostgreSQL with this signal (SIGINT: fast, SIGQUIT: immediate) and starts it again on the same port. @returns milliseconds away */
  restart(signal: "SIGINT" | "SIGQUIT"): Promise<number>;
  /** Stops it and removes the folder. */
  close(): Promise<void>;
}

export async function startRestartableServer(options: { fast?: boolean } = {}): Promise<RestartableServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "reeldesk-drill-"));
  const start = (port?: number) =>
    startEmbeddedPostgres({ dataDir, fast: options.fast ?? false, ...(port ? { port } : {}) });
  let server = await start();
  const { url } = server;
  return {
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      const address = new URL(url);
      address.pathname = `/${name}`;
      await migrateToLatest(address.href);
      return address.href;
    },
    async restart(signal) {
      const started = performance.now();
      const pidFile = await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8");
      process.kill(Number.parseInt(pidFile, 10), signal);
      await server.exited;
      server = await start(Number(new URL(url).port));
      if (server.url !== url) throw new Error("PostgreSQL's port was taken while it was away");
      return performance.now() - started;
    },
    async close() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
