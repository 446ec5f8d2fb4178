import { sql } from "kysely";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

export type LimitDecision = { allowed: true; retryAfterMs: 0 } | { allowed: false; retryAfterMs: number };

/**
 * Takes one request out of a subject's allowance: generic cell rate algorithm, in one statement, on the database's
 * clock, so that any number of web processes share one limit and none of them can be fooled by its own clock.
 *
 * A refused request costs nothing: who keeps knocking is let in as soon as a slot is free.
 *
 * @param subject what is limited, for example `api-key:<id>`, free of anything that people typed
 * @param rate so many requests in so many ms in the long run
 * @param burst how many may come at once after a pause; default: the whole allowance of one period
 */
export async function limit(
  db: Db,
  subject: string,
  rate: RateLimit,
  burst = rate.requests,
): Promise<LimitDecision> {
  const intervalMs = rate.perMs / rate.requests;
  const interval = sql`${intervalMs}::float8 * interval '1 millisecond'`;
  // How far ahead of now the subject's next free slot may lie and still be given out.
  const tolerance = sql`${intervalMs * (burst - 1)}::float8 * interval '1 millisecond'`;
  const { rows } = await sql<{ allowed: boolean; retry_after_ms: number | null }>`
    with taken as (
      insert into request_limits as held (subject, next_at)
      values (${subject}, clock_timestamp() + ${interval})
      on conflict (subject) do update
        set next_at = greatest(held.next_at, clock_timestamp()) + ${interval}
        where held.next_at <= clock_timestamp() + ${tolerance}
      returning 1
    )
    select exists (select from taken) as allowed,
      (select extract(epoch from held.next_at - clock_timestamp() - ${tolerance})::float8 * 1000
         from request_limits held where held.subject = ${subject}) as retry_after_ms
  `.execute(db);
  const [row] = rows;
  if (row?.allowed) return { allowed: true, retryAfterMs: 0 };
  // The reading part sees the row as it was before the statement: another process may have moved it since, or made it.
  return { allowed: false, retryAfterMs: Math.max(1, Math.ceil(row?.retry_after_ms ?? intervalMs)) };
}

/**
 * As `limit`, for those who have nothing to say but no.
 *
 * @param what a sentence: what there was too much of
 * @throws AppError 429 `TOO_MANY_REQUESTS` with `details.retryAfterMs`, which becomes `Retry-After`
 */
export async function requireAllowance(
  db: Db,
  subject: string,
  rate: RateLimit,
  what: string,
): Promise<void> {
  const { allowed, retryAfterMs } = await limit(db, subject, rate);
  if (allowed) return;
  const seconds = Math.ceil(retryAfterMs / 1000);
  throw new AppError(
    "TOO_MANY_REQUESTS",
    429,
    `${what} Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
    { retryAfterMs },
  );
}

/** Puts one request back, so that a success does not count against the subject. */
export async function giveBack(db: Db, subject: string, rate: RateLimit): Promise<void> {
  await sql`
    update request_limits set next_at = next_at - ${rate.perMs / rate.requests}::float8 * interval '1 millisecond'
    where subject = ${subject}`.execute(db);
}

/** Removes allowances that are whole again; a missing row means the same. */
export async function deleteFullAllowances(db: Db): Promise<void> {
  await sql`delete from request_limits where next_at < clock_timestamp() - interval '1 hour'`.execute(db);
}
