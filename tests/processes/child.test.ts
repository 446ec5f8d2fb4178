import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAlive } from "#app/db/embedded-identity.server.ts";
import { type SupervisedChild, superviseChild } from "#scripts/child.ts";
import { EXIT_UNUSABLE } from "#scripts/exit.ts";

let folder: string;
let log: string;
const children: SupervisedChild[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reeldesk-child-"));
  log = join(folder, "log");
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Supervises a child; `running` is fulfilled with the pid of the first one that did not end at once. */
function supervise(...args: string[]) {
  const { promise: running, resolve } = Promise.withResolvers<number>();
  const child = superviseChild({
    name: "child",
    args: [join(import.meta.dirname, "supervised-child.ts"), log, ...args],
    env: process.env,
    output: "stderr",
    onMessage: (message) => resolve((message as { running: number }).running),
  });
  children.push(child);
  return { child, running };
}

const lines = async () => (await readFile(log, "utf8")).trim().split("\n");

describe("a supervised process", () => {
  it("is started again when it ends unasked", async () => {
    const { running } = supervise("1");
    const pid = await running;
    const [first, second] = await lines();
    expect(second).toBe(String(pid));
    expect(first).not.toBe(second);
  });

  it("is started again when it is killed", async () => {
    const { running } = supervise();
    process.kill(await running, "SIGKILL");
    await vi.waitUntil(async () => (await lines()).length === 2, 20_000);
  });

  it("is not started again when that is of no use", async () => {
    const { child } = supervise(String(EXIT_UNUSABLE));
    await child.unusable;
    expect(await lines()).toHaveLength(1);
  });

  it("ends in order when it is stopped, and stays ended", async () => {
    const { child, running } = supervise();
    const pid = await running;
    await child.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await lines()).toEqual([String(pid), "stopped"]);
  });

  it("ends in order when its supervisor is killed", async () => {
    const supervisor = fork(join(import.meta.dirname, "supervisor.ts"), [log], { stdio: "inherit" });
    const [message] = await once(supervisor, "message");
    const { running: pid } = message as { running: number };
    supervisor.kill("SIGKILL");
    await vi.waitUntil(() => !isAlive(pid), 20_000);
    expect(await lines()).toEqual([String(pid), "stopped"]);
  });
});
