import { redirect } from "react-router";
import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { unknownForm } from "#app/middleware/unknown-form.ts";
import { startBulkAction } from "#app/queue/bulk-actions.server.ts";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import { failedJobIds } from "#app/queue/console/failed-jobs.server.ts";
import { findFailureGroup, ignoreFailureGroup, unignoreFailureGroup } from "#app/queue/failures.server.ts";
import { MOST_SELECTED, outcomeSentence } from "#app/queue/job-action.ts";
import { IGNORE_SPANS, isIgnoreSpan } from "#app/routes/queue/failures/ignore-spans.ts";
import { formatMoment } from "#app/ui/format.ts";

const fingerprint = z.string().regex(/^[0-9a-f]{1,64}$/);

/** The forms of the pages on failures, told apart by `intent`. */
const forms = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("retry-group"), fingerprint }),
  z.object({
    intent: z.literal("ignore"),
    fingerprint,
    span: z.string().max(20),
    until: z.string().max(40).default(""),
    reason: z.string().max(2_000).default(""),
  }),
  z.object({ intent: z.literal("unignore"), fingerprint }),
]);

type FailureForm = z.infer<typeof forms>;

interface Call {
  db: Db;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form asks for, in one transaction with its entry in the audit log.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT (400) · NOTHING_TO_RETRY (409), and what the domain functions throw; a redirect to the bulk
 * action that retries a large group
 */
export async function runFailureForm(call: Call, sent: FormData): Promise<{ message: string }> {
  const read = forms.safeParse(Object.fromEntries(sent));
  if (!read.success) throw unknownForm();
  const form = read.data;
  switch (form.intent) {
    case "retry-group": {
      const retried = await retryGroup(call, form.fingerprint);
      if ("bulkAction" in retried) throw redirect(`/queue/actions/${retried.bulkAction}`);
      return retried;
    }
    case "ignore":
      return { message: await ignore(call, form) };
    case "unignore":
      return { message: await unignore(call, form.fingerprint) };
  }
}

/** A group that fits a selection is retried at once; a larger one by a bulk action, which has its own page. */
async function retryGroup(
  { db, actor, requestId }: Call,
  group: string,
): Promise<{ message: string } | { bulkAction: string }> {
  return db.transaction().execute(async (trx) => {
    await findFailureGroup(trx, group);
    const jobIds = await failedJobIds(trx, group, MOST_SELECTED + 1);
    if (jobIds.length === 0)
      throw new AppError(
        "NOTHING_TO_RETRY",
        409,
        "No failed job of this group waits any more: they were retried or discarded meanwhile.",
      );
    const entry = { actor, requestId, action: "failure.retry", subject: `failure_group:${group}` };
    if (jobIds.length <= MOST_SELECTED) {
      const outcome = await actOnJobs(trx, jobIds, { name: "retry" }, "failed");
      await audit(trx, { ...entry, details: { jobs: jobIds, ...outcome } });
      return { message: outcomeSentence("retry", outcome) };
    }
    const { id, asked } = await startBulkAction(trx, {
      action: { name: "retry" },
      state: "failed",
      filter: { fingerprint: group },
      requestedBy: actor.name,
    });
    await audit(trx, { ...entry, details: { bulkAction: id, asked } });
    return { bulkAction: id };
  });
}

async function ignore(
  { db, actor, requestId }: Call,
  form: Extract<FailureForm, { intent: "ignore" }>,
): Promise<string> {
  const until = untilOf(form);
  await db.transaction().execute(async (trx) => {
    await ignoreFailureGroup(trx, { ...form, until, by: actor.name });
    await audit(trx, {
      actor,
      requestId,
      action: "failure.ignore",
      subject: `failure_group:${form.fingerprint}`,
      details: { until, reason: form.reason.trim() },
    });
  });
  return `Ignored until ${formatMoment(until)}. Failures of this cause are counted on.`;
}

async function unignore({ db, actor, requestId }: Call, group: string): Promise<string> {
  await db.transaction().execute(async (trx) => {
    await unignoreFailureGroup(trx, group);
    await audit(trx, { actor, requestId, action: "failure.unignore", subject: `failure_group:${group}` });
  });
  return "Its failed jobs count again among what needs somebody.";
}

/** A span from now, or the moment that was typed, which is UTC as all times. */
function untilOf({ span, until }: { span: string; until: string }): Date {
  if (isIgnoreSpan(span)) return new Date(Date.now() + IGNORE_SPANS[span].ms);
  const moment = new Date(`${until.slice(0, 16)}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(until) || Number.isNaN(moment.getTime()))
    throw new AppError("BAD_TIME", 422, "Choose how long, or a date and a time in UTC.");
  return moment;
}
