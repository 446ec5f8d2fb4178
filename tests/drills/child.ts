import { spawn } from "node:child_process";
import { once } from "node:events";
import { pollUntil } from "#tests/drills/poll-until.ts";

export interface Child {
  pid: number;
  /** Sends a signal and waits for the end. @returns exit code (null when a signal ended it) and milliseconds until then */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
  hasEnded(): boolean;
  /** Says something to it over the channel. */
  send(message: string): void;
  /** Messages over the channel, as they came. */
  messages: unknown[];
  /** The last lines of its output: what a failed drill shows. */
  output(): string;
}

const LINES_KEPT = 60;

/**
 * Starts a real process of this project under our own Node. It has a channel to us, so that it ends by itself when we are
 * killed in the middle of a drill.
 *
 * @param args the script and its arguments, from the project root
 * @param env everything that it sees; nothing of our own environment but the path
 */
export function startChild(args: string[], env: Record<string, string>): Child {
  const inherited = Object.fromEntries(
    ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const child = spawn(process.execPath, args, {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const messages: unknown[] = [];
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString("utf8").split("\n").filter(Boolean));
    lines.splice(0, lines.length - LINES_KEPT);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("message", (message) => messages.push(message));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    messages,
    hasEnded,
    send: (message) => void child.send(message),
    output: () => lines.join("\n"),
    async end(signal) {
      const started = performance.now();
      if (!hasEnded()) {
        child.kill(signal);
        await once(child, "exit");
      }
      return { code: child.exitCode, ms: performance.now() - started };
    },
  };
}

/** Waits for a message that `pick` recognises. @throws Error with the child's last words when it ends instead */
export async function messageOf<T>(
  child: Child,
  pick: (message: unknown) => T | undefined,
  timeoutMs = 60_000,
): Promise<T> {
  return pollUntil(
    "the child's message",
    async () => {
      for (const message of child.messages) {
        const picked = pick(message);
        if (picked !== undefined) return picked;
      }
      if (child.hasEnded()) throw new Error(`The child ended: ${child.output()}`);
      return null;
    },
    timeoutMs,
  );
}
