/** The whole product with sandbox upstreams and an import under way: `npm run demo`, `npm run demo -- --once`. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey } from "#app/accounts/api-keys.server.ts";
import { addOrResetOperator } from "#app/accounts/operators.server.ts";
import { config } from "#app/config.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { startSandbox } from "#sandbox/server.ts";
import { type Api, startImport, summarise, waitForEnd } from "#scripts/demo-import.ts";
import { exitWith } from "#scripts/exit.ts";
import { sandboxEnvironment } from "#scripts/sandbox-environment.ts";
import { type Stack, startStack } from "#scripts/stack.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const SAMPLE = "sandbox/sample/letterboxd-watched.csv";
const DEMO_FOLDER = ".data/demo";
/** `--once` is for scripts, which must not wait for ever for a worker that cannot work. */
const ONCE_TIMEOUT_MS = 10 * 60_000;

const stop = listenForStop();
const { values: flags } = parseArgs({ options: { once: { type: "boolean", default: false } } });

let outcome: string | null = null;
let isComplete = true;
try {
  await using cleanup = new AsyncDisposableStack();
  const { stack, operator } = await startDemo(cleanup);
  const api: Api = { url: stack.url, key: await createDemoKey(stack.databaseUrl) };
  const jobId = await startImport(api, SAMPLE);
  print([
    "",
    "Reeldesk is running, with a sandbox in the place of every upstream.",
    "",
    `  Import     ${stack.url}/imports/${jobId}`,
    `  E-mail     ${operator.email}`,
    `  Password   ${operator.password}`,
    "",
    flags.once ? "Waiting for the import to end." : "Press Ctrl-C to stop it.",
    "",
  ]);
  if (flags.once) {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ONCE_TIMEOUT_MS)]);
    const ended = await Promise.race([waitForEnd(api, jobId, signal), stack.failed]);
    outcome = summarise(ended);
    isComplete = ended.status === "completed" || ended.status === "partial";
  } else {
    await Promise.race([stop.received, stack.failed]);
  }
} catch (error) {
  // Ctrl-C before the end: everything is stopped by now, and there is nothing to complain about.
  if (stop.signal.aborted) process.exit(flags.once ? 1 : 0);
  exitWith(error);
}
// After everything has stopped, so that nothing is printed behind it.
if (outcome) process.stdout.write(`${outcome}\n`);
process.exit(isComplete ? 0 : 1);

async function startDemo(cleanup: AsyncDisposableStack) {
  const sandbox = await startSandbox();
  cleanup.defer(() => sandbox.close());
  const operator = {
    email: config().OPERATOR_EMAIL ?? "demo@reeldesk.local",
    password: config().OPERATOR_PASSWORD ?? randomBytes(9).toString("base64url"),
  };
  const env: NodeJS.ProcessEnv = { LOG_LEVEL: "error", ...process.env, ...sandboxEnvironment(sandbox) };
  delete env.DATABASE_URL;
  const stack = await startOnOwnFolder(env, cleanup);
  cleanup.defer(() => stack.stop());
  stop.onImpatience(stack.hurry);
  await withDatabase(stack.databaseUrl, (db) =>
    addOrResetOperator(db, operator, { actor: systemActor("demo") }),
  );
  return { stack, operator };
}

/** In `DATA_DIR`, else in the demo's own folder, else, when another demo of this clone has that, in one to throw away. */
async function startOnOwnFolder(env: NodeJS.ProcessEnv, cleanup: AsyncDisposableStack): Promise<Stack> {
  const chosen = process.env.DATA_DIR;
  const start = (dataDir: string) =>
    startStack({ env, dataDir, output: "stderr", anyPort: !process.env.PORT, signal: stop.signal });
  try {
    return await start(resolve(chosen || DEMO_FOLDER));
  } catch (error) {
    if (chosen || !(error instanceof AppError && error.code === "DATA_DIR_IN_USE")) throw error;
    const temporary = await mkdtemp(join(tmpdir(), "reeldesk-demo-"));
    cleanup.defer(() => rm(temporary, { recursive: true, force: true }));
    print([`Another demo is using ${DEMO_FOLDER}; this one keeps its data in ${temporary} until it ends.`]);
    return start(temporary);
  }
}

async function createDemoKey(databaseUrl: string): Promise<string> {
  const name = `Demo ${new Date().toISOString()}`;
  return withDatabase(databaseUrl, async (db) => {
    const { key } = await createApiKey(db, { name, createdBy: systemActor("demo") });
    return key;
  });
}

async function withDatabase<T>(
  url: string,
  use: (db: ReturnType<typeof createDatabase>["db"]) => Promise<T>,
) {
  const database = createDatabase(url, { max: 1 });
  try {
    return await use(database.db);
  } finally {
    await database.close();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
