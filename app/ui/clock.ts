import { useSyncExternalStore } from "react";

const SECOND = 1_000;

let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function currentSecond(): number {
  return Math.floor(Date.now() / SECOND) * SECOND;
}

function tick(): void {
  // Nobody reads a hidden tab; the first tick after it is shown again sets everything right.
  if (document.hidden) return;
  now = currentSecond();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = currentSecond();
  timer ??= setInterval(tick, SECOND);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function snapshot(): number {
  if (now === 0) now = currentSecond();
  return now;
}

/**
 * The present in milliseconds since 1970, to the second. Every reader of a page shares one timer. The server and the browser
 * read their own clocks, so what is rendered from it needs `suppressHydrationWarning`.
 */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot, currentSecond);
}
