import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import {
  hasUnsearchedRuns,
  isInState,
  isOfTask,
  isSearch,
  MOST_RUNS_OF_ONE,
  matchesFilter,
  mostSearchedJobs,
  stateNumber,
  unsearchedJobs,
  waitingJobs,
} from "#app/queue/console/job-sql.server.ts";
import type { JobFilter } from "#app/queue/job-filter.ts";
import { type WaitingState, waitingStates } from "#app/queue/job-state.ts";

export type WaitingCounts = Record<WaitingState, number>;

/** Where a search ended that could not look at everything: after the newest so many. */
export interface SearchBound {
  newest: number;
  of: "jobs" | "runs";
}

/**
 * How many jobs of the filter stand in each state, in one query. A filter that reads what jobs hold is applied to the newest
 * ones alone (`mostSearchedJobs`), one by fingerprint or worker goes by its newest 5,000 runs; `bound` says so where there are more.
 */
export async function countWaitingJobs(
  db: Kysely<Database>,
  filter: JobFilter,
): Promise<{ counts: WaitingCounts; bound: SearchBound | null }> {
  const search = isSearch(filter);
  const { rows } = await sql<{ bound: string; hasMoreRuns: boolean; counts: Record<string, number> | null }>`
    with bound as materialized (select ${unsearchedJobs(filter)}::bigint as id),
    counted as (
      select number, count(*) as jobs from (
        select ${stateNumber} as number from ${waitingJobs}
        where ${matchesFilter(filter)} ${search ? sql`and jobs.id > (select id from bound)` : sql``}
      ) as numbered group by number
    )
    select (select id from bound) as bound, ${hasUnsearchedRuns(filter)} as "hasMoreRuns", (select json_object_agg(number, jobs) from counted) as counts`.execute(
    db,
  );
  const [row] = rows;
  return {
    counts: Object.fromEntries(
      waitingStates.map((state, place) => [state, row?.counts?.[place] ?? 0]),
    ) as WaitingCounts,
    bound: boundOf(row, filter),
  };
}

function boundOf(
  row: { bound: string; hasMoreRuns: boolean } | undefined,
  filter: JobFilter,
): SearchBound | null {
  if (row?.hasMoreRuns) return { newest: MOST_RUNS_OF_ONE, of: "runs" };
  return row === undefined || row.bound === "0" ? null : { newest: mostSearchedJobs(filter), of: "jobs" };
}

/** The jobs that a bulk action is about. */
export interface BulkScope {
  state: WaitingState;
  filter: JobFilter;
}

/** A bulk action is carried out by a job, which leaves its own kind alone. */
const BULK_TASK = "apply_bulk_action";

/**
 * The jobs that a bulk action would look at if it began now: how many, and between which ids they stand. `afterId` is itself
 * not among them.
 */
export async function surveyJobs(
  db: Kysely<Database>,
  { state, filter }: BulkScope,
): Promise<{ count: number; afterId: string; newestId: string }> {
  const { rows } = await sql<{ count: number; afterId: string; newestId: string }>`
    with bound as materialized (select ${unsearchedJobs(filter)}::bigint as id)
    select count(*)::int as count, coalesce(max(jobs.id), 0) as "newestId", (select id from bound) as "afterId"
    from ${waitingJobs}
    where ${isInState(state)} and ${matchesFilter(filter, "all")} and not ${isOfTask(BULK_TASK)}
      and jobs.id > (select id from bound)`.execute(db);
  return rows[0] ?? { count: 0, afterId: "0", newestId: "0" };
}

/**
 * The next jobs of a bulk action, by id. Those of which an attempt ended since it was asked for have moved on: whoever asked
 * has not seen them as they are now.
 */
export async function pickJobs(
  db: Kysely<Database>,
  { state, filter }: BulkScope,
  range: { afterId: string; newestId: string; askedAt: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select jobs.id from ${waitingJobs}
    where jobs.id > ${range.afterId}::bigint and jobs.id <= ${range.newestId}::bigint
      and ${isInState(state)} and ${matchesFilter(filter, "all")} and not ${isOfTask(BULK_TASK)}
      and not exists (select from job_runs as later where later.job_id = jobs.id and later.finished_at > ${range.askedAt})
    order by jobs.id limit ${range.limit}`.execute(db);
  return rows.map(({ id }) => id);
}
