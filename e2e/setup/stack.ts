/**
 * What the end-to-end tests talk to: the real processes with sandbox upstreams on free ports and a database of their
 * own. Tells its parent about itself over the channel and lives as long as that.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { addOrResetOperator } from "#app/accounts/operators.server.ts";
import { sessionCookie } from "#app/accounts/session-cookie.server.ts";
import { sessionSecret } from "#app/accounts/session-secret.server.ts";
import { createSession, SESSION_ABSOLUTE_MS } from "#app/accounts/sessions.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { sandboxEnvironment } from "#scripts/sandbox-environment.ts";
import { startStack } from "#scripts/stack.ts";
import { listenForStop } from "#scripts/stop-signal.ts";
import type { StackReport } from "./stack-report.ts";

const stop = listenForStop();
await using cleanup = new AsyncDisposableStack();

const dataDir = await mkdtemp(join(tmpdir(), "reeldesk-e2e-"));
cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
// Some hundred titles are looked up in a minute or two: at TMDB's real limit the tests would mostly wait for it.
const sandbox = await startSandbox({
  rateLimit: { requests: 400, perMs: 10_000 },
  tabstackRateLimit: null,
});
cleanup.defer(() => sandbox.close());
const env: NodeJS.ProcessEnv = {
  LOG_LEVEL: "warn",
  ...process.env,
  ...sandboxEnvironment(sandbox),
  PORT: "0",
  HOST: "127.0.0.1",
  APP_URL: "",
  // Dozens of pages open the API at once, and nobody has time for a first retry after 4 s.
  API_RATE_LIMIT: "10000/60s",
  RETRY_BASE_MS: "200",
  TMDB_RATE_LIMIT: "400/10s",
  // Ten a minute would leave films waiting for their quotes, and jobs in the queue, through every test.
  TABSTACK_RATE_LIMIT: "600/60s",
};
delete env.DATABASE_URL;
delete env.NODE_ENV;
const stack = await startStack({ env, dataDir, output: "stderr", anyPort: false, signal: stop.signal });
cleanup.defer(() => stack.stop());
process.send?.(await signUp());
await Promise.race([stop.received, stack.failed]);

/** Signs an operator up, opens a session for every test, and makes an API key. */
async function signUp(): Promise<StackReport> {
  const database = createDatabase(stack.databaseUrl, { max: 2 });
  try {
    const by = { actor: systemActor("e2e") };
    const operator = { email: "operator@reeldesk.local", password: randomBytes(12).toString("base64url") };
    const { operator: created } = await addOrResetOperator(database.db, operator, by);
    const { key } = await createApiKey(database.db, { name: "e2e", createdBy: by.actor });
    const token = await createSession(database.db, {
      operatorId: created.id,
      userAgent: "e2e",
      clientAddress: null,
    });
    const secret = sessionSecret({ SESSION_SECRET: undefined, DATA_DIR: dataDir, NODE_ENV: "test" });
    const cookie = sessionCookie(token, { secret, secure: false, maxAgeMs: SESSION_ABSOLUTE_MS });
    return {
      url: stack.url,
      ...operator,
      apiKey: key,
      cookie,
      sandboxUrl: sandbox.url,
      databaseUrl: stack.databaseUrl,
    };
  } finally {
    await database.close();
  }
}
