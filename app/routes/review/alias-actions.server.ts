import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { againAfterDeadlock } from "#app/db/again-after-deadlock.ts";
import type { Db } from "#app/db/client.server.ts";
import { revokeAlias } from "#app/imports/review/take-back.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { takenBackSentence } from "#app/routes/review/taken-back-sentence.ts";

const form = z.object({ intent: z.literal("revoke"), key: z.string().min(1).max(300) });

/**
 * Revokes an alias, in one transaction with its entry in the audit log.
 *
 * @throws AppError UNKNOWN_INTENT (400) · ALIAS_NOT_FOUND (409)
 */
export async function runAliasAction(
  db: Db,
  { actor, requestId }: { actor: Actor; requestId: string },
  sent: FormData,
): Promise<{ message: string }> {
  const read = form.safeParse(Object.fromEntries(sent));
  if (!read.success) throw unknownForm();
  const { key } = read.data;
  const takenBack = await againAfterDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const revoked = await revokeAlias(trx, key, actor.name);
      const { rows, written } = revoked;
      await audit(trx, {
        actor,
        requestId,
        action: "alias.revoke",
        subject: `alias:${key}`,
        details: { rows, written },
      });
      return revoked;
    }),
  );
  return { message: takenBackSentence("Revoked", takenBack) };
}
