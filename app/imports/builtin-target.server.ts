import type { Kysely } from "kysely";
import { isContentError, isDeadlock, isGoneError, isTakenError } from "#app/db/error-codes.ts";
import type { Database } from "#app/db/types.ts";
import { RetryLater } from "#app/errors.ts";
import { type Chunk, ClaimLost, type RowToWrite, type Target } from "#app/imports/chunk.server.ts";
import { duplicate, entryOf, written } from "#app/imports/entry.ts";
import { type LedgerEntry, noteChanges, viewingChange } from "#app/imports/ledger.server.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import { type RowOutcome, settleRows } from "#app/imports/rows.server.ts";
import { matchKey, type Resolution } from "#app/matching/resolution.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import {
  type Entry,
  type Recorded,
  recordAnotherViewing,
  recordRatings,
  recordViewings,
  recordWishes,
} from "#app/works/record.server.ts";
import { createOrComplete, findWorkIds } from "#app/works/works.server.ts";

/** Rows per transaction. Counters cap at 3,000 rows/s when moved row by row, and progress should be seen, so: some, not all. */
const BATCH_ROWS = 100;
/** A key that somebody else took a moment before is seen by the next look; a row that meets it so often is itself at fault. */
const TRIES = 3;
/** Rows whose titles come one by one are not held longer than this. */
const HOLD_MS = 1_000;

/** Writes works, viewings, wishes and ratings, and the rows' outcomes, in one transaction each time (decision 4). */
export class BuiltinTarget implements Target {
  readonly needsFacts = true;
  readonly #chunk: Chunk;
  #items: RowToWrite[] = [];
  #outcomes: RowOutcome[] = [];
  #heldSince = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  findWorks(matches: Resolution[]): Promise<Map<string, string>> {
    return findWorkIds(this.#chunk.context.db, matches);
  }

  async write(item: RowToWrite): Promise<void> {
    this.#items.push(item);
    await this.#flushWhenFull();
  }

  async settle(outcome: RowOutcome): Promise<void> {
    this.#outcomes.push(outcome);
    await this.#flushWhenFull();
  }

  /** One transaction at a time: two of the same chunk would only wait for each other's counters. */
  flush(): Promise<void> {
    const turn = this.#writing.then(async () => {
      const items = this.#items.splice(0);
      const outcomes = this.#outcomes.splice(0);
      this.#heldSince = 0;
      if (items.length + outcomes.length > 0) await this.#writeBatch(items, outcomes);
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #flushWhenFull(): Promise<void> {
    this.#heldSince ||= Date.now();
    const full = this.#items.length + this.#outcomes.length >= BATCH_ROWS;
    if (full || Date.now() - this.#heldSince > HOLD_MS) await this.flush();
  }

  async #writeBatch(items: RowToWrite[], outcomes: RowOutcome[], attempt = 1): Promise<void> {
    const { db } = this.#chunk.context;
    try {
      const all = await db.transaction().execute((trx) => this.#writeIn(trx, items, outcomes));
      this.#chunk.close(all);
    } catch (error) {
      if (isDeadlock(error) || (isTakenError(error) && attempt < TRIES))
        return this.#writeBatch(items, outcomes, isDeadlock(error) ? attempt : attempt + 1);
      // A work was undone or merged since the chunk found it: the rows come again, and find or make it.
      if (isGoneError(error)) throw new RetryLater("A title was removed while its rows were written.", 0);
      if (!isContentError(error)) throw error;
      await this.#isolate(items, outcomes, error);
    }
  }

  /** Something in the batch cannot be stored: each row gets its own transaction, and only the guilty one fails. */
  async #isolate(items: RowToWrite[], outcomes: RowOutcome[], error: unknown): Promise<void> {
    const rowNumbers = [...items.map((item) => item.row.rowNumber), ...outcomes.map((one) => one.rowNumber)];
    const [only] = rowNumbers;
    if (rowNumbers.length > 1 || only === undefined) {
      for (const outcome of outcomes) await this.#writeBatch([], [outcome]);
      for (const item of items) await this.#writeBatch([item], []);
      return;
    }
    this.#chunk.context.logger.error(
      { err: error, importJobId: this.#chunk.job.id, row: only },
      "row cannot be stored",
    );
    const refused = notStored(only);
    // The plainest of all outcomes is refused as well: then the fault is not in what the row says.
    if (outcomes[0]?.errorCode === refused.errorCode) throw error;
    await this.#writeBatch([], [refused]);
  }

  async #writeIn(trx: Kysely<Database>, items: RowToWrite[], outcomes: RowOutcome[]): Promise<RowOutcome[]> {
    const { claim, job } = this.#chunk;
    const all = [...outcomes, ...(await this.#record(trx, items))];
    // Counters last: the job's row stays locked until the commit.
    const moved = await settleRows(trx, claim, all);
    if (moved < all.length) throw new ClaimLost();
    await finishIfDone(trx, job.id);
    return all;
  }

  async #record(trx: Kysely<Database>, items: RowToWrite[]): Promise<RowOutcome[]> {
    const { job } = this.#chunk;
    const { works, changes } = await storeMissingWorks(trx, items);
    const plans = items.map((item) => {
      const workId = item.workId ?? works.get(matchKey(item.match));
      if (!workId) throw new Error(`row ${item.row.rowNumber} has neither a work nor its facts`);
      return { item, entry: entryOf(item.row, item.match, workId, job.id) };
    });
    const entriesOf = (intent: string) =>
      plans.filter(({ item }) => item.row.normalized.intent === intent).map(({ entry }) => entry);
    const viewings = entriesOf("viewing");
    const results = {
      viewing: await recordViewings(trx, viewings),
      wish: await recordWishes(trx, entriesOf("wish")),
      rating: await recordRatings(trx, entriesOf("rating")),
    };
    const recorded = new Map(Object.values(results).flatMap((all) => all.map((one) => [one.rowNumber, one])));
    await askForTotals(trx, items, works);
    const outcomes: RowOutcome[] = [];
    for (const { item, entry } of plans) {
      const result = recorded.get(entry.rowNumber);
      const again = result && this.#isToBeWrittenAgain(item, entry, result);
      if (again) changes.push(viewingChange(entry, await recordAnotherViewing(trx, entry)));
      if (result?.written) changes.push(changeOf(item, entry, result));
      outcomes.push(
        again ? written(item.row, item.match, entry.workId) : this.#outcomeOf(item, entry, result),
      );
    }
    await noteChanges(trx, job.id, changes);
    return outcomes;
  }

  /** A viewing that stands already, from elsewhere, while duplicates are not to be skipped. */
  #isToBeWrittenAgain(item: RowToWrite, entry: Entry, result: Recorded): boolean {
    const { job } = this.#chunk;
    if (result.written || job.skipDuplicates || item.row.normalized.intent !== "viewing") return false;
    return result.existing.importJobId !== job.id || result.existing.rowNumber !== entry.rowNumber;
  }

  #outcomeOf(item: RowToWrite, entry: Entry, result: Recorded | undefined): RowOutcome {
    const { job } = this.#chunk;
    // A listing has no effect beyond its work: known before means that the catalogue had it.
    if (item.row.normalized.intent === "listing" && item.workId && job.skipDuplicates)
      return duplicate(item.row, item.match, job.id, {
        workId: item.workId,
        importJobId: null,
        rowNumber: null,
      });
    if (!result || result.written) return written(item.row, item.match, entry.workId);
    const isOwn = result.existing.importJobId === job.id && result.existing.rowNumber === entry.rowNumber;
    if (isOwn) return written(item.row, item.match, entry.workId);
    return duplicate(item.row, item.match, job.id, result.existing);
  }
}

function changeOf(item: RowToWrite, entry: Entry, result: Extract<Recorded, { written: true }>): LedgerEntry {
  const { intent } = item.row.normalized;
  if (intent === "viewing") return viewingChange(entry, result);
  const { rowNumber, recordId, before } = result;
  return { rowNumber, kind: intent === "wish" ? "wish" : "rating", recordId, before: before ?? null };
}

const notStored = (rowNumber: number): RowOutcome => ({
  rowNumber,
  status: "failed",
  errorCode: "NOT_STORED",
  errorMessage: "The catalogue could not store this row. Look at its contents, correct it and retry it.",
});

/** Each series that this batch has brought in, once: a job of its own, so that rows do not wait (S-01). */
async function askForTotals(
  trx: Kysely<Database>,
  items: RowToWrite[],
  works: Map<string, string>,
): Promise<void> {
  const isNew = (item: RowToWrite) => item.match.mediaType === "tv" && works.has(matchKey(item.match));
  const keys = new Set(items.filter(isNew).map((item) => matchKey(item.match)));
  await enqueueMany(
    trx,
    "fetch_episode_counts",
    [...keys].map((key) => ({ workId: Number(works.get(key)) })),
  );
}

/** Works that do not exist yet, in one order for everybody, so that two chunks cannot lock each other out. */
async function storeMissingWorks(
  trx: Kysely<Database>,
  items: RowToWrite[],
): Promise<{ works: Map<string, string>; changes: LedgerEntry[] }> {
  const missing = new Map<string, RowToWrite>();
  for (const item of items)
    if (!item.workId && item.facts && !missing.has(matchKey(item.match)))
      missing.set(matchKey(item.match), item);
  const works = new Map<string, string>();
  const changes: LedgerEntry[] = [];
  for (const [key, { facts, row }] of [...missing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!facts) continue;
    const { workId, created } = await createOrComplete(trx, facts);
    works.set(key, workId);
    if (created) changes.push({ rowNumber: row.rowNumber, kind: "work", recordId: workId });
  }
  return { works, changes };
}
