/**
 * Makes `docs/screenshot.png`, the README's picture: the page of an import under way. Starts a stack of its own with the
 * sandbox in the place of every upstream: `npm run screenshot`.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { systemActor } from "#app/accounts/actor.ts";
import { addOrResetOperator } from "#app/accounts/operators.server.ts";
import { createDatabase } from "#app/db/client.server.ts";
import { startSandbox } from "#sandbox/server.ts";
import { ensureChromium } from "#scripts/chromium.ts";
import { exitWith } from "#scripts/exit.ts";
import { sandboxEnvironment } from "#scripts/sandbox-environment.ts";
import { startStack } from "#scripts/stack.ts";
import { listenForStop } from "#scripts/stop-signal.ts";

const SAMPLE = "sandbox/sample/letterboxd-watched.csv";
const PICTURE = "docs/screenshot.png";
/** Of the sample's rows: enough to show failures and doubts, with some way still to go. */
const ROWS_DONE = 50;
const ROWS = 61;

const stop = listenForStop();
const operator = { email: "demo@reeldesk.local", password: randomBytes(12).toString("base64url") };

try {
  await using cleanup = new AsyncDisposableStack();
  const page = await openBrowser(cleanup, await startDesk(cleanup));
  await signIn(page);
  await startSample(page);
  await enoughDone(page).waitFor({ timeout: 120_000 });
  // Off the table, whose rows show where the pointer is.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: PICTURE, animations: "disabled" });
  process.stdout.write(`${PICTURE} is made anew.\n`);
} catch (error) {
  exitWith(error);
}
process.exit(0);

/** @returns the address of the web */
async function startDesk(cleanup: AsyncDisposableStack): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "reeldesk-screenshot-"));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  const sandbox = await startSandbox();
  cleanup.defer(() => sandbox.close());
  const env: NodeJS.ProcessEnv = {
    LOG_LEVEL: "error",
    ...process.env,
    ...sandboxEnvironment(sandbox),
    PORT: "0",
  };
  delete env.DATABASE_URL;
  const stack = await startStack({ env, dataDir, output: "stderr", anyPort: true, signal: stop.signal });
  cleanup.defer(() => stack.stop());
  const database = createDatabase(stack.databaseUrl, { max: 1 });
  await addOrResetOperator(database.db, operator, { actor: systemActor("screenshot") });
  await database.close();
  return stack.url;
}

async function openBrowser(cleanup: AsyncDisposableStack, baseURL: string): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
  cleanup.defer(() => browser.close());
  const context = await browser.newContext({
    baseURL,
    colorScheme: "light",
    viewport: { width: 1280, height: 860 },
  });
  return context.newPage();
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in?next=/imports/new");
  await page.getByLabel("E-mail").fill(operator.email);
  await page.getByLabel("Password", { exact: true }).fill(operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/imports/new");
}

async function startSample(page: Page): Promise<void> {
  await page.getByLabel("CSV file").setInputFiles(SAMPLE);
  await page.getByRole("button", { name: "Start import", exact: true }).click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
}

/** The progress bar once so many rows are done. */
function enoughDone(page: Page) {
  const values = Array.from(
    { length: ROWS - ROWS_DONE + 1 },
    (_, offset) => `[aria-valuenow="${ROWS_DONE + offset}"]`,
  );
  return page.locator(`[role=progressbar]:is(${values.join(", ")})`);
}
