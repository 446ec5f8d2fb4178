import type { LiveTopic } from "#app/live/live-topic.ts";
import type { QueryAllowance } from "#app/live/query-allowance.ts";
import type { Change, Look, Watch } from "#app/live/watch.ts";

/** The statement of the look itself, and those of the two counts in the navigation, which viewers read with every page. */
const LOOK_COST = 3;

/** What one statement finds out for all who have the console open. */
export interface ConsoleNews {
  console: { version: string; ageMs: number };
  imports: { version: string; ageMs: number };
  /** Which of the sessions asked for have ended. */
  ended: ReadonlySet<string>;
}

export interface ConsoleWatchOptions {
  /** Sends one statement. */
  read: (sessionIds: readonly string[]) => Promise<ConsoleNews>;
  allowance: QueryAllowance;
  /** Statements that viewers have cost since this was asked last. */
  takeSpent: () => number;
}

/**
 * Watches the console's pages and the overview, and never lets them cost more statements than their allowance: the look and
 * what viewers read after being told are both paid from it, and a look waits until the last round is paid.
 *
 * One exception: while an import moves, the overview is told of it at every look, since somebody who watches an import would
 * otherwise see its bar jump.
 */
export class ConsoleWatch implements Watch {
  readonly intervalMs = 2_500;
  readonly pageAgeMs = 3_000;
  readonly #options: ConsoleWatchOptions;
  #console: { version: string; ageMs: number } | null = null;
  #overview: { version: string; ageMs: number } | null = null;
  #imports: string | null = null;
  #isImportWatched = false;

  constructor(options: ConsoleWatchOptions) {
    this.#options = options;
  }

  serves(topic: LiveTopic): boolean {
    return topic === "console" || topic === "overview";
  }

  waitMs(): number {
    const spent = this.#options.takeSpent();
    if (this.#isImportWatched) return 0;
    this.#options.allowance.spend(spent);
    return this.#options.allowance.waitMs();
  }

  async look({
    topics,
    sessionIds,
  }: {
    topics: ReadonlySet<LiveTopic>;
    sessionIds: readonly string[];
  }): Promise<Look> {
    const isPaid = this.#options.allowance.waitMs() === 0;
    this.#options.allowance.spend(LOOK_COST);
    const { console, imports, ended } = await this.#options.read(sessionIds);
    const importMoves = this.#imports !== null && this.#imports !== imports.version;
    this.#imports = imports.version;
    this.#isImportWatched = importMoves && topics.has("overview");
    if (isPaid || this.#console === null) this.#console = console;
    if (isPaid || importMoves || this.#overview === null)
      this.#overview = {
        version: `${console.version} ${imports.version}`,
        ageMs: Math.min(console.ageMs, imports.ageMs),
      };
    const changes: Change[] = [
      { topic: "console", ...this.#console },
      { topic: "overview", ...this.#overview },
    ];
    return { changes, ended };
  }
}
