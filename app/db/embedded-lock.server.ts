import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
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
  const own = JSON.stringify({ ...(await identify(process.pid)), nonce: randomUUID() });
  // Written aside and linked into place: whoever sees the lock sees all of it, and only one link succeeds.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await readHolder(path);
      if (typeof holder === "object") return { holder };
      await replaceStaleLock(draft, path);
      if (await holds(path, own)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      if (await holds(path, own)) await rm(path, { force: true });
    },
  };
}

/**
 * Puts our draft in the place of a lock whose holder is gone. Looking at it and replacing it is not one step for the file
 * system: of several that found it stale, the later ones would replace the lock of the first. So only who holds the guard
 * may, and looks again first.
 */
async function replaceStaleLock(draft: string, path: string): Promise<void> {
  const guard = `${path}.guard`;
  if (!(await tryLink(draft, guard))) {
    // Held for a few file operations, or left by a process that was killed in between.
    if ((await readHolder(guard)) === "gone") await rm(guard, { force: true });
    await delay(5);
    return;
  }
  try {
    // Only a lock that is there can be replaced: its dead holder will not touch it, and others need the guard. One that
    // was released in the meantime is taken by linking, as it may be somebody else's already.
    if ((await readHolder(path)) === "gone") await rename(draft, path);
  } finally {
    await rm(guard, { force: true });
  }
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

async function holds(path: string, own: string): Promise<boolean> {
  return (await readFile(path, "utf8").catch(() => null)) === own;
}

/** Who holds a lock: a living process, one that is gone, or nobody as there is no lock. */
async function readHolder(path: string): Promise<ProcessIdentity | "gone" | "nobody"> {
  const content = await readFile(path, "utf8").catch(() => null);
  if (content === null) return "nobody";
  const holder = parseHolder(content);
  return holder && (await isStillRunning(holder)) ? holder : "gone";
}

function parseHolder(content: string): ProcessIdentity | null {
  try {
    return identity.parse(JSON.parse(content));
  } catch {
    // A power cut can leave an empty file; nobody can hold a lock with it.
    return null;
  }
}
