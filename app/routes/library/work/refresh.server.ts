import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { AppContext } from "#app/context.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { refreshSource } from "#app/works/refresh-source.ts";
import { findWork } from "#app/works/work-detail.server.ts";

const form = z.object({ intent: z.literal("refresh") });

interface Call extends Pick<AppContext, "db" | "config"> {
  workId: string;
  actor: Actor;
  requestId: string;
}

/**
 * Queues a work's refresh past what is kept, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · WORK_NOT_FOUND (404) · NOBODY_TO_ASK (409)
 */
export async function runWorkAction(call: Call, sent: FormData): Promise<{ message: string }> {
  const { db, config, actor, requestId } = call;
  if (!form.safeParse(Object.fromEntries(sent)).success) throw unknownForm();
  const work = await findWork(db, call.workId);
  const { reason } = refreshSource(work, config);
  if (reason !== null) throw new AppError("NOBODY_TO_ASK", 409, reason);
  await db.transaction().execute(async (trx) => {
    await audit(trx, { actor, requestId, action: "work.refresh", subject: `work:${work.workId}` });
    await enqueue(trx, "refresh_work", { workId: Number(work.workId), force: true });
  });
  return { message: "Refresh is on its way. This page changes when it arrives." };
}
