import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPostgresBinaries } from "#app/db/embedded-binaries.server.ts";
import { isAlive } from "#app/db/embedded-identity.server.ts";
import { chooseLauncher } from "#app/db/embedded-launch.server.ts";
import { startEmbeddedPostgres } from "#app/db/embedded-postgres.server.ts";
import { onServer } from "#tests/setup/global.ts";

// A folder made by mkdtemp has mode 0700: run as root, this is the folder that PostgreSQL's user may not enter.
let dataDir: string;
const opened: { stop(): Promise<void> }[] = [];
const spawned: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "reeldesk-embedded-"));
});

afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
  for (const child of spawned.splice(0)) await endChild(child, "SIGKILL");
  // The server of a killed process ends by itself a moment later, and writes into its folder until then.
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(log?: (line: string) => void) {
  const server = await startEmbeddedPostgres({ dataDir, fast: true, ...(log ? { log } : {}) });
  opened.push(server);
  return server;
}

/** Starts it in another Node process, as `npm start` does. */
async function startElsewhere(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, "embedded-child.ts"), [dataDir], { stdio: "inherit" });
  spawned.push(child);
  const [message] = await once(child, "message");
  return { child, url: (message as { url: string }).url };
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, "exit");
  child.kill(signal);
  await end;
}

const postmasterPid = async () =>
  Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);

describe("embedded PostgreSQL", () => {
  it("starts in a folder that only its owner may enter, speaks UTF-8 and UTC, and asks for a password", async () => {
    const { url } = await start();
    const [row] = await onServer<Record<string, string>>(
      url,
      `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
              current_setting('TimeZone') as zone, current_setting('listen_addresses') as host, upper('é') as upper,
              current_setting('unix_socket_directories') as sockets`,
    );
    expect(row).toMatchObject({ encoding: "UTF8", zone: "UTC", host: "127.0.0.1", upper: "É", sockets: "" });
    expect(Number(row?.version)).toBeGreaterThanOrEqual(180_000);

    const withoutPassword = new URL(url);
    withoutPassword.password = "guess";
    await expect(onServer(withoutPassword.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(dataDir, "postgres"))).mode & 0o077).toBe(0);
    expect((await stat(join(dataDir, "postgres/reeldesk.password"))).mode & 0o077).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)("runs as root from a folder that only root may enter", async () => {
    const { initdb } = await findPostgresBinaries();
    // On the file system of the binaries, so that links will do for copies.
    const closed = await mkdtemp(join("node_modules", ".closed-"));
    try {
      const native = join(closed, "native");
      await promisify(execFile)("cp", ["--archive", "--link", join(initdb, "../.."), native]);
      const launcher = await chooseLauncher(join(dataDir, "postgres"), resolve(native, "bin/initdb"));
      expect(launcher.owner?.uid).toBeGreaterThan(0);
    } finally {
      await rm(closed, { recursive: true, force: true });
    }
  });

  it("finds its data again at the second start, and stops more than once without complaint", async () => {
    const first = await start();
    await onServer(first.url, "create table kept as select 42 as answer");
    await first.stop();
    await first.stop();
    const second = await start();
    expect(await onServer(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("takes the port it is asked for, and another one when that is taken", async () => {
    const holder = await start();
    const port = Number(new URL(holder.url).port);
    const elsewhere = await mkdtemp(join(tmpdir(), "reeldesk-embedded-"));
    try {
      const other = await startEmbeddedPostgres({ dataDir: elsewhere, fast: true, port });
      await other.stop();
      expect(Number(new URL(other.url).port)).not.toBe(port);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
    await holder.stop();
    const again = await startEmbeddedPostgres({ dataDir, fast: true, port });
    opened.push(again);
    expect(Number(new URL(again.url).port)).toBe(port);
  });

  it("refuses a second start on the same folder while the first lives, and leaves the first alone", async () => {
    const { url } = await startElsewhere();
    await expect(start()).rejects.toMatchObject({ code: "DATA_DIR_IN_USE" });
    expect(await onServer(url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("lets exactly one of several simultaneous starts have the folder", async () => {
    await (await start()).stop();
    // What a killed process left: all of them see it as stale at once.
    await writeFile(
      join(dataDir, "postgres.lock"),
      JSON.stringify({ pid: process.pid, startedAt: "long ago" }),
    );
    const outcomes = await Promise.allSettled([start(), start(), start(), start()]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "DATA_DIR_IN_USE" });
  });

  it("starts again after its Node process was killed", async () => {
    const { child, url } = await startElsewhere();
    await onServer(url, "create table kept as select 42 as answer");
    await endChild(child, "SIGKILL");
    const { url: again } = await start();
    expect(await onServer(again, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("stops a server that a killed Reeldesk left running on the folder", async () => {
    await (await start()).stop();
    const folder = join(dataDir, "postgres");
    const { initdb, postgres } = await findPostgresBinaries();
    const launcher = await chooseLauncher(folder, initdb);
    // Without the wish to end with its parent: what is left over where there is no `setpriv`.
    const wrapper = launcher.prefix.filter((argument) => !argument.startsWith("--pdeathsig"));
    const address = ["-c", "listen_addresses=127.0.0.1", "-c", `port=${await getPort()}`, "-k", ""];
    const [file = postgres, ...args] = [...wrapper, postgres, "-D", folder, ...address];
    const orphan = spawn(file, args, {
      ...launcher.identity,
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    spawned.push(orphan);
    await new Promise<void>((resolve) => {
      orphan.stderr?.on("data", (chunk) => String(chunk).includes("ready to accept") && resolve());
    });
    const end = once(orphan, "exit");
    const { url } = await start();
    await end;
    expect(orphan.exitCode).toBe(0);
    expect(await onServer(url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is not held up by a pid file whose pid now belongs to another process", async () => {
    await (await start()).stop();
    const pidFile = join(dataDir, "postgres/postmaster.pid");
    await writeFile(pidFile, `${process.pid}\n${join(dataDir, "postgres")}\n1700000000\n5432\n\n127.0.0.1\n`);
    const { url } = await start();
    expect(await onServer(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(await postmasterPid()).not.toBe(process.pid);
    expect(isAlive(process.pid)).toBe(true);
  });

  it("is not held up by the pid file of a process that is gone, nor by an empty lock file", async () => {
    const { child, url } = await startElsewhere();
    await onServer(url, "create table kept as select 42 as answer");
    // A power cut: the server does not get to clean up either.
    const pid = await postmasterPid();
    process.kill(pid, "SIGKILL");
    await endChild(child, "SIGKILL");
    await writeFile(join(dataDir, "postgres.lock"), "");
    const { url: again } = await start();
    expect(await onServer(again, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("initialises anew after an initialisation that was cut off, and clears what it left", async () => {
    const unfinished = join(dataDir, "postgres.unfinished-1");
    await mkdir(unfinished);
    await writeFile(join(unfinished, "PG_VERSION"), "18\n");
    const { url } = await start();
    expect(await onServer(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual(["postgres", "postgres.lock"]);
  });

  it("breaks an initialisation off when it is told to, and does it anew at the next start", async () => {
    await expect(
      startEmbeddedPostgres({ dataDir, fast: true, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: "AbortError" });
    const { url } = await start();
    expect(await onServer(url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("refuses data of another major version, and folders that are not its own, without touching them", async () => {
    const folder = join(dataDir, "postgres");
    await mkdir(folder);
    await writeFile(join(folder, "holiday.jpg"), "x");
    await expect(start()).rejects.toMatchObject({ code: "POSTGRES_FOLDER_UNKNOWN" });
    await writeFile(join(folder, "PG_VERSION"), "15\n");
    await expect(start()).rejects.toMatchObject({
      code: "POSTGRES_WRONG_VERSION",
      userMessage: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 18/),
    });
    expect((await readdir(folder)).sort()).toEqual(["PG_VERSION", "holiday.jpg"]);
    // A refused start gives the folder back.
    expect(await readdir(dataDir)).toEqual(["postgres"]);
  });

  it("says what is wrong when the server cannot start", async () => {
    await (await start()).stop();
    await rm(join(dataDir, "postgres/global"), { recursive: true });
    await expect(start()).rejects.toMatchObject({
      code: "POSTGRES_START_FAILED",
      userMessage: expect.stringContaining("DATA_DIR"),
    });
  });

  it("logs no values of rows", async () => {
    const lines: string[] = [];
    const { url } = await start((line) => lines.push(line));
    await onServer(url, "create table films (title text primary key)");
    await onServer(url, "insert into films values ('A secret title')");
    await expect(onServer(url, "insert into films values ('A secret title')")).rejects.toThrow();
    expect(lines.join("\n")).toContain("duplicate key");
    expect(lines.join("\n")).not.toContain("A secret title");
  });
});
