export type RateLimit = { requests: number; perMs: number };

export type Admission =
  | { admitted: true }
  | {
      admitted: false;
      /** Requests in the window, this one included. */
      count: number;
      retryAfterMs: number;
    };

/**
 * A strict sliding-window log: of the times of admitted requests, no window of `perMs` ever holds more than
 * `requests`. Unlike buckets and fixed windows it lets no burst through at an edge, so that what passes here
 * passes any real limiter. Refused requests are not counted against the caller.
 */
export class SlidingWindowLog {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #admittedAt: number[] = [];

  constructor(limit: RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  admit(): Admission {
    const now = this.#now();
    while (this.#admittedAt.length > 0 && now - (this.#admittedAt[0] ?? now) >= this.#limit.perMs) {
      this.#admittedAt.shift();
    }
    const oldest = this.#admittedAt[0];
    if (oldest !== undefined && this.#admittedAt.length >= this.#limit.requests) {
      return {
        admitted: false,
        count: this.#admittedAt.length + 1,
        retryAfterMs: oldest + this.#limit.perMs - now,
      };
    }
    this.#admittedAt.push(now);
    return { admitted: true };
  }
}
