import type { Actor } from "#app/accounts/actor.ts";
import type { Db } from "#app/db/client.server.ts";

export interface AuditEntry {
  actor: Actor;
  /** Verb and object, dotted: `api_key.create`, `operator.disable`, `session.revoke`. */
  action: string;
  /** What it was done to, as `kind:id`. */
  subject?: string;
  /** Facts a later reader needs. Never secrets. */
  details?: Record<string, unknown>;
  requestId?: string;
}

/** Records what somebody did. Call it in the transaction of the deed, so that there is never one without the other. */
export async function audit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto("audit_log")
    .values({
      actor_type: entry.actor.type,
      actor: entry.actor.name,
      action: entry.action,
      subject: entry.subject ?? null,
      details: entry.details ? JSON.stringify(entry.details) : null,
      request_id: entry.requestId ?? null,
    })
    .execute();
}
