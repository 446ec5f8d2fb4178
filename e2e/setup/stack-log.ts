import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * What web, worker and database print. It goes to a file: jobs that fail on purpose say so at length, and would bury what the
 * tests have to say.
 */
export const STACK_LOG = join(import.meta.dirname, "../../test-results/stack.log");

/** Bytes that are there by now; 0 without a log. */
export async function stackLogSize(): Promise<number> {
  return (await stat(STACK_LOG).catch(() => null))?.size ?? 0;
}

/** What was printed from so many bytes on. */
export async function stackLogSince(size: number): Promise<Buffer> {
  return (await readFile(STACK_LOG).catch(() => Buffer.alloc(0))).subarray(size);
}

/** Opens the log anew, for the stack to write to. */
export const openStackLog = () => open(STACK_LOG, "w");
