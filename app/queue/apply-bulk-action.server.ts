import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { RetryLater } from "#app/errors.ts";
import { readStoredFilter } from "#app/queue/bulk-actions.server.ts";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import { type BulkScope, pickJobs } from "#app/queue/console/count-jobs.server.ts";
import type { ActionOutcome, JobAction, JobActionName, Refusal } from "#app/queue/job-action.ts";
import { parseJobFilter } from "#app/queue/job-filter.ts";
import { isWaitingState, readJobState } from "#app/queue/job-state.ts";

/** Jobs per transaction: short enough for workers not to notice, and what a killed worker loses at most. */
const BATCH = 500;

/**
 * Carries a bulk action out, batch by batch: each batch, what came of it and how far it went are one transaction, so whoever
 * takes over from a killed worker goes on where that one was. Stops between batches when somebody aborts it, or on `signal`.
 *
 * @param run `isLastAttempt`: a failure is then said on the action's page, since nobody tries again by himself
 * @throws RetryLater when the signal stopped it
 */
export async function applyBulkAction(
  db: Kysely<Database>,
  id: string,
  run: { signal: AbortSignal; isLastAttempt: boolean; batch?: number },
): Promise<void> {
  try {
    while (!run.signal.aborted)
      if (await db.transaction().execute((trx) => applyBatch(trx, id, run.batch ?? BATCH))) return;
  } catch (error) {
    if (run.isLastAttempt) await fail(db, id, error instanceof Error ? error.message : String(error));
    throw error;
  }
  throw new RetryLater("The worker stops. Another one goes on with this bulk action.", 1_000);
}

/** @returns whether nothing is left to do */
async function applyBatch(trx: Kysely<Database>, id: string, batch: number): Promise<boolean> {
  const row = await trx
    .selectFrom("bulk_actions")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row || row.status === "completed" || row.status === "aborted") return true;
  if (row.abort_requested_at !== null) {
    await finish(trx, id, "aborted");
    return true;
  }
  const scope = readScope(row.filter);
  const jobIds = await pickJobs(trx, scope, {
    afterId: row.last_job_id,
    newestId: row.newest_job_id,
    askedAt: row.created_at,
    limit: batch,
  });
  const outcome = await actOnJobs(trx, jobIds, readAction(row.action, row.parameters), scope.state);
  const isOver = jobIds.length < batch;
  const lookedAt = row.looked_at + jobIds.length;
  const refused = add(row.refused, outcome.refused);
  // Those that matched when it was asked for, and were something else when their turn came.
  if (isOver && row.asked > lookedAt) refused.moved_on = (refused.moved_on ?? 0) + row.asked - lookedAt;
  await trx
    .updateTable("bulk_actions")
    .set({
      status: "running",
      started_at: sql`coalesce(started_at, clock_timestamp())`,
      updated_at: sql`clock_timestamp()`,
      last_job_id: jobIds.at(-1) ?? row.last_job_id,
      looked_at: lookedAt,
      done: row.done + outcome.done,
      refused: JSON.stringify(refused),
      error_message: null,
    })
    .where("id", "=", id)
    .execute();
  if (isOver) await finish(trx, id, "completed");
  return isOver;
}

async function finish(trx: Kysely<Database>, id: string, status: "completed" | "aborted"): Promise<void> {
  await trx
    .updateTable("bulk_actions")
    .set({ status, finished_at: sql`clock_timestamp()`, updated_at: sql`clock_timestamp()` })
    .where("id", "=", id)
    .execute();
}

/** Retrying the action's job takes it up again. */
async function fail(db: Kysely<Database>, id: string, message: string): Promise<void> {
  await db
    .updateTable("bulk_actions")
    .set({ status: "failed", error_message: message, updated_at: sql`clock_timestamp()` })
    .where("id", "=", id)
    .where("status", "in", ["queued", "running"])
    .execute();
}

function readScope(stored: Record<string, unknown>): BulkScope {
  const { state: word, text } = readStoredFilter(stored);
  const state = readJobState(word);
  const { filter, problems } = parseJobFilter(text);
  // An action whose filter this version does not understand must not run on what is left of it.
  if (state === null || !isWaitingState(state) || problems.length > 0)
    throw new Error(`The filter of this bulk action is not understood: ${word} ${problems.join(" ")}`);
  return { state, filter };
}

function readAction(name: JobActionName, parameters: Record<string, unknown>): JobAction {
  switch (name) {
    case "retry":
    case "run_now":
      return { name };
    case "set_priority":
      return { name, priority: Number(parameters.priority) };
    case "discard":
      return {
        name,
        by: String(parameters.by),
        reason: typeof parameters.reason === "string" ? parameters.reason : null,
      };
    case "reschedule": {
      const at = parameters.at as { moment: string } | { delayMs: number };
      return { name, at };
    }
  }
}

function add(before: Record<string, number>, more: ActionOutcome["refused"]): ActionOutcome["refused"] {
  const sum: ActionOutcome["refused"] = { ...before };
  for (const [refusal, count] of Object.entries(more) as [Refusal, number][])
    sum[refusal] = (sum[refusal] ?? 0) + count;
  return sum;
}
