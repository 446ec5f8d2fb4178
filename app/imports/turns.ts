/**
 * Lets so many pieces of work run at once in this process; the others wait, first come first served. For what holds a
 * database connection for long, so that pages still find one in the pool.
 */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param atOnce 1 or more */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Waits for a turn. The returned function ends it; calling it again does nothing. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      // Handed on rather than given back, so that nobody overtakes those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }

  /** Runs `work` in a turn of its own. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const end = await this.take();
    try {
      return await work();
    } finally {
      end();
    }
  }
}

/**
 * Taking a file in holds a connection from its first row to its last. As many as there are parse threads: one that waited
 * for a thread inside its transaction would be ended by PostgreSQL after a minute.
 */
export const intakeTurns = new Turns(2);

/** So does a download, for as long as the other side takes to read it. */
export const downloadTurns = new Turns(3);
