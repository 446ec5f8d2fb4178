import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { EXIT_UNUSABLE } from "#scripts/exit.ts";

/** A web process tells its parent where it listens. */
export const listening = z.object({ listening: z.url() });

/** 9 s of the 10 that Ctrl-C may take; PostgreSQL needs the rest. */
const STOP_MS = 9_000;
const FIRST_RESTART_MS = 1_000;
const SLOWEST_RESTART_MS = 30_000;
/** A process that has lived this long was healthy, and its next restart is quick again. */
const HEALTHY_MS = 60_000;

export type ChildOptions = {
  /** What people see in messages: `web`, `worker`. */
  name: string;
  /** Node's arguments: the script and its own. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Where its standard output goes; standard error is shared. */
  output: "stdout" | "stderr";
  /** Messages over the channel. */
  onMessage?: (message: unknown) => void;
};

export type SupervisedChild = {
  /** Ends the child within 9 s. */
  stop(): Promise<void>;
  /** Ends the child now. */
  kill(): void;
  /** Fulfilled when the child says that starting it again is of no use. */
  unusable: Promise<void>;
};

/**
 * Keeps one Node process running: when it ends unasked it is started again, after a delay that doubles up to 30 s.
 *
 * The child runs in a session of its own, so that Ctrl-C reaches us alone and things stop in order; when we are killed
 * it notices by its channel and ends by itself.
 */
export function superviseChild(options: ChildOptions): SupervisedChild {
  const stopping = new AbortController();
  const { promise: unusable, resolve: giveUp } = Promise.withResolvers<void>();
  let current: ChildProcess | undefined;

  const keepRunning = async () => {
    let restartDelay = FIRST_RESTART_MS;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      current = spawnChild(options);
      const [code, signal] = await exitOf(current);
      if (stopping.signal.aborted) return;
      if (code === EXIT_UNUSABLE) return giveUp();
      if (performance.now() - startedAt > HEALTHY_MS) restartDelay = FIRST_RESTART_MS;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      process.stderr.write(`The ${options.name} ${how}. It is started again in ${restartDelay / 1_000} s.\n`);
      await delay(restartDelay, undefined, { signal: stopping.signal }).catch(() => {});
      restartDelay = Math.min(restartDelay * 2, SLOWEST_RESTART_MS);
    }
  };
  const done = keepRunning();

  return {
    unusable,
    kill: () => void current?.kill("SIGKILL"),
    async stop() {
      stopping.abort();
      current?.kill("SIGTERM");
      const timer = setTimeout(() => {
        process.stderr.write(`The ${options.name} did not end within ${STOP_MS / 1_000} s and is killed.\n`);
        current?.kill("SIGKILL");
      }, STOP_MS);
      await done;
      clearTimeout(timer);
    },
  };
}

/**
 * V8 of Node 24 keeps account of its code pages where the processor has protection keys, and ends the process when the account is
 * out (`Check failed: jit_page.has_value()`, seen in a test; nodejs/node#64500): docs/decisions/026.
 */
const V8_FLAGS = ["--no-memory-protection-keys"];

function spawnChild(options: ChildOptions): ChildProcess {
  const child = spawn(process.execPath, [...V8_FLAGS, ...options.args], {
    env: options.env,
    detached: true,
    stdio: ["ignore", options.output === "stdout" ? "inherit" : 2, "inherit", "ipc"],
  });
  if (options.onMessage) child.on("message", options.onMessage);
  return child;
}

/**
 * Runs a command to its end with our own standard streams. Resolves to its exit code, 1 when a signal ended it.
 *
 * @param options.signal ends the command
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<number> {
  const child = spawn(command, args, { env: options.env ?? process.env, stdio: "inherit" });
  const end = () => void child.kill("SIGTERM");
  options.signal?.addEventListener("abort", end, { once: true });
  const [code] = await exitOf(child);
  options.signal?.removeEventListener("abort", end);
  return code ?? 1;
}

async function exitOf(child: ChildProcess): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
  await once(child, "exit");
  return [child.exitCode, child.signalCode];
}
