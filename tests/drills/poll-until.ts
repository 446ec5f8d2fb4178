import { setTimeout as delay } from "node:timers/promises";

const EVERY_MS = 50;

/**
 * Waits for something that another process brings about, by looking at it.
 *
 * @param what for the message when it does not come: "the import is finished"
 * @param look gives what is waited for, or null or false while it is not there
 * @throws Error when it has not come within `timeoutMs`: a deadline, not a measurement
 */
export async function pollUntil<T>(
  what: string,
  look: () => Promise<T | null | false>,
  timeoutMs: number,
  everyMs: number = EVERY_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain until ${what}`);
    await delay(everyMs);
  }
}
