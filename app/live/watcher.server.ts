import type { LiveTopic } from "#app/live/live-topic.ts";
import { SeenChanges } from "#app/live/seen-changes.ts";
import type { Look, Watch } from "#app/live/watch.ts";
import { logger } from "#app/logger.server.ts";

/** After a look that failed: the database is away, and has better things to do when it comes back. */
const FAILED_PAUSE_MS = 2_000;

export interface WatcherOptions {
  watch: Watch;
  /** The topics and sessions of those who listen to this watch now. */
  listening: () => { topics: ReadonlySet<LiveTopic>; sessionIds: readonly string[] };
  /** After each look: whose topics changed after they were told last is told. */
  onLook: (found: { look: Look; changedAt: (topic: LiveTopic) => number | undefined }) => void;
  now: () => number;
  schedule: (callback: () => void, ms: number) => () => void;
}

/** Lets one watch look again and again for as long as somebody listens to it. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #seen = new SeenChanges();
  #callOff: (() => void) | null = null;
  #isLooking = false;
  #hasFailed = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  get watch(): Watch {
    return this.#options.watch;
  }

  /** Begins to look, unless it does already. */
  start(): void {
    if (!this.#callOff && !this.#isLooking) this.#wait(0);
  }

  /** Ends when nobody listens any more. */
  stopWhenIdle(): void {
    if (this.#isLooking || this.#options.listening().topics.size > 0) return;
    this.#callOff?.();
    this.#callOff = null;
    this.#seen.clear();
  }

  #wait(ms: number): void {
    this.#callOff = this.#options.schedule(() => {
      this.#callOff = null;
      const more = this.#options.watch.waitMs();
      if (more > 0) this.#wait(more);
      else void this.#look();
    }, ms);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    let pause = this.#options.watch.intervalMs;
    try {
      const look = await this.#options.watch.look(this.#options.listening());
      const now = this.#options.now();
      this.#seen.notice(look.changes, now);
      // What happened while nobody could look is not known: everybody asks anew.
      const missed = this.#hasFailed;
      this.#hasFailed = false;
      this.#options.onLook({
        look,
        changedAt: (topic) => (missed ? now : this.#seen.changedAt(topic)),
      });
    } catch (error) {
      if (!this.#hasFailed) logger.warn({ err: error }, "live updates cannot see changes for now");
      this.#hasFailed = true;
      pause = Math.max(pause, FAILED_PAUSE_MS);
    }
    this.#isLooking = false;
    if (this.#options.listening().topics.size > 0) this.#wait(pause);
    else this.stopWhenIdle();
  }
}
