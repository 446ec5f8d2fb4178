import { isDatabaseAway } from "#app/db/client.server.ts";
import { isContentError, isSqlError } from "#app/db/error-codes.ts";
import { RetryLater } from "#app/errors.ts";
import { type Chunk, ClaimLost, type RowToWrite, type Target } from "#app/imports/chunk.server.ts";
import { finishRow, isReady } from "#app/imports/finish-row.ts";
import type { ClaimedRow } from "#app/imports/rows.server.ts";
import type { TitleGroup } from "#app/imports/title-groups.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { callsLeftFor, resolveTitle } from "#app/matching/resolve.server.ts";
import { retryDelayMs } from "#app/queue/retry-policy.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { upstreamTrouble } from "#app/upstreams/upstream-trouble.ts";
import { type FactsConfig, fetchFacts } from "#app/works/fetch-facts.server.ts";

/** Titles of one chunk that are looked up at once. More would only queue up before the upstream's budget. */
const TITLES_AT_ONCE = 2;
/** So many titles in a row without an answer, and the chunk comes back later instead of asking for the next. */
const TROUBLES_IN_A_ROW = 3;
/** A chunk that would wait longer for a budget gives its slot back (issue: 5 s). */
const MAX_BUDGET_WAIT_MS = 5_000;

/** What a chunk says when its worker is asked to stop. */
export const workerStops = () => new RetryLater("The worker stops; another goes on.", 0);

/** The database's own trouble is the whole chunk's; what it refuses for its contents is the trouble of one title. */
const isDatabaseTrouble = (error: unknown): boolean =>
  isDatabaseAway(error) || (isSqlError(error) && !isContentError(error));

/** Looks up the titles of a chunk that are not known yet, a few at once, and settles their rows as they come. */
export class TitleQueue {
  readonly #chunk: Chunk;
  readonly #target: Target;
  readonly #known: Map<string, Resolution>;
  readonly #works: Map<string, string>;
  readonly #upstreams: UpstreamContext & { config: FactsConfig };
  /** Stops the queue: nothing more can be done now. */
  #comeBack: RetryLater | null = null;
  /** Some titles are to be tried again later, the others go on. */
  #tryAgain: RetryLater | null = null;
  #troublesInARow = 0;

  constructor(chunk: Chunk, target: Target, known: Map<string, Resolution>, works: Map<string, string>) {
    const { db, config, signal } = chunk.context;
    this.#chunk = chunk;
    this.#target = target;
    this.#known = known;
    this.#works = works;
    this.#upstreams = {
      db,
      config,
      signal,
      priority: "bulk",
      maxWaitMs: MAX_BUDGET_WAIT_MS,
      // A retry looks again: "nothing found" of before it is asked anew, once.
      emptySince: chunk.job.retriedAt,
    };
  }

  async run(groups: TitleGroup[]): Promise<RetryLater | null> {
    const queue = groups.values();
    const lane = async () => {
      for (const group of queue) {
        if (this.#chunk.context.signal.aborted) this.#comeBack ??= workerStops();
        if (this.#comeBack) return;
        await this.#lookUp(group);
      }
    };
    // All lanes come to rest before the chunk gives its open rows back, also when one of them threw.
    const ends = await Promise.allSettled(Array.from({ length: TITLES_AT_ONCE }, lane));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return this.#comeBack ?? this.#tryAgain;
  }

  async #lookUp(group: TitleGroup): Promise<void> {
    let found: { resolution: Resolution; facts: RowToWrite["facts"] };
    try {
      found = await this.#findOut(group);
      this.#troublesInARow = 0;
    } catch (error) {
      return this.#settleTrouble(group.rows, error);
    }
    for (const row of group.rows) {
      try {
        await finishRow(this.#target, row, found.resolution, this.#works, found.facts);
      } catch (error) {
        // A remote catalogue refuses or loses single rows of a title.
        await this.#settleTrouble([row], error);
        if (this.#comeBack) return;
      }
    }
  }

  async #findOut(group: TitleGroup): Promise<{ resolution: Resolution; facts: RowToWrite["facts"] }> {
    const known = this.#known.get(group.request.key);
    const { resolution, callsLeft } = known
      ? { resolution: known, callsLeft: callsLeftFor(known, group.request) }
      : await resolveTitle(this.#upstreams, group.request);
    if (isReady(this.#target, resolution, this.#works)) return { resolution, facts: null };
    for (const [key, workId] of await this.#target.findWorks([resolution])) this.#works.set(key, workId);
    if (isReady(this.#target, resolution, this.#works)) return { resolution, facts: null };
    return { resolution, facts: await fetchFacts(this.#upstreams, resolution, group.request, callsLeft) };
  }

  /** Trouble with some rows: they are tried again later, or failed with a reason. Other titles go on. */
  async #settleTrouble(rows: ClaimedRow[], error: unknown): Promise<void> {
    if (error instanceof ClaimLost) throw error;
    if (this.#chunk.context.signal.aborted) {
      // The look-up was broken off: nobody's fault, and no try of the row or the job.
      this.#comeBack ??= workerStops();
      return;
    }
    if (isDatabaseTrouble(error)) throw error;
    const trouble = upstreamTrouble(error);
    if (trouble.kind === "wait") {
      this.#comeBack = new RetryLater(trouble.message, trouble.delayMs, { cause: error });
      return; // The rows stay open and are given back with the rest.
    }
    const open = rows.filter((row) => this.#chunk.open.has(row.rowNumber));
    const rowNumbers = open.map((row) => row.rowNumber);
    const tries = Math.max(...open.map((row) => row.attemptCount));
    if (trouble.kind === "again" && tries < trouble.tries) {
      await this.#chunk.giveBack(rowNumbers, true);
      const delayMs = retryDelayMs(tries, this.#chunk.context.config.RETRY_BASE_MS, trouble.retryAfterMs);
      this.#tryAgain = new RetryLater(trouble.message, delayMs, { cause: error });
      // One title's bad answer is its own; several in a row mean that the upstream is away.
      if (++this.#troublesInARow >= TROUBLES_IN_A_ROW) this.#comeBack = this.#tryAgain;
      return;
    }
    this.#chunk.context.logger.warn(
      { err: error, importJobId: this.#chunk.job.id, rows: rowNumbers, code: trouble.code },
      "rows failed",
    );
    for (const rowNumber of rowNumbers)
      await this.#target.settle({
        rowNumber,
        status: "failed",
        errorCode: trouble.code,
        errorMessage: trouble.message,
      });
  }
}
