import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import {
  type Claim,
  type ClaimedRow,
  LEASE_SECONDS,
  type RowOutcome,
  releaseRows,
  renewClaim,
} from "#app/imports/rows.server.ts";
import type { Logger } from "#app/logger.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";

/** What the processing of rows needs from its worker. */
export interface ProcessContext {
  db: Db;
  config: Config;
  logger: Logger;
  workerId: string;
  /** Fires when the worker is to stop: the row in hand is finished, the rest is given back. */
  signal: AbortSignal;
}

/** The part of a job that its rows' fate depends on. */
export interface ProcessedJob {
  id: string;
  dryRun: boolean;
  skipDuplicates: boolean;
  catalogue: string;
  /** When failed rows were last sent round again; null: never. */
  retriedAt: Date | null;
}

/** A row whose title is known and whose effect is still to be written. `facts` are absent when the work exists already. */
export interface RowToWrite {
  row: ClaimedRow;
  match: Resolution;
  workId: string | null;
  facts: TitleFacts | null;
}

/** The claim was lost to another worker, or the job was cancelled: nothing of the transaction may stay. */
export class ClaimLost extends Error {}

/** Where the rows of a job end up: the built-in catalogue, a remote one, or nowhere (dry run). */
export interface Target {
  /** Which of these titles are works already, so that their details need not be fetched. By `matchKey`. */
  findWorks(matches: Resolution[]): Promise<Map<string, string>>;
  /** Whether details have to be fetched for a work that does not exist yet. */
  needsFacts: boolean;
  /** Takes a row in; it may be written at once or with the next batch. */
  write(item: RowToWrite): Promise<void>;
  /** Takes an outcome in that needs no writing. */
  settle(outcome: RowOutcome): Promise<void>;
  /** Writes what is still held. */
  flush(): Promise<void>;
}

/** Rows claimed together, until each has its outcome or is given back. */
export class Chunk {
  readonly context: ProcessContext;
  readonly job: ProcessedJob;
  readonly claim: Claim;
  /** Rows without an outcome yet, by number. */
  readonly open: Map<number, ClaimedRow>;
  readonly settled = { success: 0, failed: 0, skipped: 0, review: 0 };
  readonly failedRows: number[] = [];

  constructor(context: ProcessContext, job: ProcessedJob, claim: Claim) {
    this.context = context;
    this.job = job;
    this.claim = claim;
    this.open = new Map(claim.rows.map((row) => [row.rowNumber, row]));
  }

  /** Takes outcomes off the list of open rows, once they are committed. */
  close(outcomes: RowOutcome[]): void {
    for (const outcome of outcomes) {
      if (!this.open.delete(outcome.rowNumber)) continue;
      this.settled[outcome.status]++;
      if (outcome.status === "failed") this.failedRows.push(outcome.rowNumber);
    }
  }

  /** Gives rows back: counted as tried, or not. */
  async giveBack(rowNumbers: number[], counted: boolean): Promise<void> {
    await releaseRows(this.context.db, this.claim, rowNumbers, counted);
    for (const rowNumber of rowNumbers) this.open.delete(rowNumber);
  }

  /** Renews the lease while the chunk is worked on. @returns stops renewing */
  keepAlive(): () => void {
    const timer = setInterval(
      () =>
        renewClaim(this.context.db, this.claim).catch((error) =>
          // Not renewed means taken over later, which is safe: every write is guarded by the token.
          this.context.logger.warn({ err: error, importJobId: this.job.id }, "claim could not be renewed"),
        ),
      (LEASE_SECONDS * 1000) / 3,
    );
    return () => clearInterval(timer);
  }
}
