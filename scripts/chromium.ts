import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";
import { AppError } from "#app/errors.ts";
import { runToEnd } from "#scripts/child.ts";

const run = promisify(execFile);

const COMMANDS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APP = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** A Chromium that runs: `CHROMIUM_PATH`, the machine's, Playwright's own. Resolves to its path, `null` without one. */
async function findChromium(): Promise<string | null> {
  const { CHROMIUM_PATH } = process.env;
  const candidates = [
    ...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []),
    ...COMMANDS,
    MAC_APP,
    chromium.executablePath(),
  ];
  for (const candidate of candidates) if (await answersVersion(candidate)) return candidate;
  return null;
}

/**
 * Finds Chromium, and installs it when there is none: from Debian's packages where we may, else Playwright's own.
 *
 * @throws AppError `CHROMIUM_MISSING`
 */
export async function ensureChromium(): Promise<string> {
  const found = await findChromium();
  if (found) return found;
  if ((await isDebian()) && process.getuid?.() === 0) {
    console.log("No Chromium on this machine. Installing it: apt-get install chromium");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    if ((await runToEnd("apt-get", ["update", "-qq"], { env })) === 0)
      await runToEnd("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
  }
  const afterApt = await findChromium();
  if (afterApt) return afterApt;
  console.log("No Chromium on this machine. Installing Playwright's own: playwright install chromium");
  await runToEnd(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
  const installed = await findChromium();
  if (installed) return installed;
  throw new AppError(
    "CHROMIUM_MISSING",
    500,
    "No Chromium was found and none could be installed. Install one and set CHROMIUM_PATH to it.",
  );
}

/** Some distributions put a stub there that only says what to install. */
async function answersVersion(path: string): Promise<boolean> {
  if (path.startsWith("/") && !existsSync(path)) return false;
  try {
    await run(path, ["--version"], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

async function isDebian(): Promise<boolean> {
  if (platform() !== "linux") return false;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID=debian$/m.test(release);
}
