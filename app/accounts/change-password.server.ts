import { sql } from "kysely";
import { audit } from "#app/accounts/audit.server.ts";
import { inTransaction } from "#app/accounts/in-transaction.server.ts";
import { hashPassword, verifyPassword } from "#app/accounts/password-hash.server.ts";
import { passwordProblem } from "#app/accounts/password-rules.ts";
import { giveBack, requireAllowance } from "#app/accounts/request-limit.server.ts";
import { revokeSessions } from "#app/accounts/sessions.server.ts";
import type { RateLimit } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

/** Wrong current passwords from a session, which somebody may have left open. */
const RATE: RateLimit = { requests: 10, perMs: 600_000 };

/**
 * Gives an operator a new password and ends their other sessions: who changes a password often does it because somebody
 * else may know the old one.
 *
 * @param change.sessionId the session that stays
 * @returns how many other sessions were ended
 * @throws AppError 422 `CURRENT_PASSWORD_WRONG`, `PASSWORD_REFUSED` (each with `details.field`), 429 `TOO_MANY_REQUESTS`
 */
export async function changePassword(
  db: Db,
  operator: { id: string; email: string; sessionId: string },
  change: { current: string; next: string; requestId?: string },
): Promise<number> {
  const problem = passwordProblem(change.next, operator.email);
  if (problem) throw new AppError("PASSWORD_REFUSED", 422, problem, { field: "next" });
  const subject = `change-password:${operator.id}`;
  await requireAllowance(db, subject, RATE, "Too many wrong passwords.");
  const row = await db
    .selectFrom("operators")
    .select("password_hash")
    .where("id", "=", operator.id)
    .executeTakeFirst();
  if (!(await verifyPassword(row?.password_hash, change.current)))
    throw new AppError("CURRENT_PASSWORD_WRONG", 422, "This is not your current password.", {
      field: "current",
    });
  await giveBack(db, subject, RATE);
  const passwordHash = await hashPassword(change.next);
  return inTransaction(db, async (trx) => {
    await trx
      .updateTable("operators")
      .set({ password_hash: passwordHash, updated_at: sql`now()` })
      .where("id", "=", operator.id)
      .execute();
    const ended = await revokeSessions(trx, operator.id, operator.sessionId);
    await audit(trx, {
      actor: { type: "operator", id: operator.id, name: operator.email },
      action: "operator.change_password",
      subject: `operator:${operator.id}`,
      details: { endedSessions: ended },
      requestId: change.requestId,
    });
    return ended;
  });
}
