/** One web process: `npm run web`. Needs `DATABASE_URL` and a build; any number may run side by side. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { ServerBuild } from "react-router";
import { config } from "#app/config.server.ts";
import { AppError } from "#app/errors.ts";
import { ensureBuild, SERVER_BUILD } from "#scripts/build.ts";
import { requireDatabaseUrl } from "#scripts/database-url.ts";
import { EXIT_UNUSABLE, exitWith } from "#scripts/exit.ts";
import { ensureFirstAccounts } from "#scripts/first-accounts.ts";
import { serve } from "#scripts/serve.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const stop = listenForStop();
const { values: flags } = parseArgs({ options: { "any-port": { type: "boolean", default: false } } });

try {
  const databaseUrl = requireDatabaseUrl("web");
  const { HOST: host, PORT: port } = config();
  await ensureBuild(stop.signal);
  await ensureFirstAccounts(databaseUrl);
  const server = await serve({
    host,
    port,
    anyPort: flags["any-port"],
    assets: "build/client",
    app: loadApp,
  });
  process.stdout.write(`Reeldesk listens on ${server.url}\n`);
  process.send?.({ listening: server.url });
  await stop.received;
  await server.close();
  // The app's pool and pollers have nothing left to do, but would keep the process alive.
  process.exit(0);
} catch (error) {
  // Stopped while still starting: nothing to complain about.
  if (stop.signal.aborted) process.exit(0);
  exitWith(error, error instanceof AppError ? EXIT_UNUSABLE : 1);
}

async function loadApp({ port }: { port: number }) {
  // The app derives its public address from PORT where APP_URL is unset, and PORT may have been 0 or taken.
  process.env.PORT = String(port);
  await loadProductionReact();
  // Loaded after it, as it loads React too.
  const { createRequestListener } = await import("@react-router/node");
  const build: ServerBuild = await import(pathToFileURL(resolve(SERVER_BUILD)).href);
  return createRequestListener({ build, mode: "production" });
}

/**
 * React takes its development build, several times slower, unless NODE_ENV says production while it is loaded. On a desk
 * NODE_ENV stays unset, as production asks for a SESSION_SECRET.
 */
async function loadProductionReact(): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  await Promise.all([import("react"), import("react/jsx-runtime"), import("react-dom/server")]);
  if (before === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = before;
}
