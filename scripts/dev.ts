/** Develop with reload: Vite's server for the pages, the worker started again at each change. `npm run dev`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { config } from "#app/config.server.ts";
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { migrateToLatest } from "#app/db/migrate.server.ts";
import { exitWith } from "#scripts/exit.ts";
import { ensureFirstAccounts } from "#scripts/first-accounts.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const WATCHED = ["app", "tasks", "crontab", "scripts/worker.ts"];

const stop = listenForStop();

try {
  await using cleanup = new AsyncDisposableStack();
  const { DATABASE_URL, DATA_DIR: dataDir, HOST: host, PORT: port } = config();
  const databaseUrl = DATABASE_URL ?? (await openDatabase(dataDir, cleanup));
  await migrateToLatest(databaseUrl);
  await ensureFirstAccounts(databaseUrl);
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const tool = join(createRequire(import.meta.url).resolve("@react-router/dev/package.json"), "../bin.cjs");
  const pages = run([tool, "dev", "--host", host, "--port", String(port)], env, cleanup);
  run([...WATCHED.map((path) => `--watch-path=${path}`), "scripts/worker.ts"], env, cleanup);
  await Promise.race([stop.received, pages]);
} catch (error) {
  exitWith(error);
}
process.exit(0);

async function openDatabase(dataDir: string, cleanup: AsyncDisposableStack): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir });
  cleanup.defer(() => server.stop());
  return server.url;
}

/** Runs Node until it ends or the clean-up ends it. */
function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cleanup: AsyncDisposableStack,
): Promise<unknown> {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "inherit", "inherit"] });
  const end = once(child, "exit");
  cleanup.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await end;
    clearTimeout(timer);
  });
  return end;
}
