import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openStackLog, STACK_LOG, stackLogSince } from "./stack-log.ts";
import type { StackReport } from "./stack-report.ts";

/**
 * Starts the stack and passes on, by environment: `E2E_BASE_URL`, `E2E_EMAIL`, `E2E_PASSWORD`, `E2E_API_KEY`,
 * `E2E_SANDBOX_URL`, `E2E_DATABASE_URL`, and `E2E_STORAGE_STATE`, a browser that is signed in.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // A process of its own: Playwright transpiles what it imports, the stack runs as Node runs it.
  await mkdir(dirname(STACK_LOG), { recursive: true });
  const log = await openStackLog();
  const stack = fork(join(import.meta.dirname, "stack.ts"), { stdio: ["ignore", log.fd, log.fd, "ipc"] });
  await log.close();
  const exit = once(stack, "exit");
  const outcome = await Promise.race([once(stack, "message"), exit.then(() => null)]);
  if (!outcome)
    throw new Error(`The stack for the end-to-end tests did not start. It said:\n${await stackLogSince(0)}`);
  const report = outcome[0] as StackReport;

  const folder = await mkdtemp(join(tmpdir(), "reeldesk-e2e-state-"));
  const storageState = join(folder, "signed-in.json");
  await writeFile(storageState, JSON.stringify(signedIn(report)), { mode: 0o600 });
  Object.assign(process.env, {
    E2E_BASE_URL: report.url,
    E2E_EMAIL: report.email,
    E2E_PASSWORD: report.password,
    E2E_API_KEY: report.apiKey,
    E2E_SANDBOX_URL: report.sandboxUrl,
    E2E_DATABASE_URL: report.databaseUrl,
    E2E_STORAGE_STATE: storageState,
  });
  return async () => {
    stack.kill("SIGTERM");
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
}

function signedIn(report: StackReport) {
  const [pair = ""] = report.cookie.split(";");
  const [name = "", value = ""] = pair.split("=", 2);
  const domain = new URL(report.url).hostname;
  const cookie = {
    name,
    value,
    domain,
    path: "/",
    expires: -1,
    httpOnly: true,
    secure: false,
    sameSite: "Lax",
  };
  return { cookies: [cookie], origins: [] };
}
