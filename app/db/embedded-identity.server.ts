import { execFile } from "node:child_process";
import { readFile, readlink, realpath } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * A process, told apart from a later one with the same pid. `startedAt` is whatever the system calls the moment it
 * started: clock ticks since this boot on Linux, a date on macOS, "unknown" where neither can be read.
 */
export type ProcessIdentity = { pid: number; startedAt: string };

/** Whether a process with this pid is there, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The identity of a process that is running now, or `null` when there is none with that pid. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  if (!isAlive(pid)) return null;
  return { pid, startedAt: (await linuxStart(pid)) ?? (await psField(pid, "lstart=")) ?? "unknown" };
}

/** Whether exactly this process, and not a later one with its pid, is still running. */
export async function isStillRunning(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== null && now.startedAt === identity.startedAt;
}

/** Whether the process is a PostgreSQL server on that data folder: a postmaster works inside its folder and names it. */
export async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const folder = await realpath(dataFolder);
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (cwd !== null) return cwd === folder;
  const command =
    (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null))?.replaceAll("\0", " ") ??
    (await psField(pid, "command=")) ??
    "";
  return command.includes("postgres") && (command.includes(folder) || command.includes(dataFolder));
}

async function linuxStart(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8").catch(() => null),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
  ]);
  // The second field is the program's name in brackets and may hold spaces and brackets itself; start time is the 22nd.
  const ticks = stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .at(19);
  return ticks ? `${boot.trim()}/${ticks}` : null;
}

async function psField(pid: number, field: string): Promise<string | null> {
  try {
    const { stdout } = await run("ps", ["-o", field, "-p", String(pid)], {
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    });
    return stdout.trim() || null;
  } catch {
    // `ps` says "no such process" by its exit code, and slim containers have no `ps` at all.
    return null;
  }
}
