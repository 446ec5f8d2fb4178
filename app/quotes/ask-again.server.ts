import { type Kysely, sql } from "kysely";
import type { Config } from "#app/config.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { type FilmFilter, filmsThat } from "#app/quotes/films.server.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";

/** As many films as one press queues: a hundred minutes of ten requests each. */
export const MOST_FILMS = 1_000;

/** Somebody waits for it: before all that was queued by itself. */
const BY_HAND_PRIORITY = 0;

function refuseWhileOff(config: Config): void {
  if (!isOn("tabstack", config)) throw new AppError("UPSTREAM_OFF", 409, offSentence("tabstack"));
}

/**
 * Queues the quotes of one film, ahead of the others.
 *
 * @throws AppError UPSTREAM_OFF (409) · NO_IMDB_ID (409)
 */
export async function fetchAgain(trx: Kysely<Database>, config: Config, workId: string): Promise<void> {
  refuseWhileOff(config);
  const { numAffectedRows = 0n } = await sql`
    update quote_fetches set status = 'pending', due_at = null, error_code = null, error_message = null,
      updated_at = clock_timestamp()
    where work_id = ${workId}::bigint`.execute(trx);
  if (numAffectedRows === 0n)
    throw new AppError(
      "NO_IMDB_ID",
      409,
      "Quotes are read from IMDb, and this work is no film with an IMDb id. Add quotes by hand.",
    );
  await enqueue(trx, "fetch_imdb_quotes", { workId: Number(workId) }, { priority: BY_HAND_PRIORITY });
}

/**
 * Puts films on the waiting list, behind those that come in by themselves: the newest `MOST_FILMS` of what is chosen.
 *
 * @returns how many
 * @throws AppError UPSTREAM_OFF (409)
 */
export async function fetchMany(trx: Kysely<Database>, config: Config, filter: FilmFilter): Promise<number> {
  refuseWhileOff(config);
  const { numAffectedRows = 0n } = await sql`
    update quote_fetches set status = 'pending', due_at = clock_timestamp(), is_bulk = true, error_code = null,
      error_message = null, updated_at = clock_timestamp()
    where work_id in (
      select quote_fetches.work_id from ${filmsThat(filter)} and quote_fetches.status <> 'pending'
      order by quote_fetches.work_id desc limit ${MOST_FILMS} for update of quote_fetches skip locked
    )`.execute(trx);
  return Number(numAffectedRows);
}

/**
 * Takes it that IMDb has no quotes of this film now. What stands here stays, and the next empty answer is no news.
 *
 * @throws AppError NOT_SUSPICIOUS (409)
 */
export async function acceptNone(trx: Kysely<Database>, workId: string): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable("quote_fetches")
    .set({ status: "none", is_empty_accepted: true, updated_at: sql<Date>`clock_timestamp()` })
    .where("work_id", "=", workId)
    .where("status", "=", "suspicious")
    .executeTakeFirst();
  if (numUpdatedRows === 0n)
    throw new AppError(
      "NOT_SUSPICIOUS",
      409,
      "Nothing is left to decide: the film was decided on, or fetched again, meanwhile.",
    );
}
