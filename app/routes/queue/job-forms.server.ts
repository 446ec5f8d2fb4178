import { redirect } from "react-router";
import { z } from "zod";
import type { Actor } from "#app/accounts/actor.ts";
import { audit } from "#app/accounts/audit.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import { startBulkAction } from "#app/queue/bulk-actions.server.ts";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import {
  type JobAction,
  jobActionNames,
  MOST_SELECTED,
  outcomeSentence,
  PRIORITY_LIMITS,
} from "#app/queue/job-action.ts";
import { parseJobFilter } from "#app/queue/job-filter.ts";
import { waitingStates } from "#app/queue/job-state.ts";
import { readRescheduleTime } from "#app/queue/reschedule-time.ts";

const jobId = z.string().regex(/^[1-9]\d{0,17}$/);

/** The forms that act on jobs: a selection by its ids, or all that match. */
const forms = z.intersection(
  z.object({
    intent: z.enum(jobActionNames),
    /** In which the jobs were seen. */
    state: z.enum(waitingStates),
    when: z.string().max(50).default(""),
    priority: z.string().max(10).default(""),
    reason: z.string().max(500).default(""),
  }),
  z.union([
    z.object({
      ids: z
        .string()
        .transform((ids) => [...new Set(ids.split(","))])
        .pipe(z.array(jobId).min(1).max(MOST_SELECTED)),
    }),
    z.object({ q: z.string().max(2_000) }),
  ]),
);

type JobForm = z.infer<typeof forms>;

interface Call {
  db: Db;
  actor: Actor;
  requestId: string;
}

/**
 * Does what a form asks for, in one transaction with its entry in the audit log: a selection at once, all that match as a bulk
 * action.
 *
 * @returns the sentence for the operator
 * @throws AppError UNKNOWN_INTENT · BAD_TIME · BAD_PRIORITY · BAD_FILTER (400), NOTHING_MATCHES (409); a redirect to the bulk
 * action
 */
export async function runJobForm(call: Call, form: FormData): Promise<{ message: string }> {
  const read = forms.safeParse(Object.fromEntries(form));
  if (!read.success)
    throw new AppError(
      "UNKNOWN_INTENT",
      400,
      `This form is not one of this page, or names more than ${MOST_SELECTED} jobs. Reload the page and press again.`,
    );
  const action = readAction(read.data, call.actor);
  if ("ids" in read.data) return { message: await actOnSelection(call, action, read.data) };
  throw redirect(`/queue/actions/${await actOnAll(call, action, read.data)}`);
}

async function actOnSelection(
  { db, actor, requestId }: Call,
  action: JobAction,
  { ids, state }: Extract<JobForm, { ids: string[] }>,
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const outcome = await actOnJobs(trx, ids, action, state);
    const [first] = ids;
    await audit(trx, {
      actor,
      requestId,
      action: `job.${action.name}`,
      ...(ids.length === 1 && { subject: `job:${first}` }),
      details: { ...detailsOf(action), jobs: ids, ...outcome },
    });
    return outcomeSentence(action.name, outcome);
  });
}

async function actOnAll(
  { db, actor, requestId }: Call,
  action: JobAction,
  { state, q }: Extract<JobForm, { q: string }>,
): Promise<string> {
  const { filter, problems } = parseJobFilter(q);
  if (problems.length > 0) throw new AppError("BAD_FILTER", 400, problems.join(" "));
  return db.transaction().execute(async (trx) => {
    const { id, asked } = await startBulkAction(trx, { action, state, filter, requestedBy: actor.name });
    await audit(trx, {
      actor,
      requestId,
      action: "bulk_action.start",
      subject: `bulk_action:${id}`,
      details: { ...detailsOf(action), action: action.name, state, filter: q, asked },
    });
    return id;
  });
}

/** What a later reader of the log needs beside the action's name; who did it stands there already. */
function detailsOf(action: JobAction): Record<string, unknown> {
  switch (action.name) {
    case "reschedule":
      return { at: action.at };
    case "set_priority":
      return { priority: action.priority };
    case "discard":
      return action.reason === null ? {} : { reason: action.reason };
    default:
      return {};
  }
}

function readAction(form: JobForm, actor: Actor): JobAction {
  switch (form.intent) {
    case "retry":
    case "run_now":
      return { name: form.intent };
    case "discard":
      return { name: "discard", by: actor.name, reason: form.reason.replaceAll("\0", "").trim() || null };
    case "reschedule": {
      const at = readRescheduleTime(form.when, Date.now());
      if (at === null)
        throw new AppError(
          "BAD_TIME",
          400,
          "This is no time within the next year: write 30m, 2h or 1d from now, or a moment in UTC like 2026-11-21T03:00.",
        );
      return { name: "reschedule", at };
    }
    case "set_priority": {
      const priority = Number(form.priority);
      const { least, most } = PRIORITY_LIMITS;
      if (form.priority.trim() === "" || !Number.isInteger(priority) || priority < least || priority > most)
        throw new AppError(
          "BAD_PRIORITY",
          400,
          `A priority is a whole number from ${least} to ${most}; lower runs first.`,
        );
      return { name: "set_priority", priority };
    }
  }
}
