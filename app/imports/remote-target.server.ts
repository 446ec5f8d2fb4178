import { createHash } from "node:crypto";
import { sql } from "kysely";
import { type Chunk, ClaimLost, type RowToWrite, type Target } from "#app/imports/chunk.server.ts";
import { duplicate, matchSummary } from "#app/imports/entry.ts";
import { type LedgerEntry, noteChanges } from "#app/imports/ledger.server.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import {
  checkCatalogue,
  findRemoteRecord,
  readRemoteRecords,
  rememberRemoteRecord,
} from "#app/imports/remote-records.server.ts";
import { type RemoteSeason, remoteSeasonOf, showBody } from "#app/imports/remote-show.ts";
import { type ClaimedRow, type RowOutcome, settleRows } from "#app/imports/rows.server.ts";
import { SeasonWriter } from "#app/imports/season-writer.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { createMovie } from "#app/upstreams/catalogue/client.server.ts";
import type { CatalogueMovie, CatalogueShow } from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { BudgetWait } from "#app/upstreams/errors.ts";
import { getSeriesDetails } from "#app/works/episode-counts.server.ts";
import type { FactsConfig } from "#app/works/fetch-facts.server.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";

/** A row whose details would wait longer for TMDB's budget gives its slot back. */
const MAX_BUDGET_WAIT_MS = 5_000;

/**
 * Writes to a remote catalogue over HTTP, each film row by itself (decision 9): the intent is committed first, with the key
 * that all attempts share; then the call; then the outcome. Rows of a series share one record per season. What happened is recorded even when the job was cancelled meanwhile.
 */
export class RemoteTarget implements Target {
  readonly needsFacts = true;
  readonly #chunk: Chunk;
  readonly #upstreams: UpstreamContext & { config: FactsConfig };
  readonly #seasons: SeasonWriter;
  /** The films over there, read once for all rows of the chunk that an earlier attempt may have sent. */
  #read: Promise<unknown> | undefined;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    // Without the worker's stop signal: a write that has begun is finished, not left unknown.
    const { db, config } = chunk.context;
    this.#upstreams = { db, config, priority: "bulk", maxWaitMs: MAX_BUDGET_WAIT_MS };
    this.#seasons = new SeasonWriter(this.#upstreams, chunk.job);
  }

  /** Nothing of a remote import stands in our own catalogue: details are always needed, from the cache as a rule. */
  async findWorks(): Promise<Map<string, string>> {
    return new Map();
  }

  async settle(outcome: RowOutcome): Promise<void> {
    await this.#settle(outcome, false);
  }

  async flush(): Promise<void> {}

  async write(item: RowToWrite): Promise<void> {
    const { job, context } = this.#chunk;
    if (item.row.normalized.intent !== "viewing") return this.settle(notCarried(item.row));
    checkCatalogue(job.catalogue, context.config);
    return item.match.mediaType === "tv" ? this.#writeSeason(item) : this.#writeFilm(item);
  }

  async #writeFilm({ row, match, facts }: RowToWrite): Promise<void> {
    const { job, context } = this.#chunk;
    if (row.writeKey) await this.#readOnce();
    if (row.writeKey || job.skipDuplicates) {
      const standing = await findRemoteRecord(context.db, job.catalogue, row, match);
      // An earlier attempt had sent this row: what stands there now is its effect.
      if (standing && row.writeKey) return this.#settleWritten("remote_film", row, match, standing);
      if (standing) return this.settle(this.#duplicateOf(row, match, standing));
    }
    const key = writeKey(job.id, row);
    if (!(await this.#stateIntent(row, key))) throw new ClaimLost();
    const result = await createMovie(this.#upstreams, recordOf(row, match, facts), key);
    if (result.outcome === "exists") return this.settle(this.#duplicateOf(row, match, null));
    await rememberRemoteRecord(context.db, job.catalogue, result.recordId, row, match);
    await this.#settleWritten("remote_film", row, match, result.recordId);
  }

  async #writeSeason({ row, match, facts }: RowToWrite): Promise<void> {
    const season = remoteSeasonOf(row, match, facts);
    const { recordId, stood } = await this.#seasons.write({
      season,
      body: () => this.#showBody(row, season, facts),
      stateIntent: (key) => this.#stateIntent(row, key),
    });
    if (recordId === null || (stood && this.#chunk.job.skipDuplicates))
      return this.settle(this.#duplicateOf(row, match, recordId));
    if (stood) return this.#settle(done(row, match, recordId), true);
    await this.#settleWritten("remote_season", row, match, recordId);
  }

  async #showBody(row: ClaimedRow, season: RemoteSeason, facts: TitleFacts | null): Promise<CatalogueShow> {
    const details = await this.#seriesDetails(row, season);
    return showBody(season, details ?? facts, await this.#firstDay(row));
  }

  /** Once per series and week, from the cache otherwise. Trouble with them holds no season up. */
  async #seriesDetails(row: ClaimedRow, { tmdbId }: RemoteSeason): Promise<TitleFacts | null> {
    // Where the row leaves open whether it is a film, both calls of the title went into finding it.
    if (!tmdbId || row.normalized.kind !== "tv") return null;
    try {
      return await getSeriesDetails(this.#upstreams, tmdbId);
    } catch (error) {
      if (error instanceof BudgetWait) throw error;
      this.#chunk.context.logger.warn(
        { err: error, importJobId: this.#chunk.job.id, row: row.rowNumber },
        "season sent without details",
      );
      return null;
    }
  }

  /** The first day that the file names for the season: exports begin with the newest as a rule. */
  async #firstDay({ titleKey, normalized }: ClaimedRow): Promise<string | null> {
    const { rows } = await sql<{ day: string | null }>`
      select min(normalized_payload->>'date') as day from import_rows
      where job_id = ${this.#chunk.job.id}::uuid and title_key = ${titleKey}
        and (normalized_payload->>'season')::int is not distinct from ${normalized.season}::int
        and normalized_payload->>'intent' = 'viewing'`.execute(this.#chunk.context.db);
    return rows[0]?.day ?? normalized.date;
  }

  /** Their earlier attempts ended before this chunk claimed them. A read that failed is tried again by the next row. */
  async #readOnce(): Promise<void> {
    this.#read ??= readRemoteRecords(this.#upstreams, this.#chunk.job.catalogue, "movie");
    try {
      await this.#read;
    } catch (error) {
      this.#read = undefined;
      throw error;
    }
  }

  /** @returns false when the row is not ours any more, or the job does not run */
  async #stateIntent(row: ClaimedRow, key: string): Promise<boolean> {
    const { claim, context, job } = this.#chunk;
    const result = await context.db
      .updateTable("import_rows")
      .set({ write_key: key })
      .where("job_id", "=", claim.jobId)
      .where("row_number", "=", row.rowNumber)
      .where("claim_token", "=", claim.token)
      .where("status", "=", "processing")
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("import_jobs").select("id").where("id", "=", job.id).where("status", "=", "processing"),
        ),
      )
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  #duplicateOf(row: ClaimedRow, match: Resolution, recordId: string | null): RowOutcome {
    const outcome = duplicate(row, match, this.#chunk.job.id, {
      workId: "",
      importJobId: null,
      rowNumber: null,
    });
    const { workId: _none, ...rest } = outcome;
    return {
      ...rest,
      outcome: { match: matchSummary(match), duplicateOf: { recordId } },
      ...(recordId ? { targetRecordId: recordId } : {}),
    };
  }

  /** What has happened over there is kept, for undoing it too, even when the job was cancelled meanwhile. */
  #settleWritten(
    kind: "remote_film" | "remote_season",
    row: ClaimedRow,
    match: Resolution,
    recordId: string,
  ): Promise<void> {
    return this.#settle(done(row, match, recordId), true, { rowNumber: row.rowNumber, kind, recordId });
  }

  async #settle(outcome: RowOutcome, evenIfCancelled: boolean, change?: LedgerEntry): Promise<void> {
    const { claim, context, job } = this.#chunk;
    await context.db.transaction().execute(async (trx) => {
      if (change) await noteChanges(trx, job.id, [change]);
      if ((await settleRows(trx, claim, [outcome], { evenIfCancelled })) < 1) throw new ClaimLost();
      await finishIfDone(trx, job.id);
    });
    this.#chunk.close([outcome]);
  }
}

function done(row: ClaimedRow, match: Resolution, recordId: string): RowOutcome {
  return {
    rowNumber: row.rowNumber,
    status: "success",
    outcome: { match: matchSummary(match) },
    targetRecordId: recordId,
  };
}

/** The remote contract knows viewings only. Saying so beats writing a film as seen that was only wished for. */
function notCarried(row: ClaimedRow): RowOutcome {
  const what = {
    wish: "A film wanted",
    rating: "A rating without a viewing",
    listing: "A place in a list",
    viewing: "",
  }[row.normalized.intent];
  return {
    rowNumber: row.rowNumber,
    status: "skipped",
    errorCode: "NOT_A_VIEWING",
    errorMessage: `${what} cannot be written to a remote catalogue, which takes viewings only.`,
  };
}

/** Deterministic: the same over all attempts, workers and retries, and another one as soon as the row is corrected. */
function writeKey(jobId: string, row: ClaimedRow): string {
  return createHash("sha256")
    .update(`${jobId}\n${row.rowNumber}\n${JSON.stringify(row.normalized)}`)
    .digest("hex");
}

/** A film as the remote contract takes it (UPSTREAMS §5). */
function recordOf(row: ClaimedRow, match: Resolution, facts: TitleFacts | null): CatalogueMovie {
  const imdbRating = facts?.ratings.find((rating) => rating.sourceName === "IMDb")?.valueRaw ?? null;
  return {
    title: facts?.title ?? row.normalized.title,
    description: facts?.meta?.overview ?? null,
    language: facts?.originalLanguage ?? null,
    year: facts?.year ?? row.normalized.yearHint,
    genre: facts?.meta?.genres?.join(", ") || null,
    viewingDate: row.normalized.date,
    imdbRating,
    imdbId: facts?.imdbId ?? match.imdbId,
    posterUrl: facts?.meta?.posterUrls?.large ?? null,
    tmdbId: match.tmdbId,
    loved: row.normalized.rating !== null && row.normalized.rating >= 9,
  };
}
