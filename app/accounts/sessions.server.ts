import { createHash } from "node:crypto";
import { sql } from "kysely";
import { confirmedSessions, type FoundSession } from "#app/accounts/confirmed-sessions.server.ts";
import { newSessionToken } from "#app/accounts/session-cookie.server.ts";
import type { Db } from "#app/db/client.server.ts";

const DAY_MS = 86_400_000;
/** A session that nobody used for so long has ended. */
export const SESSION_IDLE_MS = 14 * DAY_MS;
/** A session ends after so long whatever happens. */
export const SESSION_ABSOLUTE_MS = 60 * DAY_MS;

export interface Session {
  /** Names the session among its owner's own; not the token. */
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  userAgent: string | null;
  clientAddress: string | null;
}

/**
 * Starts a session and returns its token, which exists nowhere else: the table holds its SHA-256. Every sign-in gets a
 * new token, so one that was planted in the browser before is worth nothing after.
 */
export async function createSession(
  db: Db,
  session: { operatorId: string; userAgent: string | null; clientAddress: string | null },
): Promise<string> {
  const token = newSessionToken();
  await db
    .insertInto("sessions")
    .values({
      token_hash: hashToken(token),
      operator_id: session.operatorId,
      expires_at: sql`now() + ${interval(SESSION_ABSOLUTE_MS)}`,
      user_agent: session.userAgent?.slice(0, 400) ?? null,
      client_address: session.clientAddress,
    })
    .execute();
  return token;
}

/**
 * Whose session a token is, or null when it has ended, was revoked, never was, or its operator was disabled. Notes the
 * use at most once a minute.
 */
export async function findSession(db: Db, token: string): Promise<FoundSession | null> {
  const hash = hashToken(token);
  const row = await db
    .selectFrom("sessions")
    .innerJoin("operators", "operators.id", "sessions.operator_id")
    .select(["operators.id", "operators.email"])
    .select(sql<boolean>`sessions.last_seen_at < now() - interval '1 minute'`.as("use_is_news"))
    .where("sessions.token_hash", "=", hash)
    .where("sessions.expires_at", ">", sql<Date>`now()`)
    .where("sessions.last_seen_at", ">", sql<Date>`now() - ${interval(SESSION_IDLE_MS)}`)
    .where("operators.disabled_at", "is", null)
    .executeTakeFirst();
  if (!row) return null;
  if (row.use_is_news)
    await db
      .updateTable("sessions")
      .set({ last_seen_at: sql`now()` })
      .where("token_hash", "=", hash)
      .where("last_seen_at", "<", sql<Date>`now() - interval '1 minute'`)
      .execute();
  return { sessionId: hash.toString("hex"), operatorId: row.id, email: row.email };
}

/** As `findSession`, for reads: what this process has found out within the last seconds is not asked again. */
export function findSessionForReading(db: Db, token: string): Promise<FoundSession | null> {
  return confirmedSessions.find(hashToken(token).toString("hex"), () => findSession(db, token));
}

/** Ends the session of a token, wherever else it may be used. */
export async function endSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom("sessions").where("token_hash", "=", hashToken(token)).execute();
  confirmedSessions.forget();
}

/** An operator's sessions that have not ended, last used first. */
export async function listSessions(db: Db, operatorId: string): Promise<Session[]> {
  const rows = await db
    .selectFrom("sessions")
    .select([
      "token_hash",
      "created_at as createdAt",
      "last_seen_at as lastSeenAt",
      "expires_at as expiresAt",
      "user_agent as userAgent",
    ])
    .select(sql<string | null>`host(client_address)`.as("clientAddress"))
    .where("operator_id", "=", operatorId)
    .where("expires_at", ">", sql<Date>`now()`)
    .where("last_seen_at", ">", sql<Date>`now() - ${interval(SESSION_IDLE_MS)}`)
    .orderBy("last_seen_at", "desc")
    .execute();
  return rows.map(({ token_hash, ...session }) => ({ id: token_hash.toString("hex"), ...session }));
}

/**
 * Ends one session of an operator's own.
 *
 * @returns false when the operator has no such session (any more)
 */
export async function revokeSession(db: Db, operatorId: string, sessionId: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(sessionId)) return false;
  const result = await db
    .deleteFrom("sessions")
    .where("operator_id", "=", operatorId)
    .where("token_hash", "=", Buffer.from(sessionId, "hex"))
    .executeTakeFirst();
  confirmedSessions.forget();
  return result.numDeletedRows > 0n;
}

/**
 * Ends an operator's sessions, all or all but one.
 *
 * @returns how many
 */
export async function revokeSessions(db: Db, operatorId: string, keepSessionId?: string): Promise<number> {
  const all = db.deleteFrom("sessions").where("operator_id", "=", operatorId);
  const chosen = keepSessionId ? all.where("token_hash", "<>", Buffer.from(keepSessionId, "hex")) : all;
  const result = await chosen.executeTakeFirst();
  confirmedSessions.forget();
  return Number(result.numDeletedRows);
}

/** Removes the rows of sessions that have ended. */
export async function deleteEndedSessions(db: Db): Promise<void> {
  await db
    .deleteFrom("sessions")
    .where((eb) =>
      eb.or([
        eb("expires_at", "<=", sql<Date>`now()`),
        eb("last_seen_at", "<=", sql<Date>`now() - ${interval(SESSION_IDLE_MS)}`),
      ]),
    )
    .execute();
}

function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function interval(ms: number) {
  return sql`${ms}::float8 * interval '1 millisecond'`;
}
