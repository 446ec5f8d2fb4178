import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { checkCatalogue } from "#app/imports/remote-records.server.ts";
import type { BatchTally } from "#app/imports/undo/remove-records.server.ts";
import type { UndoReason } from "#app/imports/undo/undo-reasons.ts";
import { deleteMovie, listRecords } from "#app/upstreams/catalogue/client.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";

/** A record that was written and changed in the same moment was written only. */
const SAME_MOMENT_MS = 5_000;

/** How a film's record stands over there: as it was written, changed since, or not at all. */
type RemoteState = "clean" | "changed";

/**
 * Removes what an import wrote to a remote catalogue, film by film: the call first, then its line in the ledger, so that what
 * was killed between the two finds the record gone. Series are left: one record may hold seasons of others.
 */
export class RemoteRemoval {
  readonly #ctx: UpstreamContext;
  readonly #job: { id: string; catalogue: string };
  #states: Promise<Map<string, RemoteState>> | undefined;

  constructor(ctx: UpstreamContext, job: { id: string; catalogue: string }) {
    this.#ctx = ctx;
    this.#job = job;
  }

  /**
   * @returns null when none is left to do
   * @throws AppError CATALOGUE_CHANGED · UpstreamError · UpstreamPaused while the catalogue does not answer
   */
  async next(limit: number): Promise<BatchTally | null> {
    checkCatalogue(this.#job.catalogue, this.#ctx.config);
    const seasons = await leaveSeasons(this.#ctx.db, this.#job.id);
    if (seasons > 0) return { removed: 0, left: seasons };
    const films = await this.#ctx.db
      .selectFrom("import_changes")
      .select(["row_number as rowNumber", "record_id as recordId"])
      .where("job_id", "=", this.#job.id)
      .where("kind", "=", "remote_film")
      .where("undo_result", "is", null)
      .orderBy("row_number")
      .limit(limit)
      .execute();
    if (films.length === 0) return null;
    const tally = { removed: 0, left: 0 };
    for (const film of films) {
      const reason = await this.#remove(film.recordId);
      await this.#note(film.rowNumber, film.recordId, reason);
      if (reason === null || reason === "GONE") tally.removed++;
      else tally.left++;
    }
    return tally;
  }

  async #remove(recordId: string): Promise<UndoReason | null> {
    this.#states ??= this.#read();
    const state = (await this.#states).get(recordId);
    if (state === undefined) return "GONE";
    if (state === "changed") return "REMOTE_CHANGED";
    try {
      await deleteMovie(this.#ctx, recordId);
      return null;
    } catch (error) {
      if (error instanceof UpstreamError && saysGone(error)) return "GONE";
      if (error instanceof UpstreamError && !error.retryable) return "REMOTE_REFUSED";
      throw error;
    }
  }

  async #read(): Promise<Map<string, RemoteState>> {
    const states = new Map<string, RemoteState>();
    for await (const { records } of listRecords(this.#ctx, "movie"))
      for (const { id, createdAt, updatedAt } of records) {
        const apart = Date.parse(updatedAt ?? "") - Date.parse(createdAt ?? "");
        states.set(id, apart > SAME_MOMENT_MS ? "changed" : "clean");
      }
    return states;
  }

  async #note(rowNumber: number, recordId: string, reason: UndoReason | null): Promise<void> {
    const { id, catalogue } = this.#job;
    const isThere = reason !== null && reason !== "GONE";
    await this.#ctx.db.transaction().execute(async (trx) => {
      await trx
        .updateTable("import_changes")
        .set({
          undo_result: reason === null ? "removed" : isThere ? "left" : "gone",
          undo_reason: reason,
        })
        .where("job_id", "=", id)
        .where("row_number", "=", rowNumber)
        .where("kind", "=", "remote_film")
        .execute();
      if (isThere) return;
      await trx
        .deleteFrom("remote_records")
        .where("catalogue", "=", catalogue)
        .where("media_type", "=", "movie")
        .where("record_id", "=", recordId)
        .execute();
    });
  }
}

/** A 404, or a 2xx with those words in it, as the real one answers. */
const saysGone = (error: UpstreamError): boolean =>
  error.status === 404 || /not found/i.test(error.said ?? "");

async function leaveSeasons(db: Db, jobId: string): Promise<number> {
  const reason: UndoReason = "REMOTE_SERIES";
  const { numAffectedRows } = await sql`
    update import_changes set undo_result = 'left', undo_reason = ${reason}
    where job_id = ${jobId}::uuid and kind = 'remote_season' and undo_result is null`.execute(db);
  return Number(numAffectedRows ?? 0);
}
