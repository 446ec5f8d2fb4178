/** A session that was found alive so lately is taken for alive by reads. The end of one is noticed as late elsewhere. */
const FRESH_MS = 3_000;
/** After so long the database is asked whatever was confirmed meanwhile, which also notes that the session is in use. */
const LONGEST_MS = 600_000;
const MOST = 1_000;

/** Whose session it is. */
export interface FoundSession {
  sessionId: string;
  operatorId: string;
  email: string;
}

interface Confirmed {
  session: FoundSession;
  foundAt: number;
  confirmedAt: number;
}

/**
 * Sessions that this process has lately found alive: a page that keeps itself fresh asks with every read, and 25 viewers would
 * cost 25 statements a round for that alone. Live updates confirm all who listen with the statement that they send anyway.
 */
export class ConfirmedSessions {
  readonly #now: () => number;
  readonly #confirmed = new Map<string, Confirmed>();
  /** Another one after every `forget`: what was asked before it must not be remembered after it. */
  #era = 0;
  readonly #asking = new Map<string, Promise<FoundSession | null>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Whose session it is: from memory if that is fresh, else as the database says. For reads alone: what changes something asks
   * the database.
   *
   * @param id names the session, not its token
   */
  async find(id: string, ask: () => Promise<FoundSession | null>): Promise<FoundSession | null> {
    const now = this.#now();
    const known = this.#confirmed.get(id);
    if (known && now - known.confirmedAt < FRESH_MS && now - known.foundAt < LONGEST_MS) return known.session;
    // Tabs that are shown again ask at once, and each with its stream beside: one question serves them all.
    return this.#asking.get(id) ?? this.#ask(id, ask, now);
  }

  #ask(id: string, ask: () => Promise<FoundSession | null>, now: number): Promise<FoundSession | null> {
    const era = this.#era;
    const asked = ask()
      .then((session) => {
        if (era !== this.#era) return session;
        this.#confirmed.delete(id);
        if (session) this.#remember(id, { session, foundAt: now, confirmedAt: now });
        return session;
      })
      .finally(() => {
        if (this.#asking.get(id) === asked) this.#asking.delete(id);
      });
    this.#asking.set(id, asked);
    return asked;
  }

  /**
   * Takes over what was found out about sessions at once.
   *
   * @param ended which of them have ended; the others are alive
   */
  confirm(sessionIds: readonly string[], ended: ReadonlySet<string>, askedAt: number): void {
    for (const id of sessionIds) {
      const known = this.#confirmed.get(id);
      if (ended.has(id)) this.#confirmed.delete(id);
      else if (known && known.confirmedAt < askedAt) known.confirmedAt = askedAt;
    }
  }

  /** After anybody's access may have changed. */
  forget(): void {
    this.#era += 1;
    this.#confirmed.clear();
    this.#asking.clear();
  }

  #remember(id: string, confirmed: Confirmed): void {
    this.#confirmed.set(id, confirmed);
    if (this.#confirmed.size <= MOST) return;
    const [oldest] = this.#confirmed.keys();
    if (oldest !== undefined) this.#confirmed.delete(oldest);
  }
}

/** The process's own. */
export const confirmedSessions = new ConfirmedSessions(() => performance.now());
