import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#app/db/client.server.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import { ClaimLost } from "#app/imports/chunk.server.ts";
import {
  findRemoteSeason,
  isRemoteSeasonListed,
  readRemoteRecords,
  rememberRemoteSeason,
  wroteSeason,
} from "#app/imports/remote-records.server.ts";
import { naturalKey, type RemoteSeason } from "#app/imports/remote-show.ts";
import {
  findSeasonWrite,
  leaveSeasonWrite,
  renewSeasonWrite,
  type SeasonWrite,
  settleSeasonWrite,
  stateSeasonWrite,
  takeOverSeasonWrite,
  withdrawSeasonWrite,
} from "#app/imports/season-writes.server.ts";
import { createShow } from "#app/upstreams/catalogue/client.server.ts";
import type { CatalogueShow } from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";

/** While another row writes the same season, it is waited for this long; then the chunk comes again. */
const PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 100;
const COME_AGAIN_MS = 1_000;

/** What a row brings along for its season. */
export interface SeasonOffer {
  season: RemoteSeason;
  /** What would be sent. Asked for only by the row that may have to send it. */
  body: () => Promise<CatalogueShow>;
  /** Notes on the row that it is about to send. @returns false when the row is not ours any more */
  stateIntent: (idempotencyKey: string) => Promise<boolean>;
}

/** The record of a season. `stood`: it was there before this import. The id is null when the catalogue only says that it has it. */
export interface SeasonRecord {
  recordId: string | null;
  stood: boolean;
}

/**
 * Sees to it that a remote catalogue has each season once: the first row of a season writes it, all others find it written.
 * One per chunk.
 */
export class SeasonWriter {
  readonly #db: Db;
  readonly #upstreams: UpstreamContext;
  readonly #catalogue: string;
  readonly #jobId: string;
  /** What the catalogue will not take from any row of the season: said once per chunk, not once per row. */
  readonly #refused = new Map<string, UpstreamError>();
  /** Seasons that the catalogue says it has, and that are not found in its list. */
  readonly #unlisted = new Set<string>();

  constructor(upstreams: UpstreamContext, job: { id: string; catalogue: string }) {
    this.#db = upstreams.db;
    this.#upstreams = upstreams;
    this.#catalogue = job.catalogue;
    this.#jobId = job.id;
  }

  /**
   * @throws RetryLater while another row is at it · ClaimLost · UpstreamError · UpstreamPaused
   */
  async write(offer: SeasonOffer): Promise<SeasonRecord> {
    const key = naturalKey(offer.season);
    const refusal = this.#refused.get(key);
    if (refusal) throw refusal;
    if (this.#unlisted.has(key)) return { recordId: null, stood: true };
    const which = { catalogue: this.#catalogue, naturalKey: key };
    const patient = { ...offer, body: once(offer.body) };
    const patienceEnds = performance.now() + PATIENCE_MS;
    for (;;) {
      const record = await this.#attempt(which, patient);
      if (record) return record;
      if (performance.now() > patienceEnds)
        throw new RetryLater("Another row of this season is just being written.", COME_AGAIN_MS);
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** @returns null while another row is at it */
  async #attempt(
    which: { catalogue: string; naturalKey: string },
    offer: SeasonOffer,
  ): Promise<SeasonRecord | null> {
    const write = await findSeasonWrite(this.#db, which);
    if (write?.recordId) return this.#written(write, write.recordId, offer);
    if (!write?.body) {
      const recordId = await this.#find(offer.season);
      if (recordId) return { recordId, stood: !(await this.#isOwn(recordId, offer.season)) };
    }
    const intent = { importJobId: this.#jobId, body: filled(await offer.body()) };
    const mine = write
      ? await takeOverSeasonWrite(this.#db, which, intent)
      : await stateSeasonWrite(this.#db, which, intent);
    return mine ? this.#send(mine, offer, write?.body != null) : null;
  }

  /** By this import, or by an earlier one; then it is there before us, unless it was deleted over there since. */
  async #written(write: SeasonWrite, recordId: string, offer: SeasonOffer): Promise<SeasonRecord | null> {
    if (write.importJobId === this.#jobId) return { recordId, stood: false };
    if (await this.#isListed(recordId, offer.season)) return { recordId, stood: true };
    // What was read when the import started may be old by now, and writing twice is worse than reading twice.
    await this.#look();
    if (await this.#isListed(recordId, offer.season)) return { recordId, stood: true };
    const elsewhere = await this.#find(offer.season);
    if (elsewhere) return { recordId: elsewhere, stood: true };
    const intent = { importJobId: this.#jobId, body: filled(await offer.body()) };
    const mine = await renewSeasonWrite(this.#db, write, intent);
    return mine ? this.#send(mine, offer, false) : null;
  }

  /** @param wasSent an earlier call may have had its effect */
  async #send(write: SeasonWrite, offer: SeasonOffer, wasSent: boolean): Promise<SeasonRecord> {
    try {
      if (!(await offer.stateIntent(write.idempotencyKey))) throw new ClaimLost();
      if (wasSent) await this.#look();
    } catch (error) {
      await leaveSeasonWrite(this.#db, write);
      throw error;
    }
    const standing = wasSent ? await this.#find(offer.season) : null;
    const recordId = standing ?? (await this.#create(write));
    if (recordId) {
      await settleSeasonWrite(this.#db, write, recordId);
      await rememberRemoteSeason(this.#db, this.#catalogue, recordId, offer.season);
      return { recordId, stood: false };
    }
    return this.#alreadyThere(write, offer, wasSent);
  }

  /** @returns the record's id; null when the catalogue says that it has the season */
  async #create(write: SeasonWrite): Promise<string | null> {
    try {
      const body = write.body as CatalogueShow | null;
      const result = await createShow(this.#upstreams, body ?? { title: "" }, write.idempotencyKey);
      return result.outcome === "written" ? result.recordId : null;
    } catch (error) {
      if (!hasCertainlyNotHappened(error)) {
        await leaveSeasonWrite(this.#db, write);
        throw error;
      }
      await withdrawSeasonWrite(this.#db, write);
      if (error instanceof UpstreamError && !error.retryable) this.#refused.set(write.naturalKey, error);
      throw error;
    }
  }

  async #alreadyThere(write: SeasonWrite, offer: SeasonOffer, wasSent: boolean): Promise<SeasonRecord> {
    await withdrawSeasonWrite(this.#db, write);
    await this.#look();
    const recordId = await this.#find(offer.season);
    if (!recordId) this.#unlisted.add(write.naturalKey);
    return { recordId, stood: !(wasSent && recordId) };
  }

  #look(): Promise<number> {
    return readRemoteRecords(this.#upstreams, this.#catalogue, "tv");
  }

  #find(season: RemoteSeason): Promise<string | null> {
    return findRemoteSeason(this.#db, this.#catalogue, season);
  }

  #isListed(recordId: string, season: RemoteSeason): Promise<boolean> {
    return isRemoteSeasonListed(this.#db, this.#catalogue, recordId, season);
  }

  #isOwn(recordId: string, season: RemoteSeason): Promise<boolean> {
    return wroteSeason(this.#db, this.#catalogue, this.#jobId, recordId, season);
  }
}

/** A call that was not made, or was refused as it stands. */
function hasCertainlyNotHappened(error: unknown): boolean {
  if (error instanceof UpstreamError) return !error.outcomeUnknown;
  return error instanceof RetryLater || error instanceof AppError;
}

/** It costs a look-up: a row that waits for its turn has it made once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** What is kept is what goes over the wire. */
function filled(body: CatalogueShow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  );
}
