import { redirect } from "react-router";
import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import { againAfterDeadlock } from "#app/db/again-after-deadlock.ts";
import type { Db } from "#app/db/client.server.ts";
import { acceptMismatch, reopenMismatch } from "#app/imports/review/mismatches.server.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { formatQuantity } from "#app/ui/format.ts";

const forms = z.object({ intent: z.enum(["accept", "reopen"]), key: z.string().min(1).max(300) });

/**
 * Decides a mismatch, in one transaction with its entry in the audit log.
 *
 * @throws AppError UNKNOWN_INTENT (400) · NO_MISMATCH (409); a redirect to the title in Review for `reopen`
 */
export async function runMismatchAction(
  db: Db,
  { actor, requestId }: { actor: Actor; requestId: string },
  form: FormData,
): Promise<{ message: string }> {
  const read = forms.safeParse(Object.fromEntries(form));
  if (!read.success) throw unknownForm();
  const { intent, key } = read.data;
  const rows = await againAfterDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const done =
        intent === "accept"
          ? { rows: await acceptMismatch(trx, key, actor.name) }
          : await reopenMismatch(trx, key);
      await audit(trx, {
        actor,
        requestId,
        action: intent === "accept" ? "mismatch.accept" : "mismatch.reopen",
        subject: `title:${key}`,
        details: { ...done },
      });
      return done.rows;
    }),
  );
  if (intent === "reopen") throw redirect(`/review?${new URLSearchParams({ title: key })}`);
  return {
    message: `Kept. ${formatQuantity(rows, "row")} and all later ones with this title stand as they are.`,
  };
}
