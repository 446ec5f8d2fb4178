import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chown, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { POSTGRES_MAJOR, type PostgresBinaries } from "#app/db/embedded-binaries.server.ts";
import { type Launcher, makePrivateFolder } from "#app/db/embedded-launch.server.ts";
import { AppError } from "#app/errors.ts";

/** The superuser of an embedded cluster; ours alone, so it is not called `postgres`. */
export const SUPERUSER = "reeldesk";

type ClusterOptions = {
  /** Leaves out what makes a new cluster survive a power cut. */
  fast: boolean;
  /** Breaks off an initialisation. */
  signal?: AbortSignal | undefined;
};

const PASSWORD_FILE = "reeldesk.password";

/** What `initdb` and `postgres` see of our environment: messages in English, nothing of libpq's settings. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith("PG") && !name.startsWith("LC_") && name !== "LANG" && name !== "NODE_OPTIONS",
  );
  return { ...Object.fromEntries(inherited), LC_ALL: "C" };
}

/**
 * Makes sure that the folder holds a complete cluster of our version, and tells its superuser's password.
 *
 * A new cluster is made beside its place and moved there when it is complete: a folder with the final name is never
 * half-made, and what a killed start left behind is thrown away without touching data.
 *
 * @throws AppError `POSTGRES_WRONG_VERSION`, `POSTGRES_FOLDER_UNKNOWN`, `POSTGRES_INIT_FAILED`
 */
export async function prepareCluster(
  folder: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  options: ClusterOptions,
): Promise<{ password: string }> {
  const inside = await readdir(folder).catch(() => []);
  if (inside.length === 0) await createCluster(folder, binaries, launcher, options);
  else await refuseForeignFolder(folder, inside);
  return { password: await readPassword(folder) };
}

async function refuseForeignFolder(folder: string, inside: readonly string[]): Promise<void> {
  const version = inside.includes("PG_VERSION")
    ? (await readFile(join(folder, "PG_VERSION"), "utf8")).trim()
    : null;
  if (version === POSTGRES_MAJOR) return;
  if (version === null)
    throw new AppError(
      "POSTGRES_FOLDER_UNKNOWN",
      500,
      `The folder ${folder} is not empty and holds no PostgreSQL data. Nothing in it was changed: move it away, or set DATA_DIR to another folder.`,
    );
  throw new AppError(
    "POSTGRES_WRONG_VERSION",
    500,
    `The folder ${folder} holds data of PostgreSQL ${version}; this Reeldesk comes with PostgreSQL ${POSTGRES_MAJOR}. Nothing was changed: start the Reeldesk that made it and take a dump, or set DATA_DIR to another folder.`,
  );
}

async function readPassword(folder: string): Promise<string> {
  try {
    return (await readFile(join(folder, PASSWORD_FILE), "utf8")).trim();
  } catch (cause) {
    throw new AppError(
      "POSTGRES_PASSWORD_MISSING",
      500,
      `The database password ${join(folder, PASSWORD_FILE)} cannot be read. Put it back from a backup, start Reeldesk as the user who owns the folder, or set DATA_DIR to another folder.`,
      undefined,
      { cause },
    );
  }
}

async function createCluster(
  folder: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  options: ClusterOptions,
): Promise<void> {
  await removeLeftovers(folder);
  const draft = `${folder}.unfinished-${randomUUID()}`;
  // The password goes along with the cluster that it opens, so the two cannot be parted. `initdb` wants an empty
  // folder: until it is done the file lies beside it.
  const passwordFile = `${draft}.password`;
  await makePrivateFolder(draft, launcher);
  await writeFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  if (launcher.owner) await chown(passwordFile, launcher.owner.uid, launcher.owner.gid);

  const args = [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // PostgreSQL's own locale: the same order and upper case on every machine, whatever locales it has.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    ...(options.fast ? ["--no-sync"] : []),
  ];
  await runInitdb(binaries.initdb, launcher, args, options.signal);
  await rename(passwordFile, join(draft, PASSWORD_FILE));
  // An empty folder that somebody made gives way to a rename.
  await rename(draft, folder);
}

async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder);
  const leftovers = (await readdir(parent)).filter((name) =>
    name.startsWith(`${basename(folder)}.unfinished-`),
  );
  await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function runInitdb(
  initdb: string,
  launcher: Launcher,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const [file = initdb, ...rest] = [...launcher.prefix, initdb, ...args];
  const child = spawn(file, rest, {
    ...launcher.identity,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: serverEnvironment(),
    ...(signal ? { signal, killSignal: "SIGINT" } : {}),
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, messages] = await Promise.all([exit, text(child.stderr)]);
  if (code !== 0) throw describeFailure("POSTGRES_INIT_FAILED", messages);
}

/** What to do about a PostgreSQL that ended instead of starting, read from its last messages. */
export function describeFailure(code: string, messages: string): AppError {
  const last = messages.trim().split("\n").slice(-4).join(" ").slice(0, 600) || "It said nothing.";
  const advice = messages.includes("No space left on device")
    ? "The disk is full: free some space and start again."
    : messages.includes("Permission denied")
      ? "Its user may not enter or change the data folder: set DATA_DIR to a folder of the user who starts Reeldesk."
      : "Set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL 15 or later of your own.";
  return new AppError(code, 500, `The embedded PostgreSQL did not start. ${advice} Its last words: ${last}`);
}
