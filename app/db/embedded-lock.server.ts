import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { identify, isStillRunning, type ProcessIdentity } from "#app/db/embedded-identity.server.ts";
import { AppError } from "#app/errors.ts";

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

export type DataLock = { release(): Promise<void> };

/**
 * Makes this process the only Reeldesk on a data folder, until `release` or its death: the lock names the process by pid
 * and start time, so that what a killed one left behind is recognised and taken over, also when its pid lives on in
 * another process.
 *
 * @param dataDir an existing folder
 * @throws AppError `data_dir_in_use` while another living process holds it
 */
export async function lockDataDir(dataDir: string): Promise<DataLock> {
  const path = join(dataDir, "postgres.lock");
  const self = await identify(process.pid);
  const own = JSON.stringify(self);
  // Written aside and linked into place: whoever sees the lock sees all of it, and only one link succeeds.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    while (!(await tryLink(draft, path))) await clearStaleLock(path, dataDir);
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

/** Removes a lock whose holder is gone. Of two that see the same stale lock one moves it away; the other looks again. */
async function clearStaleLock(path: string, dataDir: string): Promise<void> {
  const content = await readFile(path, "utf8").catch(() => null);
  if (content === null) return;
  const holder = parseHolder(content);
  if (holder && (await isStillRunning(holder))) throw inUse(dataDir, holder);

  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  // Between reading and moving, the other one may have cleared the stale lock and set its own: give that one back.
  const moved = await readFile(aside, "utf8");
  if (moved !== content) await tryLink(aside, path);
  await rm(aside, { force: true });
}

function parseHolder(content: string): ProcessIdentity | null {
  try {
    return identity.parse(JSON.parse(content));
  } catch {
    // A power cut can leave an empty file; nobody can hold the folder with it.
    return null;
  }
}

/** The refusal that both our lock and PostgreSQL's own lead to. */
export function inUse(dataDir: string, holder?: { pid: number }): AppError {
  const who = holder ? ` (process ${holder.pid})` : "";
  return new AppError(
    "data_dir_in_use",
    409,
    `Another Reeldesk${who} is using the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
    { dataDir },
  );
}
