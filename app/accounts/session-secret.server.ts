import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#app/config.server.ts";

/**
 * The secret that signs session cookies: `SESSION_SECRET`, or outside production one that is made once and kept in
 * `DATA_DIR/session-secret`, readable by this user alone. Processes that start at once agree on one.
 *
 * @throws Error when it is neither set nor can be read or written
 */
export function sessionSecret(config: Pick<Config, "SESSION_SECRET" | "DATA_DIR" | "NODE_ENV">): string {
  if (config.SESSION_SECRET) return config.SESSION_SECRET;
  if (config.NODE_ENV === "production")
    throw new Error("SESSION_SECRET is required when NODE_ENV=production");
  const path = join(config.DATA_DIR, "session-secret");
  const secret = known.get(path) ?? read(path) ?? create(config.DATA_DIR, path);
  known.set(path, secret);
  return secret;
}

/** By path: every request asks. */
const known = new Map<string, string>();

function read(path: string): string | undefined {
  try {
    const secret = readFileSync(path, "utf8").trim();
    return secret.length >= 32 ? secret : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function create(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true });
  // Written aside and linked into place: whoever sees the file sees all of it, and of several only one link succeeds.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = read(path);
  if (!secret)
    throw new Error(`${path} holds no secret of 32 characters or more. Delete it, then start again.`);
  return secret;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
