import { execFile } from "node:child_process";
import { chown, mkdir, readFile, stat } from "node:fs/promises";
import { platform } from "node:os";
import { promisify } from "node:util";
import { AppError } from "#app/errors.ts";

const run = promisify(execFile);

/** Who runs PostgreSQL, and how a command line has to be wrapped and spawned for that. */
export type Launcher = {
  /** What goes before the executable. */
  prefix: readonly string[];
  /** For `spawn`: set only where no wrapper changes the user. */
  identity: { uid?: number; gid?: number };
  /** The owner that PostgreSQL's files must have, or `null` when we are that user ourselves. */
  owner: { uid: number; gid: number } | null;
};

const DAC_OVERRIDE = 1n;
const DAC_READ_SEARCH = 2n;

/**
 * Decides how to run PostgreSQL, which refuses to run as root.
 *
 * As root it runs as the owner of the folder if that is another user, else as the user `postgres`, created when missing.
 * That user often may not enter the folder that the project lies in (`mktemp -d`, `/root`), so it keeps one capability
 * of root's: to pass through folders. `setpriv` (util-linux) hands it over; where that does not work, the user is just
 * changed, which does for folders that everybody may enter.
 *
 * `setpriv` also has the kernel stop PostgreSQL cleanly when this process dies by SIGKILL, root or not.
 *
 * @param folder the data folder, existing or not yet
 * @param initdb the executable that has to be able to run, and to find the others beside it
 * @throws AppError `POSTGRES_NOT_RUNNABLE`, `POSTGRES_USER_MISSING`
 */
export async function chooseLauncher(folder: string, initdb: string): Promise<Launcher> {
  const owner = process.getuid?.() === 0 ? ((await foreignOwner(folder)) ?? (await postgresUser())) : null;
  const direct: Launcher = { prefix: [], identity: owner ?? {}, owner };
  const candidates = [...(await setprivLauncher(owner)), direct];
  let reason: unknown;
  for (const candidate of candidates) {
    // Shows its settings and ends, after it has looked for `postgres` and its own files.
    const trial = ["--show", "--no-locale", "--username=trial", "--pgdata=trial"];
    const [file = initdb, ...args] = [...candidate.prefix, initdb, ...trial];
    try {
      await run(file, args, candidate.identity);
      return candidate;
    } catch (error) {
      reason = error;
    }
  }
  throw new AppError(
    "POSTGRES_NOT_RUNNABLE",
    500,
    `The embedded PostgreSQL cannot be run from ${initdb}${owner ? ` by the user with id ${owner.uid} (PostgreSQL refuses to run as root)` : ""}. Move the project to a folder that this user may enter, start Reeldesk as an ordinary user, or set DATABASE_URL.`,
    undefined,
    { cause: reason },
  );
}

async function setprivLauncher(owner: Launcher["owner"]): Promise<Launcher[]> {
  if (platform() !== "linux" || !(await hasSetpriv())) return [];
  if (!owner) return [{ prefix: ["setpriv", "--pdeathsig=INT"], identity: {}, owner }];
  const capability = await folderCapability();
  const kept = capability ? `-all,+${capability}` : "-all";
  const user = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
  const rights = [
    `--inh-caps=${kept}`,
    `--ambient-caps=${kept}`,
    // `access()`, with which PostgreSQL looks at its own files, ignores the capabilities of a user without this.
    "--securebits=+no_setuid_fixup",
    "--no-new-privs",
  ];
  return [{ prefix: ["setpriv", ...user, ...rights, "--pdeathsig=INT"], identity: {}, owner }];
}

/** Creates a folder that only PostgreSQL's user can read, which PostgreSQL insists on. */
export async function makePrivateFolder(path: string, launcher: Launcher): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (launcher.owner) await chown(path, launcher.owner.uid, launcher.owner.gid);
}

async function hasSetpriv(): Promise<boolean> {
  try {
    // BusyBox has a `setpriv` that knows none of the options used here.
    const { stdout } = await run("setpriv", ["--help"]);
    return stdout.includes("--pdeathsig") && stdout.includes("--ambient-caps");
  } catch {
    return false;
  }
}

/**
 * The smaller of root's two capabilities that let one pass through any folder. Docker grants only the bigger one; a
 * container that was stripped of both grants none.
 */
async function folderCapability(): Promise<"dac_read_search" | "dac_override" | null> {
  const status = await readFile("/proc/self/status", "utf8");
  const permitted = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  if (permitted & (1n << DAC_READ_SEARCH)) return "dac_read_search";
  if (permitted & (1n << DAC_OVERRIDE)) return "dac_override";
  return null;
}

async function foreignOwner(folder: string): Promise<{ uid: number; gid: number } | null> {
  const found = await stat(folder).catch(() => null);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : null;
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const existing = await lookUp("postgres");
  if (existing) return existing;
  const created = await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]).then(
    () => null,
    (error: unknown) => error,
  );
  // macOS has `_postgres`; `nobody` is left where the list of users cannot be written.
  const user = (await lookUp("postgres")) ?? (await lookUp("_postgres")) ?? (await lookUp("nobody"));
  if (user) return user;
  throw new AppError(
    "POSTGRES_USER_MISSING",
    500,
    "PostgreSQL does not run as root, and no user for it could be created. Start Reeldesk as an ordinary user, create a user named postgres, or set DATABASE_URL.",
    undefined,
    { cause: created },
  );
}

async function lookUp(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}
