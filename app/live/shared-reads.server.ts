import { withQueryCount } from "#app/db/query-count.server.ts";
import { isReadByPage } from "#app/live/reader.server.ts";

/** An answer may always be this old: five tabs that were told "changed" at once ask within a second. */
const LEAST_AGE_MS = 2_000;
/** However many pages are open, none that keeps itself fresh is given anything older. */
const MOST_AGE_MS = 10_000;
/** Whoever comes to a page is shown what is true now, give or take this. */
const PERSONS_AGE_MS = 500;
/** What an operator's deed makes pages read anew is his, not theirs. */
const AFTER_DEED_MS = 2_000;
/** Keys asked within this time count as being on somebody's screen. */
const LATELY_MS = 120_000;
const MOST_KEYS = 300;
/** Statements a second that live views of a process may cost, what watches for changes included. */
export const LIVE_QUERIES_PER_SECOND = 0.7;

export interface SharedReadsOptions {
  /** Milliseconds on a steady clock. */
  now: () => number;
  queriesPerSecond: number;
  mostKeys: number;
}

export interface SharedReadOptions {
  /** Keeps the answer for so long even when viewers were told of a change meanwhile: for what may lag, such as a chart of a day. */
  keepMs?: number;
  /** With `keepMs`: keeps it for so many times as long as the read took, `keepMs` at most. What is read at once need not lag. */
  keepTimes?: number;
  /** Asked by pages outside the console as well, which are told of changes at a pace of their own: not charged to the console. */
  isOfEveryPage?: boolean;
  /** A person came to the page: the answer is as good as new, and not charged to live views. */
  isForPerson?: boolean;
}

interface Answer {
  promise: Promise<unknown>;
  /** When the read began: what happened later it may not have seen. */
  readAt: number;
  keptUntil: number;
  isStale: boolean;
}

interface Known {
  askedAt: number;
  /** Statements it took last. */
  cost: number;
  answer: Answer | null;
}

/**
 * What several viewers ask within a short time is read once: equal keys share the read that is under way, and for a while its
 * answer: until viewers are told of a change, but for 2 s at most, or longer (up to 10 s) the more the keys that are on
 * screens cost together.
 */
export class SharedReads {
  readonly #options: SharedReadsOptions;
  readonly #known = new Map<string, Known>();
  #spent = 0;
  #deedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SharedReadsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#known.size;
  }

  /** As `sharedRead`. */
  read<T>(key: string, read: () => Promise<T>, options: SharedReadOptions = {}): Promise<T> {
    const now = this.#options.now();
    const known = this.#known.get(key);
    const answer = known?.answer;
    const mostAge = options.isForPerson ? PERSONS_AGE_MS : this.ageMs();
    const isFresh = answer && !answer.isStale && now - answer.readAt < mostAge;
    if (known && answer && (isFresh || now < answer.keptUntil)) {
      known.askedAt = now;
      return answer.promise as Promise<T>;
    }
    return this.#begin(key, read, now, options);
  }

  /** Viewers are about to be told of a change: what they then ask is read anew, but for what may lag. */
  renew(): void {
    for (const { answer } of this.#known.values()) if (answer) answer.isStale = true;
  }

  /** No answer so far counts any more, those still under way included. */
  forget(): void {
    for (const known of this.#known.values()) known.answer = null;
    this.#deedAt = this.#options.now();
  }

  /** How old an answer may be now, in milliseconds. */
  ageMs(): number {
    const now = this.#options.now();
    let cost = 0;
    for (const known of this.#known.values()) if (now - known.askedAt < LATELY_MS) cost += known.cost;
    const affordable = (cost / this.#options.queriesPerSecond) * 1_000;
    return Math.min(Math.max(affordable, LEAST_AGE_MS), MOST_AGE_MS);
  }

  /**
   * The statements that views which keep themselves fresh have cost since this was asked last. What a person opens, or nobody had
   * on screen before, is not among them.
   */
  takeSpent(): number {
    const spent = this.#spent;
    this.#spent = 0;
    return spent;
  }

  #begin<T>(key: string, read: () => Promise<T>, now: number, options: SharedReadOptions): Promise<T> {
    const { keepMs = 0, keepTimes, isOfEveryPage = false, isForPerson = false } = options;
    const before = this.#known.get(key);
    const isWatched = before !== undefined && now - before.askedAt < LATELY_MS;
    const isCharged = isWatched && !isOfEveryPage && !isForPerson && now - this.#deedAt > AFTER_DEED_MS;
    const promise = withQueryCount(read, (queries) => {
      known.cost = queries;
      if (isCharged) this.#spent += queries;
    });
    const answer: Answer = { promise, readAt: now, keptUntil: now + keepMs, isStale: false };
    const known: Known = { askedAt: now, cost: before?.cost ?? 1, answer };
    // Set anew: a map's order is then the order of reading, oldest first.
    this.#known.delete(key);
    this.#known.set(key, known);
    this.#makeRoom(now);
    const shorten = () => {
      const end = this.#options.now();
      if (keepTimes !== undefined)
        answer.keptUntil = Math.min(answer.keptUntil, end + (end - now) * keepTimes);
    };
    promise.then(shorten, () => {}); // Below.
    // A failure is for those who asked meanwhile; whoever comes next tries again.
    promise.catch(() => {
      if (known.answer === answer) known.answer = null;
    });
    return promise;
  }

  #makeRoom(now: number): void {
    for (const [key, known] of this.#known) {
      if (now - known.askedAt < LATELY_MS && this.#known.size <= this.#options.mostKeys) return;
      this.#known.delete(key);
    }
  }
}

const reads = new SharedReads({
  now: () => performance.now(),
  queriesPerSecond: LIVE_QUERIES_PER_SECOND,
  mostKeys: MOST_KEYS,
});

/**
 * Reads something for a console page so that any number of viewers cost what one costs: equal keys asked within a short time share
 * one read. Whoever comes to a page gets an answer that is new; a page that keeps itself fresh one that may be 2 s old, 10 s when
 * many different pages are open. It is shared: never change it.
 *
 * What a live page costs is the number of statements in its reads: the fewer, the sooner it is fresh again
 * (docs/decisions/013-live-console-budget.md).
 *
 * @param key names what is read and everything it depends on, e.g. `queue:jobs?state=failed&task=refresh_work`; nothing of
 * the person who asks may go into the answer without standing in the key
 * @param options.keepMs for what may lag behind changes
 * @throws what `read` throws, to all who waited for it; failures are not kept
 */
export function sharedRead<T>(
  key: string,
  read: () => Promise<T>,
  options?: Omit<SharedReadOptions, "isForPerson">,
): Promise<T> {
  return reads.read(key, read, { ...options, isForPerson: !isReadByPage() });
}

/** After something was changed: the next read of every key is fresh. `actionDoor` calls it for every action. */
export function forgetSharedReads(): void {
  reads.forget();
}

/** Before viewers are told of a change: what they ask then is read anew. */
export function renewSharedReads(): void {
  reads.renew();
}

/** See `SharedReads.takeSpent`: what live updates pace themselves by. */
export function takeSpentOnSharedReads(): number {
  return reads.takeSpent();
}
