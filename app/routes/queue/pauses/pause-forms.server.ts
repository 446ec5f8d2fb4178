import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { isTaskName } from "#app/queue/catalog.ts";
import { flagLabel, type PauseTarget, parseFlag } from "#app/queue/job-flags.ts";
import { pause, resume } from "#app/queue/pauses.server.ts";
import { resumeUpstream } from "#app/routes/upstreams/resume-upstream.server.ts";
import { SERVICES } from "#app/upstreams/services.ts";

/** The forms that pause and resume, told apart by `intent`. */
const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("pause"), flag: z.string().max(200), reason: z.string().max(2_000) }),
  z.object({ intent: z.literal("resume"), pause: z.string().regex(/^\d{1,18}$/) }),
  z.object({ intent: z.literal("close-circuit"), service: z.enum(SERVICES) }),
]);

interface Call {
  db: Db;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · NOTHING_CHOSEN (422), and what the domain functions throw
 */
export async function runPauseForm(call: Call, sent: FormData): Promise<{ intent: string; message: string }> {
  const read = forms.safeParse(Object.fromEntries(sent));
  if (!read.success) throw unknownForm();
  const form = read.data;
  switch (form.intent) {
    case "pause":
      return { intent: form.intent, message: await pauseTarget(call, form) };
    case "resume":
      return { intent: form.intent, message: await resumePause(call, form.pause) };
    case "close-circuit":
      return { intent: form.intent, message: await resumeUpstream(call, form.service) };
  }
}

async function pauseTarget(
  { db, actor, requestId }: Call,
  form: { flag: string; reason: string },
): Promise<string> {
  const target = readTarget(form.flag);
  return db.transaction().execute(async (trx) => {
    const paused = await pause(trx, { target, reason: form.reason, by: actor.name });
    await audit(trx, {
      actor,
      requestId,
      action: "queue.pause",
      subject: paused.flag,
      details: { reason: paused.reason },
    });
    return `Paused ${flagLabel(paused.flag)}. What runs now ends as it would; nothing of it is begun from a second on.`;
  });
}

/** A task that is not ours would be paused without anybody ever noticing. */
function readTarget(flag: string): PauseTarget {
  const target = parseFlag(flag);
  if (target === null || (target.kind === "task" && !isTaskName(target.task)))
    throw new AppError("NOTHING_CHOSEN", 422, "Choose what to pause.");
  return target;
}

async function resumePause({ db, actor, requestId }: Call, pauseId: string): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const { flag, pausedAt, reason } = await resume(trx, { pauseId, by: actor.name });
    await audit(trx, {
      actor,
      requestId,
      action: "queue.resume",
      subject: flag,
      details: { pausedAt, reason },
    });
    return `Resumed ${flagLabel(flag)}. Its jobs are taken up within seconds.`;
  });
}
