import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { runMatchesFilter } from "#app/queue/console/job-sql.server.ts";
import { readCursor, writeCursor } from "#app/queue/console/list-cursor.server.ts";
import { type JobPage, type ListedJob, LONGEST_LISTED_PAYLOAD } from "#app/queue/console/list-jobs.server.ts";
import type { JobFilter } from "#app/queue/job-filter.ts";

/** So many runs are found by an index and then put in order; more of them are looked for from the newest on. */
const MOST_SORTED = 5_000;
/** … and among so many. */
export const MOST_SEARCHED_RUNS = 40_000;

/**
 * Completed jobs, newest first, by keyset. A field of the payload that very many runs have is looked for among the newest
 * 40,000 runs alone; `isBounded` says so.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function listCompletedJobs(
  db: Kysely<Database>,
  filter: JobFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<JobPage & { isBounded: boolean }> {
  const cursor = page.cursor === undefined ? null : readCursor("completed", page.cursor);
  const { runs, isBounded } = await sourceOf(db, filter);
  const { rows } = await sql<ListedJob & { position: unknown[] }>`
    select job_id as id, task, attempt as attempts, max_attempts as "maxAttempts",
      case when length(payload::text) <= ${LONGEST_LISTED_PAYLOAD} then payload end as payload,
      enqueued_at as "createdAt", run_at as "runAt", started_at as "startedAt", finished_at as "finishedAt",
      null as error, worker_id as "workerId", jsonb_build_array(finished_at, id) as position
    from ${runs}
    where outcome = 'completed' and ${runMatchesFilter(filter)}
      ${cursor ? sql`and (finished_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::bigint)` : sql``}
    order by finished_at desc, id desc limit ${page.limit + 1}`.execute(db);
  const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
  return {
    jobs: rows.slice(0, page.limit).map(({ position: _position, ...job }) => ({
      ...job,
      lastRun:
        job.startedAt && job.finishedAt
          ? { runAt: job.runAt, startedAt: job.startedAt, finishedAt: job.finishedAt }
          : null,
    })),
    nextCursor: last ? writeCursor("completed", last.position) : null,
    isBounded,
  };
}

/**
 * Where to look. A filter that few runs fit is answered by its index, one that many fit from the newest run on: left to itself
 * PostgreSQL may read the whole history in order of time for three runs, or sort half of it for the newest fifty.
 */
async function sourceOf(
  db: Kysely<Database>,
  filter: JobFilter,
): Promise<{ runs: RawBuilder<unknown>; isBounded: boolean }> {
  const isRare =
    filter.importJobId !== undefined || filter.workId !== undefined || (filter.fields ?? []).length > 0;
  if (!isRare) return { runs: sql`job_runs as runs`, isBounded: false };
  const { importJobId, workId, fields } = filter;
  const condition = runMatchesFilter({
    ...(importJobId !== undefined && { importJobId }),
    ...(workId !== undefined && { workId }),
    ...(fields !== undefined && { fields }),
  });
  const { rows } = await sql<{ found: number }>`
    select count(*)::int as found from (select from job_runs as runs where ${condition} limit ${MOST_SORTED + 1}) as found`.execute(
    db,
  );
  if ((rows[0]?.found ?? 0) <= MOST_SORTED)
    return {
      runs: sql`(select * from job_runs as runs where ${condition} offset 0) as runs`,
      isBounded: false,
    };
  return {
    runs: sql`(select * from job_runs order by finished_at desc, id desc limit ${sql.lit(MOST_SEARCHED_RUNS)}) as runs`,
    isBounded: true,
  };
}
