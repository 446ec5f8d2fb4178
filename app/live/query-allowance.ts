export interface AllowanceOptions {
  /** Statements that may be sent in a second, on average. */
  perSecond: number;
  /** Statements that may be sent at once after a rest. */
  most: number;
  /** Statements that may be owed: what is spent beyond them is forgiven, so that nobody waits for ever. */
  mostOwed: number;
  /** Milliseconds on a steady clock. */
  now: () => number;
}

/** How many statements may be sent: refilled steadily, spent as they are sent, owed when more were sent than there was room for. */
export class QueryAllowance {
  readonly #options: AllowanceOptions;
  #left: number;
  #at: number;

  constructor(options: AllowanceOptions) {
    this.#options = options;
    this.#left = options.most;
    this.#at = options.now();
  }

  spend(statements: number): void {
    this.#refill();
    this.#left = Math.max(this.#left - statements, -this.#options.mostOwed);
  }

  /** Milliseconds until one more statement may be sent; 0: now. */
  waitMs(): number {
    this.#refill();
    return this.#left >= 1 ? 0 : Math.ceil(((1 - this.#left) / this.#options.perSecond) * 1_000);
  }

  #refill(): void {
    const now = this.#options.now();
    const { perSecond, most } = this.#options;
    this.#left = Math.min(this.#left + ((now - this.#at) / 1_000) * perSecond, most);
    this.#at = now;
  }
}
