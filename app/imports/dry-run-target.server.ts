import type { Chunk, RowToWrite, Target } from "#app/imports/chunk.server.ts";
import { ClaimLost } from "#app/imports/chunk.server.ts";
import { duplicate, entryOf, matchSummary } from "#app/imports/entry.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import { findRemoteRecord, findRemoteSeason } from "#app/imports/remote-records.server.ts";
import { remoteSeasonOf } from "#app/imports/remote-show.ts";
import { type RowOutcome, settleRows } from "#app/imports/rows.server.ts";
import { matchKey, type Resolution } from "#app/matching/resolution.ts";
import { type Existing, findStanding, findViewings } from "#app/works/record.server.ts";
import { findWorkIds } from "#app/works/works.server.ts";

/** Does everything but write: each row says what the real run would do (I-09). */
export class DryRunTarget implements Target {
  readonly needsFacts = false;
  readonly #chunk: Chunk;
  #items: RowToWrite[] = [];
  #outcomes: RowOutcome[] = [];
  #settling: Promise<void> = Promise.resolve();

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  findWorks(matches: Resolution[]): Promise<Map<string, string>> {
    return this.#isRemote ? Promise.resolve(new Map()) : findWorkIds(this.#chunk.context.db, matches);
  }

  async write(item: RowToWrite): Promise<void> {
    this.#items.push(item);
  }

  async settle(outcome: RowOutcome): Promise<void> {
    this.#outcomes.push(outcome);
  }

  flush(): Promise<void> {
    const turn = this.#settling.then(() => this.#settleHeld());
    this.#settling = turn.catch(() => {});
    return turn;
  }

  get #isRemote(): boolean {
    return this.#chunk.job.catalogue !== "builtin";
  }

  async #settleHeld(): Promise<void> {
    const items = this.#items.splice(0);
    const held = this.#outcomes.splice(0);
    if (items.length + held.length === 0) return;
    const { context, claim, job } = this.#chunk;
    const outcomes = [...held, ...(await this.#foretell(items))];
    await context.db.transaction().execute(async (trx) => {
      if ((await settleRows(trx, claim, outcomes)) < outcomes.length) throw new ClaimLost();
      await finishIfDone(trx, job.id);
    });
    this.#chunk.close(outcomes);
  }

  async #foretell(items: RowToWrite[]): Promise<RowOutcome[]> {
    const existing = this.#chunk.job.skipDuplicates
      ? await this.#findExisting(items)
      : new Map<number, Existing>();
    return items.map((item) => {
      const twin = existing.get(item.row.rowNumber);
      if (twin) return duplicate(item.row, item.match, this.#chunk.job.id, twin);
      const would = item.workId ? "add to a title that is in the catalogue" : "create the title";
      return {
        rowNumber: item.row.rowNumber,
        status: "success",
        outcome: { match: matchSummary(item.match), wouldWrite: would },
      };
    });
  }

  async #findExisting(items: RowToWrite[]): Promise<Map<number, Existing>> {
    return this.#isRemote ? this.#findRemote(items) : this.#findBuiltin(items);
  }

  async #findBuiltin(items: RowToWrite[]): Promise<Map<number, Existing>> {
    const { context, job } = this.#chunk;
    const works = await findWorkIds(
      context.db,
      items.map((item) => item.match),
    );
    const known = items.flatMap((item) => {
      const workId = works.get(matchKey(item.match));
      return workId ? [{ item, entry: entryOf(item.row, item.match, workId, job.id) }] : [];
    });
    const ofIntent = (intent: string) =>
      known.filter(({ item }) => item.row.normalized.intent === intent).map(({ entry }) => entry);
    const found = await findViewings(context.db, ofIntent("viewing"));
    for (const [intent, table] of [
      ["wish", "wishes"],
      ["rating", "own_ratings"],
    ] as const) {
      const entries = ofIntent(intent);
      if (entries.length === 0) continue;
      const standing = await findStanding(
        context.db,
        table,
        entries.map((entry) => entry.workId),
      );
      const byWork = new Map(standing.map((one) => [one.workId, one]));
      for (const entry of entries) {
        const twin = byWork.get(entry.workId);
        if (twin) found.set(entry.rowNumber, twin);
      }
    }
    for (const entry of ofIntent("listing"))
      found.set(entry.rowNumber, { workId: entry.workId, importJobId: null, rowNumber: null });
    return found;
  }

  async #findRemote(items: RowToWrite[]): Promise<Map<number, Existing>> {
    const found = new Map<number, Existing>();
    const { context, job } = this.#chunk;
    for (const { row, match, facts } of items) {
      const record =
        match.mediaType === "tv"
          ? await findRemoteSeason(context.db, job.catalogue, remoteSeasonOf(row, match, facts))
          : await findRemoteRecord(context.db, job.catalogue, row, match);
      if (record) found.set(row.rowNumber, { workId: record, importJobId: null, rowNumber: null });
    }
    return found;
  }
}
