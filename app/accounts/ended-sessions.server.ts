import { sql } from "kysely";
import { SESSION_IDLE_MS } from "#app/accounts/sessions.server.ts";
import type { Db } from "#app/db/client.server.ts";

/**
 * Which of some sessions have ended since: signed out, revoked, run out, or their operator disabled. Asking is no use of a
 * session: a page that merely stays open does not keep one alive.
 *
 * @param sessionIds as in `SignedInOperator.sessionId`
 */
export async function findEndedSessions(db: Db, sessionIds: readonly string[]): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set();
  const alive = await db
    .selectFrom("sessions")
    .innerJoin("operators", "operators.id", "sessions.operator_id")
    .select(sql<string>`encode(sessions.token_hash, 'hex')`.as("id"))
    .where(
      "sessions.token_hash",
      "in",
      sessionIds.map((id) => Buffer.from(id, "hex")),
    )
    .where("sessions.expires_at", ">", sql<Date>`now()`)
    .where(
      "sessions.last_seen_at",
      ">",
      sql<Date>`now() - ${SESSION_IDLE_MS}::float8 * interval '1 millisecond'`,
    )
    .where("operators.disabled_at", "is", null)
    .execute();
  const aliveIds = new Set(alive.map((row) => row.id));
  return new Set(sessionIds.filter((id) => !aliveIds.has(id)));
}
