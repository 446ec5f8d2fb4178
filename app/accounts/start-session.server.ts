import { sql } from "kysely";
import { audit } from "#app/accounts/audit.server.ts";
import { clientAddressOf } from "#app/accounts/client-address.server.ts";
import { inTransaction } from "#app/accounts/in-transaction.server.ts";
import { deleteFullAllowances } from "#app/accounts/request-limit.server.ts";
import { createSession, deleteEndedSessions } from "#app/accounts/sessions.server.ts";
import type { Db } from "#app/db/client.server.ts";

/**
 * Starts a session for somebody who has just proved who they are, records it, and clears away what has ended: sign-ins
 * are rare, so they can pay for that.
 *
 * @returns the token for `sessionCookie`
 */
export async function startSession(
  db: Db,
  operator: { id: string; email: string },
  request: Request,
  requestId?: string,
): Promise<string> {
  const token = await inTransaction(db, async (trx) => {
    await trx
      .updateTable("operators")
      .set({ last_signed_in_at: sql`now()` })
      .where("id", "=", operator.id)
      .execute();
    await audit(trx, {
      actor: { type: "operator", id: operator.id, name: operator.email },
      action: "session.create",
      subject: `operator:${operator.id}`,
      requestId,
    });
    return createSession(trx, {
      operatorId: operator.id,
      userAgent: request.headers.get("user-agent"),
      clientAddress: clientAddressOf(request),
    });
  });
  await deleteEndedSessions(db);
  await deleteFullAllowances(db);
  return token;
}
