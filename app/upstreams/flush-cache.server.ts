import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/** Answers per statement: nobody who stores one waits long for it. */
const BATCH = 5_000;

/**
 * Forgets every answer of a service that is kept now, fresh or not. What is being fetched meanwhile stays claimed by whoever
 * fetches it, so that the others go on waiting for that one call, and its answer is kept as usual.
 *
 * @returns how many answers were forgotten
 */
export async function flushCache(db: Db, service: Service): Promise<number> {
  // Keys in their order, each once: answers that come in meanwhile cannot keep this going for ever.
  let after = "";
  let flushed = 0;
  for (;;) {
    const { rows } = await sql<{ flushed: number; last: string | null }>`
      with kept as materialized (
        select request_key from upstream_cache
        where service = ${service} and request_key > ${after} order by request_key limit ${BATCH}),
      in_flight as (
        update upstream_cache set status = null, body = null, fetched_at = null, expires_at = null
        where service = ${service} and request_key in (select request_key from kept)
          and fetching_until > clock_timestamp() and status is not null
        returning 1),
      forgotten as (
        delete from upstream_cache
        where service = ${service} and request_key in (select request_key from kept)
          and (fetching_until is null or fetching_until <= clock_timestamp())
        returning status)
      select (select count(*) from in_flight)::int + (select count(status) from forgotten)::int as flushed,
        (select max(request_key) from kept) as last`.execute(db);
    flushed += rows[0]?.flushed ?? 0;
    const last = rows[0]?.last;
    if (last === null || last === undefined) return flushed;
    after = last;
  }
}
