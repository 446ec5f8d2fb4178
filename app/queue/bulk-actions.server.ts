import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import { actOnJobs } from "#app/queue/console/act-on-jobs.server.ts";
import { type BulkScope, pickJobs, surveyJobs } from "#app/queue/console/count-jobs.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import type { ActionOutcome, JobAction, JobActionName, Refusal } from "#app/queue/job-action.ts";
import { formatJobFilter, type JobFilter, parseJobFilter, spanMs } from "#app/queue/job-filter.ts";
import type { WaitingState } from "#app/queue/job-state.ts";
import { isWaitingState, readJobState } from "#app/queue/job-state.ts";

/** Jobs per transaction: short enough for workers not to notice, and what a killed worker loses at most. */
const BATCH = 500;

export interface BulkActionView {
  id: string;
  action: JobActionName;
  /** In the words of the filter box. */
  filter: string;
  state: string;
  status: "queued" | "running" | "completed" | "aborted" | "failed";
  asked: number;
  lookedAt: number;
  done: number;
  refused: ActionOutcome["refused"];
  requestedBy: string;
  errorMessage: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  isAborting: boolean;
  abortedBy: string | null;
  parameters: Record<string, unknown>;
}

/**
 * Writes down what is to be done to all jobs that match now, and queues the job that does it, on the caller's transaction.
 *
 * @returns the action's id and how many jobs match
 * @throws AppError NOTHING_MATCHES (409)
 */
export async function startBulkAction(
  trx: Kysely<Database>,
  request: { action: JobAction; state: WaitingState; filter: JobFilter; requestedBy: string },
): Promise<{ id: string; asked: number }> {
  const filter = await pinned(trx, request.filter);
  const { count, afterId, newestId } = await surveyJobs(trx, { state: request.state, filter });
  if (count === 0)
    throw new AppError(
      "NOTHING_MATCHES",
      409,
      "No job matches any more, so there is nothing to do. Look at the list again.",
    );
  const { name, ...parameters } = request.action;
  const { id } = await trx
    .insertInto("bulk_actions")
    .values({
      action: name,
      parameters: JSON.stringify(parameters),
      filter: JSON.stringify({ state: request.state, text: formatJobFilter(filter) }),
      asked: count,
      last_job_id: afterId,
      newest_job_id: newestId,
      requested_by: request.requestedBy,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await enqueue(trx, "apply_bulk_action", { bulkActionId: id });
  return { id, asked: count };
}

/** `since:24h` means the day before somebody pressed, not before each batch. */
async function pinned(trx: Kysely<Database>, filter: JobFilter): Promise<JobFilter> {
  const { since, ...rest } = filter;
  if (since === undefined) return filter;
  const { rows } = await sql<{ from: string }>`
    select to_char((now() - ${spanMs(since)}::float8 * interval '1 millisecond') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "from"`.execute(
    trx,
  );
  return { ...rest, from: rows[0]?.from ?? "" };
}

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

/**
 * Stops a bulk action between two batches; what is done stays done.
 *
 * @throws AppError BULK_ACTION_NOT_FOUND (404) · BULK_ACTION_FINISHED (409)
 */
export async function abortBulkAction(trx: Kysely<Database>, id: string, by: string): Promise<void> {
  await findBulkAction(trx, id);
  const { numUpdatedRows } = await trx
    .updateTable("bulk_actions")
    .set({
      abort_requested_at: sql`clock_timestamp()`,
      aborted_by: by,
      updated_at: sql`clock_timestamp()`,
      // What no worker has begun needs no worker to end.
      status: sql`case when status = 'running' then status else 'aborted' end`,
      finished_at: sql`case when status = 'running' then finished_at else clock_timestamp() end`,
    })
    .where("id", "=", id)
    .where("status", "in", ["queued", "running", "failed"])
    .where("abort_requested_at", "is", null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n)
    throw new AppError(
      "BULK_ACTION_FINISHED",
      409,
      "This bulk action is over or was aborted already, so there is nothing to stop.",
    );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws AppError BULK_ACTION_NOT_FOUND (404), also for what is no id at all */
export async function findBulkAction(db: Kysely<Database>, id: string): Promise<BulkActionView> {
  const row = UUID.test(id)
    ? await db.selectFrom("bulk_actions").selectAll().where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row)
    throw new AppError(
      "BULK_ACTION_NOT_FOUND",
      404,
      "There is no bulk action with this id. It may have been mistyped.",
    );
  return viewOf(row);
}

/**
 * Bulk actions, newest first, by keyset.
 *
 * @param cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listBulkActions(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ actions: BulkActionView[]; nextCursor: string | null }> {
  let query = db
    .selectFrom("bulk_actions")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    if (!UUID.test(page.cursor))
      throw new AppError(
        "BAD_CURSOR",
        400,
        "The cursor is not one that this list gave out. Start again without it.",
      );
    const id = page.cursor;
    query = query.where(
      sql<boolean>`(created_at < (select created_at from bulk_actions where id = ${id}::uuid)
        or created_at = (select created_at from bulk_actions where id = ${id}::uuid) and id > ${id}::uuid)`,
    );
  }
  const rows = await query.execute();
  const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
  return { actions: rows.slice(0, page.limit).map(viewOf), nextCursor: last?.id ?? null };
}

type Row = Awaited<ReturnType<typeof selectOne>>;
const selectOne = (db: Kysely<Database>) =>
  db.selectFrom("bulk_actions").selectAll().executeTakeFirstOrThrow();

function viewOf(row: Row): BulkActionView {
  const { state, text } = readStoredFilter(row.filter);
  return {
    id: row.id,
    action: row.action,
    filter: text,
    state,
    status: row.status,
    asked: row.asked,
    lookedAt: row.looked_at,
    done: row.done,
    refused: row.refused,
    requestedBy: row.requested_by,
    errorMessage: row.error_message,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    isAborting: row.abort_requested_at !== null && row.status === "running",
    abortedBy: row.aborted_by,
    parameters: row.parameters,
  };
}

function readStoredFilter(filter: Record<string, unknown>): { state: string; text: string } {
  return { state: String(filter.state ?? ""), text: String(filter.text ?? "") };
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
