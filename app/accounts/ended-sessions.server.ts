import { type RawBuilder, sql } from "kysely";
import { SESSION_IDLE_MS } from "#app/accounts/sessions.server.ts";
import type { Db } from "#app/db/client.server.ts";

/**
 * An expression for those of some sessions that are alive: neither signed out, revoked nor run out, nor their operator
 * disabled. Asking is no use of a session: a page that merely stays open does not keep one alive.
 *
 * @param sessionIds as in `SignedInOperator.sessionId`
 */
export function aliveSessions(sessionIds: readonly string[]): RawBuilder<string[]> {
  return sql<string[]>`array(
    select encode(sessions.token_hash, 'hex') from sessions join operators on operators.id = sessions.operator_id
    where sessions.token_hash = any(${sessionIds.map((id) => Buffer.from(id, "hex"))}::bytea[])
      and sessions.expires_at > now()
      and sessions.last_seen_at > now() - ${SESSION_IDLE_MS}::float8 * interval '1 millisecond'
      and operators.disabled_at is null)`;
}

/** Those of some sessions that are not among the ones alive. */
export function endedAmong(sessionIds: readonly string[], alive: readonly string[]): Set<string> {
  const aliveIds = new Set(alive);
  return new Set(sessionIds.filter((id) => !aliveIds.has(id)));
}

/** Which of some sessions have ended since. See `aliveSessions`. */
export async function findEndedSessions(db: Db, sessionIds: readonly string[]): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set();
  const row = await db.selectNoFrom(aliveSessions(sessionIds).as("alive")).executeTakeFirstOrThrow();
  return endedAmong(sessionIds, row.alive);
}
