/**
 * The wish that this process ends: SIGTERM, SIGINT, SIGHUP, or the death of the parent that spawned it with a channel.
 *
 * Ctrl-C under npm arrives twice, from the terminal and from npm, so only a repetition after `IMPATIENT_MS` counts as
 * impatience.
 */
export type StopSignal = {
  /** Aborted at the first signal. */
  signal: AbortSignal;
  /** Fulfilled at the first signal. */
  received: Promise<void>;
  /** Called when the user insists. */
  onImpatience(listener: () => void): void;
};

const IMPATIENT_MS = 1_500;

/** Listens from now on; without it a signal would end the process at once. Call it first, and once per process. */
export function listenForStop(): StopSignal {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const impatient: (() => void)[] = [];
  let firstAt = 0;
  const stop = () => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort();
      resolve();
    } else if (performance.now() - firstAt > IMPATIENT_MS) {
      for (const listener of impatient) listener();
    }
  };
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, stop);
  if (process.channel) {
    process.on("disconnect", stop);
    // The channel is there to tell of the parent's death; it must not keep an idle process alive.
    process.channel.unref();
  }
  return {
    signal: controller.signal,
    received: promise,
    onImpatience: (listener) => void impatient.push(listener),
  };
}
