import { withQueryCount } from "#app/db/query-count.server.ts";

/** An answer may always be this old: five tabs that were told "changed" at once ask within a second. */
const LEAST_AGE_MS = 2_000;
/** However many pages are open, nobody who comes to one is shown anything older. */
const MOST_AGE_MS = 10_000;
/** Keys asked within this time count as being on somebody's screen. */
const LATELY_MS = 30_000;
const MOST_KEYS = 300;
/** Statements a second that all shared reads of a process may cost; what watches for changes takes the rest of the one. */
export const SHARED_QUERIES_PER_SECOND = 0.5;

export interface SharedReadsOptions {
  /** Milliseconds on a steady clock. */
  now: () => number;
  queriesPerSecond: number;
  mostKeys: number;
}

interface Answer {
  promise: Promise<unknown>;
  /** When the read began: what happened later it may not have seen. */
  readAt: number;
  askedAt: number;
  /** Statements it took; 1 while it is under way. */
  cost: number;
}

/**
 * What several viewers ask within a short time is read once: equal keys share the read that is under way, and for a while its
 * answer. The while is 2 s, and longer (10 s at most) the more the keys asked lately cost together.
 */
export class SharedReads {
  readonly #options: SharedReadsOptions;
  readonly #answers = new Map<string, Answer>();
  #spent = 0;

  constructor(options: SharedReadsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** As `sharedRead`. */
  read<T>(key: string, read: () => Promise<T>): Promise<T> {
    const now = this.#options.now();
    const known = this.#answers.get(key);
    if (known && now - known.readAt < this.ageMs()) {
      known.askedAt = now;
      return known.promise as Promise<T>;
    }
    return this.#begin(key, read, now);
  }

  /** No answer so far counts any more, those still under way included. */
  forget(): void {
    this.#answers.clear();
  }

  /** How old an answer may be now, in milliseconds. */
  ageMs(): number {
    const now = this.#options.now();
    let cost = 0;
    for (const answer of this.#answers.values()) if (now - answer.askedAt < LATELY_MS) cost += answer.cost;
    const affordable = (cost / this.#options.queriesPerSecond) * 1_000;
    return Math.min(Math.max(affordable, LEAST_AGE_MS), MOST_AGE_MS);
  }

  /** The statements that reads have cost since this was asked last. */
  takeSpent(): number {
    const spent = this.#spent;
    this.#spent = 0;
    return spent;
  }

  #begin<T>(key: string, read: () => Promise<T>, now: number): Promise<T> {
    const promise = withQueryCount(read, (queries) => {
      answer.cost = queries;
      this.#spent += queries;
    });
    const answer: Answer = { promise, readAt: now, askedAt: now, cost: 1 };
    // Set anew: a map's order is then the order of reading, oldest first.
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    this.#makeRoom(now);
    // A failure is for those who asked meanwhile; whoever comes next tries again.
    promise.catch(() => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return promise;
  }

  #makeRoom(now: number): void {
    for (const [key, answer] of this.#answers) {
      const isOld = now - answer.readAt >= MOST_AGE_MS && now - answer.askedAt >= LATELY_MS;
      if (!isOld && this.#answers.size <= this.#options.mostKeys) return;
      this.#answers.delete(key);
    }
  }
}

const reads = new SharedReads({
  now: () => performance.now(),
  queriesPerSecond: SHARED_QUERIES_PER_SECOND,
  mostKeys: MOST_KEYS,
});

/**
 * Reads something for a console page so that any number of viewers cost what one costs: equal keys asked within a short time share
 * one read. The answer may be 2 s old, 10 s when many different pages are open. It is shared: never change it.
 *
 * @param key names what is read and everything it depends on, e.g. `queue:jobs?state=failed&task=refresh_work`; nothing of
 * the person who asks may go into the answer without standing in the key
 * @throws what `read` throws, to all who waited for it; failures are not kept
 */
export function sharedRead<T>(key: string, read: () => Promise<T>): Promise<T> {
  return reads.read(key, read);
}

/** After something was changed: the next read of every key is fresh. `actionDoor` calls it for every action. */
export function forgetSharedReads(): void {
  reads.forget();
}

/** The statements that shared reads have cost since this was asked last: what live updates pace themselves by. */
export function takeSharedReadsSpent(): number {
  return reads.takeSpent();
}
