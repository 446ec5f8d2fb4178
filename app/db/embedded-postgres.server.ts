import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { findPostgresBinaries, type PostgresBinaries } from "#app/db/embedded-binaries.server.ts";
import {
  describeFailure,
  prepareCluster,
  SUPERUSER,
  serverEnvironment,
} from "#app/db/embedded-cluster.server.ts";
import { isAlive, isServerOf } from "#app/db/embedded-identity.server.ts";
import { chooseLauncher, type Launcher } from "#app/db/embedded-launch.server.ts";
import { type FileLock, takeLock } from "#app/db/embedded-lock.server.ts";
import { AppError } from "#app/errors.ts";

const DATABASE = "reeldesk";
/** A checkpoint of a busy desk takes a second or two; a start after a crash replays up to 1 GB of log. */
const START_TIMEOUT_MS = 120_000;
/** Ctrl-C is promised to be through in 10 s; the processes before PostgreSQL need some of them. */
const FAST_STOP_MS = 6_000;
const TAKEOVER_STOP_MS = 30_000;

export type EmbeddedPostgres = {
  /** `postgres://…` of the database `reeldesk`, with its superuser and password. */
  url: string;
  /** Closes every connection, writes everything down and ends. May be called more than once. */
  stop(): Promise<void>;
  /** Fulfilled when the server has ended, asked or not. */
  exited: Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** The cluster lies in `postgres` under this folder, which is created. */
  dataDir: string;
  /** Each line that PostgreSQL logs. */
  log?: (line: string) => void;
  /** The port to try first; without it, and when it is taken, a free one. */
  port?: number;
  /** Gives up durability for speed. For tests only: a power cut loses the cluster. */
  fast?: boolean;
  /** Breaks off the first start's initialisation, the one step that takes long. The next start does it anew. */
  signal?: AbortSignal;
};

/**
 * Starts the PostgreSQL that came with npm on `dataDir/postgres`, creating the cluster the first time.
 *
 * It listens on 127.0.0.1 alone, on a port that is free now, and asks for a password that only the folder's owner can
 * read. It runs in a session of its own: Ctrl-C reaches us, and we stop it after our connections are closed.
 *
 * @throws AppError `DATA_DIR_IN_USE`, `POSTGRES_BINARIES_MISSING`, `POSTGRES_NOT_RUNNABLE`, `POSTGRES_WRONG_VERSION`,
 *   `POSTGRES_FOLDER_UNKNOWN`, `POSTGRES_INIT_FAILED`, `POSTGRES_START_FAILED`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, fast = false, log = () => {}, signal } = options;
  const folder = join(dataDir, "postgres");
  const binaries = await findPostgresBinaries();
  await mkdir(dataDir, { recursive: true });
  const lock = await lockDataDir(dataDir);
  try {
    const launcher = await chooseLauncher(folder, binaries.initdb);
    const { password } = await prepareCluster(folder, binaries, launcher, { fast, signal });
    await stopForgottenServer(folder, dataDir);
    const server = await launchOnFreePort({ folder, dataDir, binaries, launcher, fast, log }, options.port);
    const stopAtExit = () => void server.child.kill("SIGINT");
    process.once("exit", stopAtExit);
    const exited = ended(server.child).finally(() => {
      process.off("exit", stopAtExit);
      return lock.release();
    });
    const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${server.port}`;
    try {
      await createOwnDatabase(url, server.child);
    } catch (error) {
      await stopServer(server.child);
      throw error;
    }
    const stop = async () => {
      await stopServer(server.child);
      await exited;
    };
    return { url: `${url}/${DATABASE}`, stop, exited };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function lockDataDir(dataDir: string): Promise<FileLock> {
  const lock = await takeLock(join(dataDir, "postgres.lock"));
  if ("holder" in lock) throw inUse(dataDir, lock.holder);
  return lock;
}

/** The refusal that both our lock and PostgreSQL's own lead to. */
function inUse(dataDir: string, holder?: { pid: number }): AppError {
  const who = holder ? ` (process ${holder.pid})` : "";
  return new AppError(
    "DATA_DIR_IN_USE",
    409,
    `Another Reeldesk${who} is using the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
    { dataDir },
  );
}

type Launch = {
  folder: string;
  dataDir: string;
  binaries: PostgresBinaries;
  launcher: Launcher;
  fast: boolean;
  log: (line: string) => void;
};

/** Between finding a free port and using it somebody else may take it, so it is tried again with another one. */
async function launchOnFreePort(
  launch: Launch,
  preferred: number | undefined,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && preferred ? preferred : await findFreePort();
    const { child, messages, ready } = launchServer(launch, port);
    if (await ready) return { child, port };
    const said = messages.join("\n");
    if (said.includes('lock file "postmaster.pid" already exists')) throw inUse(launch.dataDir);
    const portTaken = said.includes("Address already in use");
    // Backends of a killed server live on for a moment and hold its shared memory.
    const stillInUse = said.includes("is still in use");
    if (attempt >= 10 || !(portTaken || stillInUse)) throw describeFailure("POSTGRES_START_FAILED", said);
    if (stillInUse) await delay(500);
  }
}

/** Spawns `postgres`. `ready` is true when it accepts connections, false when it ended instead. */
function launchServer(launch: Launch, port: number) {
  const { folder, binaries, launcher } = launch;
  const [file = binaries.postgres, ...args] = [
    ...launcher.prefix,
    binaries.postgres,
    "-D",
    folder,
    ...settings(port, launch.fast).flatMap((setting) => ["-c", setting]),
  ];
  const child = spawn(file, args, {
    ...launcher.identity,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: serverEnvironment(),
  });
  const messages: string[] = [];
  const ready = new Promise<boolean>((resolve) => {
    child.once("error", (error) => {
      messages.push(error.message);
      resolve(false);
    });
    child.once("close", () => resolve(false));
    const timer = setTimeout(() => child.kill("SIGINT"), START_TIMEOUT_MS);
    timer.unref();
    createInterface({ input: child.stderr }).on("line", (line) => {
      launch.log(line);
      if (messages.push(line) > 40) messages.shift();
      if (!line.includes("database system is ready to accept connections")) return;
      clearTimeout(timer);
      resolve(true);
    });
  });
  return { child, messages, ready };
}

/** Given anew at each start, so that an upgrade of Reeldesk brings its settings to old data too. */
function settings(port: number, fast: boolean): string[] {
  return [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    // No sockets: their paths may have 107 bytes at most, and a data folder's path is often longer.
    "unix_socket_directories=",
    "max_connections=100",
    "shared_buffers=128MB",
    "max_wal_size=1GB",
    "timezone=UTC",
    "log_timezone=UTC",
    // Details and statements would bring titles and file names into the log.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    ...(fast
      ? [
          "fsync=off",
          "synchronous_commit=off",
          "full_page_writes=off",
          "wal_level=minimal",
          "max_wal_senders=0",
        ]
      : []),
  ];
}

/**
 * Stops a server that a killed Reeldesk left on our folder. We hold the lock, so nobody is using it; a pid file that
 * names a process which is something else is removed, as PostgreSQL would take that process for a living server.
 */
async function stopForgottenServer(folder: string, dataDir: string): Promise<void> {
  const pidFile = join(folder, "postmaster.pid");
  const pid = Number.parseInt((await readFile(pidFile, "utf8").catch(() => "")).split("\n")[0] ?? "", 10);
  // A file that names a dead process stays: PostgreSQL reads from it whether old backends still hold shared memory.
  if (!(pid > 0) || !isAlive(pid)) return;
  if (!(await isServerOf(pid, folder))) return rm(pidFile, { force: true });
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    process.kill(pid, signal);
    const deadline = performance.now() + TAKEOVER_STOP_MS;
    while (performance.now() < deadline) {
      if (!(await isServerOf(pid, folder).catch(() => false))) return;
      await delay(50);
    }
  }
  throw inUse(dataDir, { pid });
}

/** Fast shutdown; if that takes too long an immediate one, after which the next start replays the log. */
async function stopServer(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const end = ended(child);
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGQUIT"), FAST_STOP_MS);
  await end;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, "exit");
}

async function createOwnDatabase(serverUrl: string, child: ChildProcess): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  // A server that dies under this connection is reported by what follows, not by an unhandled event.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (cause) {
    const state = hasEnded(child) ? "ended right after its start" : "refuses our connection";
    throw new AppError(
      "POSTGRES_START_FAILED",
      500,
      `The embedded PostgreSQL ${state}: ${cause instanceof Error ? cause.message : String(cause)}. Set DATA_DIR to another folder, or DATABASE_URL.`,
      undefined,
      { cause },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("A TCP server has no port");
  return address.port;
}
