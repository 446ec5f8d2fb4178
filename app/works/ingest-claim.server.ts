import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";

/** The right to write one film: held by a token and a lease on the database's clock, never by a lock (decision 4). */
export interface IngestClaim {
  tmdbId: number;
  token: string;
}

/**
 * Claims a film and shows it as `ingesting`. A claim whose worker died is taken over when its lease has run out.
 *
 * @param leaseMs longer than the ingest can take
 * @returns null while somebody else is at it
 */
export async function claimIngest(db: Db, tmdbId: number, leaseMs: number): Promise<IngestClaim | null> {
  const token = randomUUID();
  const { rows } = await sql`
    with claimed as (
      insert into ingest_claims as claim (tmdb_id, token, lease_until)
      values (${tmdbId}, ${token}, clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8))
      on conflict (tmdb_id) do update
        set token = excluded.token, lease_until = excluded.lease_until, claimed_at = clock_timestamp()
        where claim.lease_until <= clock_timestamp()
      returning tmdb_id
    ), marked as (
      update works set ingestion_status = 'ingesting', updated_at = clock_timestamp()
      where media_type = 'movie' and tmdb_id = (select tmdb_id from claimed)
    )
    select from claimed`.execute(db);
  return rows.length > 0 ? { tmdbId, token } : null;
}

/**
 * Ends a claim on the transaction that writes what came of it; the row stays locked until the transaction ends, so nobody
 * else can claim the film in between.
 *
 * @returns false when the claim was taken over meanwhile: then nothing may be written
 */
export async function endClaim(trx: Kysely<Database>, claim: IngestClaim): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("ingest_claims")
    .where("tmdb_id", "=", claim.tmdbId)
    .where("token", "=", claim.token)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * Ends a claim without news. With a sentence the film is `failed`, and what was known of it stays; without one it goes back to
 * what it was.
 *
 * @returns the film's work, if there is one
 */
export async function giveUpClaim(
  db: Db,
  claim: IngestClaim,
  failure: string | null,
): Promise<{ workId: string | null }> {
  return db.transaction().execute(async (trx) => {
    const own = await endClaim(trx, claim);
    const error = failure === null ? sql<string | null>`ingestion_error` : failure;
    const work = trx.updateTable("works").set({
      ingestion_error: error,
      ingestion_status: sql`case when ${error}::text is not null then 'failed'
        when last_tmdb_update is not null then 'complete' else 'pending' end`,
      updated_at: sql`clock_timestamp()`,
    });
    const found = own
      ? await work
          .where("media_type", "=", "movie")
          .where("tmdb_id", "=", claim.tmdbId)
          .returning("work_id as workId")
          .executeTakeFirst()
      : undefined;
    return { workId: found?.workId ?? null };
  });
}
