import { existsSync } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type FileLock, takeLock } from "#app/db/embedded-lock.server.ts";
import { AppError } from "#app/errors.ts";
import { runToEnd } from "#scripts/child.ts";

/** What Vite writes last of all. */
export const SERVER_BUILD = "build/server/index.js";

const SOURCES = ["app", "public", "react-router.config.ts", "vite.config.ts", "package-lock.json"];

/**
 * Builds the pages unless there is a build that is newer than every source. Where the build tools are not installed (a
 * production image) an existing build is taken as it is.
 *
 * Two starts of one clone at the same moment build once: the second waits for the first.
 *
 * @param signal ends a build under way
 * @throws AppError `BUILD_FAILED`, `BUILD_MISSING`; the signal's reason
 */
export async function ensureBuild(signal?: AbortSignal): Promise<void> {
  if (!(await isOutdated())) return;
  const tool = findBuildTool();
  if (!tool) {
    if (existsSync(SERVER_BUILD)) return;
    throw new AppError(
      "BUILD_MISSING",
      500,
      "The pages are not built, and the tools to build them are not installed. Run npm ci (with development dependencies) and npm run build first.",
    );
  }
  const lock = await waitForLock(signal);
  try {
    if (!(await isOutdated())) return;
    signal?.throwIfAborted();
    process.stderr.write("Building the pages (once; about 10 s)\n");
    const code = await runToEnd(process.execPath, [tool, "build", "--logLevel", "error"], {
      // A build is for production whoever starts it.
      env: { ...process.env, NODE_ENV: "production" },
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    if (code !== 0)
      throw new AppError("BUILD_FAILED", 500, "The pages could not be built; the messages above say why.");
  } finally {
    await lock.release();
  }
}

function findBuildTool(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve("@react-router/dev/package.json");
    return join(manifest, "../bin.cjs");
  } catch {
    return null;
  }
}

async function waitForLock(signal?: AbortSignal): Promise<FileLock> {
  await mkdir("node_modules/.cache", { recursive: true });
  for (;;) {
    const lock = await takeLock("node_modules/.cache/reeldesk-build.lock");
    if ("release" in lock) return lock;
    await delay(250, undefined, { ...(signal ? { signal } : {}) });
  }
}

async function isOutdated(): Promise<boolean> {
  const built = await stat(SERVER_BUILD).catch(() => null);
  if (!built) return true;
  const changes = await Promise.all(SOURCES.map(newestChange));
  return Math.max(...changes) > built.mtimeMs;
}

async function newestChange(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await Promise.all((await readdir(path)).map((name) => newestChange(join(path, name))));
  // The folder's own time tells of files that were removed.
  return Math.max(found.mtimeMs, ...inside);
}
