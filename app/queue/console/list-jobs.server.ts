import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import {
  isInState,
  isSearch,
  matchesFilter,
  unsearchedJobs,
  waitingJobs,
} from "#app/queue/console/job-sql.server.ts";
import { type JobCursor, readCursor, writeCursor } from "#app/queue/console/list-cursor.server.ts";
import type { JobFilter } from "#app/queue/job-filter.ts";
import { jobOrders, type WaitingState } from "#app/queue/job-state.ts";
import { dueAt } from "#app/queue/parked.server.ts";

/** A job as lists show it. */
export interface ListedJob {
  id: string;
  task: string;
  /** Null when it is too long for a line of a list. */
  payload: unknown;
  attempts: number;
  maxAttempts: number;
  createdAt: Date;
  runAt: Date;
  /** Null while no worker has it. */
  startedAt: Date | null;
  /** When it failed or completed; null before. */
  finishedAt: Date | null;
  error: string | null;
  workerId: string | null;
  /** The attempt before this moment, if there was one; of a completed job, the one that completed it. */
  lastRun: { runAt: Date; startedAt: Date; finishedAt: Date } | null;
}

export interface JobPage {
  jobs: ListedJob[];
  nextCursor: string | null;
}

/** Longer payloads are left out of lists: they would be cut anyway. */
export const LONGEST_LISTED_PAYLOAD = 2_000;

/**
 * Jobs that still stand in the queue, in the order that fits their state, by keyset.
 *
 * @param page `cursor`: what an earlier page of the same state gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listWaitingJobs(
  db: Kysely<Database>,
  { state, filter }: { state: WaitingState; filter: JobFilter },
  page: { limit: number; cursor?: string | undefined },
): Promise<JobPage> {
  const { columns, direction } = jobOrders[state];
  const order = [...columns, "id"];
  const orderBy = sql.join(order.map((column) => sql`jobs.${sql.ref(column)} ${sql.raw(direction)}`));
  const cursor = page.cursor === undefined ? null : readCursor(state, page.cursor);
  const { rows } = await sql<ListedJob & { position: unknown[] }>`
    with jobs as materialized (
      select * from ${waitingJobs}
      where ${isInState(state)} and ${matchesFilter(filter)} ${cursor ? sql`and ${isAfter(order, direction, cursor)}` : sql``}
        ${isSearch(filter) ? sql`and jobs.id > ${unsearchedJobs(filter)}::bigint` : sql``}
      order by ${orderBy} limit ${page.limit + 1}
    )
    select jobs.id, tasks.identifier as task, jobs.attempts, jobs.max_attempts as "maxAttempts",
      case when length(jobs.payload::text) <= ${LONGEST_LISTED_PAYLOAD} then jobs.payload end as payload,
      jobs.created_at as "createdAt", ${dueAt(sql`jobs.run_at`)} as "runAt", jobs.locked_at as "startedAt",
      ${state === "failed" ? sql`jobs.updated_at` : sql`null::timestamptz`} as "finishedAt",
      left(jobs.last_error, 500) as error, worker.id as "workerId", last.run as "lastRun",
      jsonb_build_array(${sql.join(order.map((column) => sql`jobs.${sql.ref(column)}`))}) as position
    from jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    left join lateral (select id from workers where jobs.locked_by = any(pool_ids) limit 1) as worker on true
    left join lateral (
      select json_build_object('runAt', run_at, 'startedAt', started_at, 'finishedAt', finished_at) as run
      from job_runs where job_id = jobs.id order by id desc limit 1) as last on true
    order by ${orderBy}`.execute(db);
  const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
  return {
    jobs: rows.slice(0, page.limit).map(({ position: _position, ...job }) => withDates(job)),
    nextCursor: last ? writeCursor(state, last.position) : null,
  };
}

/** Dates inside JSON arrive as text. */
function withDates(job: ListedJob): ListedJob {
  const { lastRun } = job;
  if (lastRun === null) return job;
  return {
    ...job,
    lastRun: {
      runAt: new Date(lastRun.runAt),
      startedAt: new Date(lastRun.startedAt),
      finishedAt: new Date(lastRun.finishedAt),
    },
  };
}

function isAfter(order: readonly string[], direction: "asc" | "desc", cursor: JobCursor) {
  const columns = order.map((column) => sql`jobs.${sql.ref(column)}`);
  const values = order.map((column, index) => {
    const value = cursor[index];
    if (column === "priority") return sql`${value}::smallint`;
    return column === "id" ? sql`${value}::bigint` : sql`${value}::timestamptz`;
  });
  return sql`(${sql.join(columns)}) ${sql.raw(direction === "asc" ? ">" : "<")} (${sql.join(values)})`;
}
