import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { isDatabaseAway } from "#app/db/client.server.ts";
import { isContentError, isSqlError } from "#app/db/error-codes.ts";
import { RetryLater } from "#app/errors.ts";
import {
  Chunk,
  ClaimLost,
  type ProcessContext,
  type ProcessedJob,
  type RowToWrite,
  type Target,
} from "#app/imports/chunk.server.ts";
import { addEvent } from "#app/imports/events.server.ts";
import { giveBackRest } from "#app/imports/give-back.server.ts";
import {
  type ClaimedRow,
  claimRows,
  MAX_LOST_CLAIMS,
  mostLostClaims,
  type RowOutcome,
} from "#app/imports/rows.server.ts";
import { targetOf } from "#app/imports/target.server.ts";
import { Turns } from "#app/imports/turns.ts";
import { upstreamTrouble } from "#app/imports/upstream-trouble.ts";
import { knownResolutions } from "#app/matching/remembered.server.ts";
import { matchKey, type Resolution, requestKey, type TitleRequest } from "#app/matching/resolution.ts";
import { callsLeftFor, resolveTitle } from "#app/matching/resolve.server.ts";
import { retryDelayMs } from "#app/queue/retry-policy.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { type FactsConfig, fetchFacts } from "#app/works/fetch-facts.server.ts";

export interface RowRange {
  jobId: string;
  fromRow: number;
  toRow: number;
}

/** Titles of one chunk that are looked up at once. More would only queue up before the upstream's budget. */
const TITLES_AT_ONCE = 2;
/** So many titles in a row without an answer, and the chunk comes back later instead of asking for the next. */
const TROUBLES_IN_A_ROW = 3;
/** A chunk that would wait longer for a budget gives its slot back (issue: 5 s). */
const MAX_BUDGET_WAIT_MS = 5_000;

/**
 * One suspect row at a time in the whole process: chunks go by row number, so the guilty row's neighbour would be in hand
 * beside it each time, and be blamed with it.
 */
const suspects = new Turns(1);

/**
 * Processes the pending rows of a range: claims them, finds their titles, writes them, settles them.
 *
 * Every row ends with an outcome or is given back; nothing that one row does stops another. Safe to run twice at once and
 * after a crash at any line.
 *
 * @returns what became of the rows
 * @throws RetryLater when rows were given back: a budget, an upstream that is away, a worker that stops
 */
export async function processRows(context: ProcessContext, range: RowRange): Promise<Record<string, number>> {
  const job = await findRunningJob(context, range.jobId);
  const totals = { success: 0, failed: 0, skipped: 0, review: 0 };
  if (!job) return totals;
  // Some worker died with rows of this range in hand: they are taken one by one, so that only the guilty row is blamed again.
  const careful = (await mostLostClaims(context.db, range)) > 0;
  const limit = careful ? 1 : range.toRow - range.fromRow + 1;
  for (;;) {
    if (context.signal.aborted) throw workerStops();
    const next = () => processNext(context, job, range, limit);
    const done = await (careful ? suspects.run(next) : next());
    if (!done) return totals;
    for (const [status, count] of Object.entries(done.chunk.settled))
      totals[status as keyof typeof totals] += count;
    if (done.comeBack) throw done.comeBack;
  }
}

/** @returns null when no row of the range is pending */
async function processNext(context: ProcessContext, job: ProcessedJob, range: RowRange, limit: number) {
  const claim = await claimRows(context.db, range, context.workerId, randomUUID(), limit);
  if (claim.rows.length === 0) return null;
  const chunk = new Chunk(context, job, claim);
  return { chunk, comeBack: await processChunk(chunk) };
}

const workerStops = () => new RetryLater("The worker stops; another goes on.", 0);

async function findRunningJob(context: ProcessContext, jobId: string): Promise<ProcessedJob | undefined> {
  return context.db
    .selectFrom("import_jobs")
    .select(["id", "dry_run as dryRun", "skip_duplicates as skipDuplicates", "catalogue"])
    .where("id", "=", jobId)
    .where("status", "=", "processing")
    .executeTakeFirst();
}

/** @returns when and why to come again, if rows were given back */
async function processChunk(chunk: Chunk): Promise<RetryLater | null> {
  const { db } = chunk.context;
  const stopRenewing = chunk.keepAlive();
  const first = chunk.claim.rows[0]?.rowNumber ?? 0;
  let comeBack: RetryLater | null = null;
  try {
    await addEvent(db, chunk.job.id, "chunk_started", `Rows from ${first}: begun.`, {
      fromRow: first,
      rows: chunk.claim.rows.length,
    });
    comeBack = await settleChunk(chunk);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  } finally {
    stopRenewing();
    await giveBackRest(chunk);
  }
  const { success, failed, skipped, review } = chunk.settled;
  await addEvent(
    db,
    chunk.job.id,
    "chunk_finished",
    `Rows from ${first}: ${success + failed + skipped + review} done.`,
    {
      fromRow: first,
      ...chunk.settled,
    },
  );
  if (failed > 0)
    await addEvent(
      db,
      chunk.job.id,
      "rows_failed",
      `${failed} rows failed.`,
      { rows: chunk.failedRows.toSorted((a, b) => a - b) },
      "warn",
    );
  return comeBack;
}

async function settleChunk(chunk: Chunk): Promise<RetryLater | null> {
  const target = targetOf(chunk);
  await putAsidePoisonousRows(chunk, target);
  if (chunk.job.skipDuplicates) await skipRepeatedRows(chunk, target);
  const groups = groupByTitle([...chunk.open.values()]);
  const known = await knownResolutions(
    chunk.context.db,
    groups.map((group) => group.request),
  );
  const works = await target.findWorks(
    [...known.values()].filter((resolution) => resolution.outcome === "match"),
  );
  // First what costs no upstream call, in one batch; then the rest, title by title.
  const waiting: TitleGroup[] = [];
  for (const group of groups) {
    const resolution = known.get(group.request.key);
    if (!resolution || !isReady(target, resolution, works)) waiting.push(group);
    else for (const row of group.rows) await finishRow(target, row, resolution, works, null);
  }
  await target.flush();
  const comeBack = await new TitleQueue(chunk, target, known, works).run(waiting);
  await target.flush();
  return comeBack;
}

const isReady = (target: Target, resolution: Resolution, works: Map<string, string>): boolean =>
  resolution.outcome !== "match" || !target.needsFacts || works.has(matchKey(resolution));

interface TitleGroup {
  request: TitleRequest;
  rows: ClaimedRow[];
}

/** What a row asks the matcher. An episode that is named with its show is looked for by the show. */
function requestOf(row: ClaimedRow): TitleRequest {
  const { title, yearHint, kind, ids, seriesReading, episodeTitle, season } = row.normalized;
  const key = requestKey(row.titleKey, ids, kind);
  const isEpisode = kind === "tv" && Boolean(ids.imdb) && episodeTitle !== null && season === null;
  return {
    key,
    query: {
      title: isEpisode && seriesReading ? seriesReading.show : title,
      year: isEpisode ? null : yearHint,
      kind,
    },
    ids,
    seriesTitle: kind === "tv" ? null : (seriesReading?.show ?? null),
    onlyById: isEpisode && !seriesReading,
  };
}

function groupByTitle(rows: ClaimedRow[]): TitleGroup[] {
  const groups = new Map<string, TitleGroup>();
  for (const row of rows) {
    const request = requestOf(row);
    const group = groups.get(request.key) ?? { request, rows: [] };
    group.rows.push(row);
    groups.set(request.key, group);
  }
  return [...groups.values()];
}

async function putAsidePoisonousRows(chunk: Chunk, target: Target): Promise<void> {
  for (const row of chunk.claim.rows) {
    if (row.lostClaims < MAX_LOST_CLAIMS) continue;
    await target.settle({
      rowNumber: row.rowNumber,
      status: "failed",
      errorCode: "ROW_PUT_ASIDE",
      errorMessage: `The worker died ${row.lostClaims} times with this row in hand, so it was put aside. Look at the line; retry it when the cause is known.`,
    });
  }
  await target.flush();
}

/** Rows that say the same as an earlier line of the file (I-08). Which worker does which row plays no part in it. */
async function skipRepeatedRows(chunk: Chunk, target: Target): Promise<void> {
  const rows = [...chunk.open.values()];
  const { rows: firsts } = await sql<{ rowNumber: number; firstRow: number; firstLine: number }>`
    select mine."rowNumber", earlier.row_number as "firstRow", earlier.line_number as "firstLine"
    from json_to_recordset(${JSON.stringify(rows.map(({ rowNumber, dedupeKey }) => ({ rowNumber, dedupeKey })))}::json)
      as mine ("rowNumber" int, "dedupeKey" text)
    cross join lateral (
      select row_number, line_number from import_rows
      where job_id = ${chunk.job.id}::uuid and dedupe_key = mine."dedupeKey" and row_number < mine."rowNumber"
      order by row_number limit 1
    ) as earlier`.execute(chunk.context.db);
  for (const { rowNumber, firstRow, firstLine } of firsts)
    await target.settle({
      rowNumber,
      status: "skipped",
      errorCode: "DUPLICATE_IN_FILE",
      errorMessage: `Says the same as line ${firstLine}.`,
      outcome: { duplicateOf: { rowNumber: firstRow, lineNumber: firstLine } },
    });
  await target.flush();
}

/** Settles a row by what its title was found to be. */
async function finishRow(
  target: Target,
  row: ClaimedRow,
  resolution: Resolution,
  works: Map<string, string>,
  facts: RowToWrite["facts"],
): Promise<void> {
  if (resolution.outcome !== "match") return target.settle(undecided(row.rowNumber, resolution));
  await target.write({ row, match: resolution, workId: works.get(matchKey(resolution)) ?? null, facts });
}

function undecided(rowNumber: number, resolution: Resolution): RowOutcome {
  const { strategy, score, reason, candidates } = resolution;
  const outcome = { match: { strategy, score, reason, candidates } };
  return resolution.outcome === "review"
    ? { rowNumber, status: "review", errorCode: "REVIEW", errorMessage: reason.text, outcome }
    : { rowNumber, status: "failed", errorCode: "NO_MATCH", errorMessage: reason.text, outcome };
}

/** The database's own trouble is the whole chunk's; what it refuses for its contents is the trouble of one title. */
const isDatabaseTrouble = (error: unknown): boolean =>
  isDatabaseAway(error) || (isSqlError(error) && !isContentError(error));

/** Looks up the titles of a chunk that are not known yet, a few at once, and settles their rows as they come. */
class TitleQueue {
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
    this.#upstreams = { db, config, signal, priority: "bulk", maxWaitMs: MAX_BUDGET_WAIT_MS };
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
