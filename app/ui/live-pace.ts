export interface PaceOptions {
  /** Milliseconds between two runs, at least. */
  interval: number;
  /** Whether something is under way that a run must not disturb. Call `attempt` when it no longer is. */
  busy: () => boolean;
  run: () => Promise<unknown>;
  /** Milliseconds on any steady clock. */
  now: () => number;
  /** Calls back after so many milliseconds; returns what calls it off. */
  schedule: (callback: () => void, ms: number) => () => void;
}

/**
 * Turns any number of "something changed" into few runs: the first at once, the next not before `interval` has passed, never two
 * at a time, and always one more after the last change.
 */
export class Pace {
  private readonly options: PaceOptions;
  private wanted = false;
  private running = false;
  private last = Number.NEGATIVE_INFINITY;
  private callOff: (() => void) | null = null;

  constructor(options: PaceOptions) {
    this.options = options;
  }

  /** Something changed: run as soon as that is allowed. */
  request(): void {
    this.wanted = true;
    this.attempt();
  }

  /** Runs if a run is wanted and allowed now; otherwise waits for its time. */
  attempt(): void {
    if (!this.wanted || this.running || this.callOff || this.options.busy()) return;
    const wait = this.last + this.options.interval - this.options.now();
    if (wait > 0) {
      this.callOff = this.options.schedule(() => {
        this.callOff = null;
        this.attempt();
      }, wait);
      return;
    }
    this.start();
  }

  /** Forgets what was wanted. */
  stop(): void {
    this.wanted = false;
    this.callOff?.();
    this.callOff = null;
  }

  private start(): void {
    this.wanted = false;
    this.running = true;
    this.last = this.options.now();
    const settled = () => {
      this.running = false;
      this.attempt();
    };
    this.options.run().then(settled, settled);
  }
}
