import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { identify, isStillRunning, type ProcessIdentity } from "#app/db/embedded-identity.server.ts";

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

export type FileLock = { release(): Promise<void> };

/**
 * Takes a lock that ends with `release` or with this process. The file names the process by pid and start time, so that
 * what a killed one left behind is recognised and taken over, also when its pid lives on in another process.
 *
 * @param path the lock file; its folder exists
 * @returns the lock, or the living process that holds it
 */
export async function takeLock(path: string): Promise<FileLock | { holder: ProcessIdentity }> {
  const own = JSON.stringify(await identify(process.pid));
  // Written aside and linked into place: whoever sees the lock sees all of it, and only one link succeeds.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await clearStaleLock(path);
      if (holder) return { holder };
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      const held = await readFile(path, "utf8").catch(() => null);
      if (held === own) await rm(path, { force: true });
    },
  };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock whose holder is gone, or names the living holder. Of two processes that see the same stale lock one
 * moves it away and the other looks again.
 */
async function clearStaleLock(path: string): Promise<ProcessIdentity | null> {
  const content = await readFile(path, "utf8").catch(() => null);
  if (content === null) return null;
  const holder = parseHolder(content);
  if (holder && (await isStillRunning(holder))) return holder;

  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  // Between reading and moving, the other one may have cleared the stale lock and set its own: give that one back.
  const moved = await readFile(aside, "utf8");
  if (moved !== content) await tryLink(aside, path);
  await rm(aside, { force: true });
  return null;
}

function parseHolder(content: string): ProcessIdentity | null {
  try {
    return identity.parse(JSON.parse(content));
  } catch {
    // A power cut can leave an empty file; nobody can hold a lock with it.
    return null;
  }
}
