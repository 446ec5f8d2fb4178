import { createHash } from "node:crypto";
import { type Chunk, ClaimLost, type RowToWrite, type Target } from "#app/imports/chunk.server.ts";
import { duplicate, matchSummary } from "#app/imports/entry.ts";
import { finishIfDone } from "#app/imports/lifecycle.server.ts";
import {
  checkCatalogue,
  findRemoteRecord,
  readRemoteRecords,
  rememberRemoteRecord,
} from "#app/imports/remote-records.server.ts";
import { type ClaimedRow, type RowOutcome, settleRows } from "#app/imports/rows.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import {
  type CatalogueMedia,
  createMovie,
  createShow,
  type WriteResult,
} from "#app/upstreams/catalogue/client.server.ts";
import type { CatalogueMovie } from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import type { TitleFacts } from "#app/works/title-facts.ts";

/**
 * Writes to a remote catalogue over HTTP, each row by itself (decision 5): the intent is committed first, with the key that
 * all attempts share; then the call; then the outcome. What happened is recorded even when the job was cancelled meanwhile.
 */
export class RemoteTarget implements Target {
  readonly needsFacts = true;
  readonly #chunk: Chunk;
  readonly #upstreams: UpstreamContext;
  /** What stands over there, read once for all rows of the chunk that an earlier attempt may have sent. */
  readonly #reads: Partial<Record<CatalogueMedia, Promise<unknown> | undefined>> = {};

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    // Without the worker's stop signal: a write that has begun is finished, not left unknown.
    this.#upstreams = { db: chunk.context.db, config: chunk.context.config, priority: "bulk" };
  }

  /** Nothing of a remote import stands in our own catalogue: details are always needed, from the cache as a rule. */
  async findWorks(): Promise<Map<string, string>> {
    return new Map();
  }

  async settle(outcome: RowOutcome): Promise<void> {
    await this.#settle(outcome, false);
  }

  async flush(): Promise<void> {}

  async write({ row, match, facts }: RowToWrite): Promise<void> {
    const { job, context } = this.#chunk;
    if (row.normalized.intent !== "viewing") return this.settle(notCarried(row));
    checkCatalogue(job.catalogue, context.config);
    if (row.writeKey) await this.#readOnce(match.mediaType ?? "movie");
    if (row.writeKey || job.skipDuplicates) {
      const standing = await findRemoteRecord(context.db, job.catalogue, row, match);
      // An earlier attempt had sent this row: what stands there now is its effect.
      if (standing && row.writeKey) return this.#settle(done(row, match, standing), true);
      if (standing) return this.settle(this.#duplicateOf(row, match, standing));
    }
    const key = writeKey(job.id, row);
    if (!(await this.#stateIntent(row, key))) throw new ClaimLost();
    const result = await this.#send(match, recordOf(row, match, facts), key);
    if (result.outcome === "exists") return this.settle(this.#duplicateOf(row, match, null));
    await rememberRemoteRecord(context.db, job.catalogue, result.recordId, row, match);
    await this.#settle(done(row, match, result.recordId), true);
  }

  /** Their earlier attempts ended before this chunk claimed them. A read that failed is tried again by the next row. */
  async #readOnce(media: CatalogueMedia): Promise<void> {
    this.#reads[media] ??= readRemoteRecords(this.#upstreams, this.#chunk.job.catalogue, media);
    try {
      await this.#reads[media];
    } catch (error) {
      this.#reads[media] = undefined;
      throw error;
    }
  }

  #send(match: Resolution, record: CatalogueMovie, key: string): Promise<WriteResult> {
    if (match.mediaType !== "tv") return createMovie(this.#upstreams, record, key);
    const { viewingDate, loved, ...show } = record;
    return createShow(
      this.#upstreams,
      { ...show, loved, showName: record.title, startedDate: viewingDate, status: "Started" },
      key,
    );
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

  async #settle(outcome: RowOutcome, evenIfCancelled: boolean): Promise<void> {
    const { claim, context, job } = this.#chunk;
    await context.db.transaction().execute(async (trx) => {
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
    genre: facts?.meta?.genres.join(", ") || null,
    viewingDate: row.normalized.date,
    imdbRating,
    imdbId: facts?.imdbId ?? match.imdbId,
    posterUrl: facts?.meta?.posterUrls?.large ?? null,
    tmdbId: match.tmdbId,
    loved: row.normalized.rating !== null && row.normalized.rating >= 9,
  };
}
