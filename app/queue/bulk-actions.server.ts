import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { surveyJobs } from "#app/queue/console/count-jobs.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import type { ActionOutcome, JobAction, JobActionName } from "#app/queue/job-action.ts";
import { formatJobFilter, type JobFilter, spanMs } from "#app/queue/job-filter.ts";
import type { WaitingState } from "#app/queue/job-state.ts";

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

/** Whether a job stands in the queue that goes on with the action: it runs, or it waits and has attempts left. */
const isCarried = sql<boolean>`exists (
  select from graphile_worker.jobs where key = 'apply_bulk_action:' || bulk_actions.id
    and (locked_at is not null or attempts < max_attempts))`;

/**
 * Stops a bulk action: between two batches, or at once when nobody carries it out. What is done stays done.
 *
 * @returns whether it has ended already
 * @throws AppError BULK_ACTION_NOT_FOUND (404) · BULK_ACTION_FINISHED (409)
 */
export async function abortBulkAction(
  trx: Kysely<Database>,
  id: string,
  by: string,
): Promise<{ isOver: boolean }> {
  await findBulkAction(trx, id);
  const isInHand = sql<boolean>`(status = 'running' and ${isCarried})`;
  const aborted = await trx
    .updateTable("bulk_actions")
    .set({
      abort_requested_at: sql`clock_timestamp()`,
      aborted_by: by,
      updated_at: sql`clock_timestamp()`,
      status: sql`case when ${isInHand} then status else 'aborted' end`,
      finished_at: sql`case when ${isInHand} then finished_at else clock_timestamp() end`,
    })
    .where("id", "=", id)
    .where("status", "in", ["queued", "running", "failed"])
    .where((where) => where.or([where("abort_requested_at", "is", null), sql<boolean>`not ${isCarried}`]))
    .returning("status")
    .executeTakeFirst();
  if (!aborted)
    throw new AppError(
      "BULK_ACTION_FINISHED",
      409,
      "This bulk action is over or was aborted already, so there is nothing to stop.",
    );
  return { isOver: aborted.status === "aborted" };
}

/**
 * The job that carries a bulk action out, and whether it still will; null once it has left the queue. Ask for it before the action: it leaves
 * after the action has ended, so one that is open then and has none has lost it.
 */
export async function findBulkActionJob(
  db: Kysely<Database>,
  id: string,
): Promise<{ id: string; isAlive: boolean } | null> {
  const { rows } = await sql<{ id: string; isAlive: boolean }>`
    select id, locked_at is not null or attempts < max_attempts as "isAlive"
    from graphile_worker.jobs where key = ${`apply_bulk_action:${id}`}`.execute(db);
  return rows[0] ?? null;
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

/** The filter as it is kept: the state that jobs were seen in, and the words of the filter box. */
export function readStoredFilter(filter: Record<string, unknown>): { state: string; text: string } {
  return { state: String(filter.state ?? ""), text: String(filter.text ?? "") };
}
