import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { runMatchesFilter } from "#app/queue/console/job-sql.server.ts";
import { type JobCursor, readCursor, writeCursor } from "#app/queue/console/list-cursor.server.ts";
import { type JobPage, type ListedJob, LONGEST_LISTED_PAYLOAD } from "#app/queue/console/list-jobs.server.ts";
import type { JobFilter } from "#app/queue/job-filter.ts";

/** So many runs are found by what they serve or hold, and then put in order; more of them are looked for from the newest on. */
const MOST_SORTED = 5_000;
/** A value that so few of the newest runs fill a page with is no rare one: it costs nothing more to find out. */
const GLANCE = 2_000;
/** Runs that one page looks through: some 20 ms. */
export const MOST_RUNS_LOOKED_AT = 10_000;

export interface CompletedPage extends JobPage {
  /** Set when the page was cut short: so many runs were looked through, back to this moment; `nextCursor` goes on from there. */
  lookedBackTo: Date | null;
}

interface PageAsked {
  limit: number;
  cursor?: string | undefined;
  /** Default: `MOST_RUNS_LOOKED_AT`. */
  mostLookedAt?: number;
}

/**
 * Completed jobs, newest first, by keyset. However few of a million runs match, no page looks through more than 10,000 of them:
 * one that found less than it was asked for says how far back it came, and its cursor goes on from there.
 *
 * @throws AppError BAD_CURSOR (400)
 */
export async function listCompletedJobs(
  db: Kysely<Database>,
  filter: JobFilter,
  page: PageAsked,
): Promise<CompletedPage> {
  const cursor = page.cursor === undefined ? null : readCursor("completed", page.cursor);
  // What has completed has no error.
  if (filter.error !== undefined || filter.fingerprint !== undefined)
    return { jobs: [], nextCursor: null, lookedBackTo: null };
  const most = page.mostLookedAt ?? MOST_RUNS_LOOKED_AT;
  const rare = rareCondition(filter);
  if (rare !== null) {
    const found = await readPage(db, walk(filter, cursor, Math.min(GLANCE, most)), filter, page.limit);
    if (found.nextCursor !== null) return { ...found, lookedBackTo: null };
    if (await isRare(db, rare)) {
      const runs = sql`(select * from job_runs as runs where ${rare} and ${isAfter(cursor)} offset 0)`;
      return { ...(await readPage(db, runs, filter, page.limit)), lookedBackTo: null };
    }
  }
  const found = await readPage(db, walk(filter, cursor, most), filter, page.limit);
  if (found.nextCursor !== null) return { ...found, lookedBackTo: null };
  const end = await endOf(db, walk(filter, cursor, most + 1), most);
  return {
    jobs: found.jobs,
    nextCursor: end && writeCursor("completed", end.position),
    lookedBackTo: end?.at ?? null,
  };
}

/** The conditions that an index answers when few runs fit them; null when there is none. */
function rareCondition({ importJobId, workId, fields = [] }: JobFilter): RawBuilder<unknown> | null {
  if (importJobId === undefined && workId === undefined && fields.length === 0) return null;
  return runMatchesFilter({
    ...(importJobId !== undefined && { importJobId }),
    ...(workId !== undefined && { workId }),
    ...(fields.length > 0 && { fields }),
  });
}

async function isRare(db: Kysely<Database>, condition: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`
    select count(*)::int as found
    from (select from job_runs as runs where ${condition} limit ${MOST_SORTED + 1}) as found`.execute(db);
  return (rows[0]?.found ?? 0) <= MOST_SORTED;
}

/**
 * Runs from the newest on, or from the cursor, so many at most: by time and by one of worker and task, each of which has an index in that order.
 * Left to itself PostgreSQL may read the whole history for three runs that fit all conditions.
 */
function walk(filter: JobFilter, cursor: JobCursor | null, most: number): RawBuilder<unknown> {
  const { since, from, to, worker, task } = filter;
  const inOrder = runMatchesFilter({
    ...(since !== undefined && { since }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(worker !== undefined ? { worker } : task !== undefined && { task }),
  });
  return sql`(select * from job_runs as runs where ${inOrder} and ${isAfter(cursor)}
    order by finished_at desc, id desc limit ${most})`;
}

function isAfter(cursor: JobCursor | null): RawBuilder<unknown> {
  if (cursor === null) return sql`true`;
  return sql`(finished_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::bigint)`;
}

async function readPage(
  db: Kysely<Database>,
  runs: RawBuilder<unknown>,
  filter: JobFilter,
  limit: number,
): Promise<JobPage> {
  const { rows } = await sql<ListedJob & { position: unknown[] }>`
    select job_id as id, task, attempt as attempts, max_attempts as "maxAttempts",
      case when length(payload::text) <= ${LONGEST_LISTED_PAYLOAD} then payload end as payload,
      enqueued_at as "createdAt", run_at as "runAt", started_at as "startedAt", finished_at as "finishedAt",
      null as error, worker_id as "workerId", jsonb_build_array(finished_at, id) as position
    from ${runs} as runs
    where outcome = 'completed' and ${runMatchesFilter(filter)}
    order by finished_at desc, id desc limit ${limit + 1}`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    jobs: rows.slice(0, limit).map(({ position: _position, ...job }) => ({
      ...job,
      lastRun:
        job.startedAt && job.finishedAt
          ? { runAt: job.runAt, startedAt: job.startedAt, finishedAt: job.finishedAt }
          : null,
    })),
    nextCursor: last ? writeCursor("completed", last.position) : null,
  };
}

/** The last run that was looked at, when there are more behind it. */
async function endOf(
  db: Kysely<Database>,
  runs: RawBuilder<unknown>,
  looked: number,
): Promise<{ at: Date; position: unknown[] } | null> {
  const { rows } = await sql<{ at: Date; position: unknown[] }>`
    select finished_at as at, jsonb_build_array(finished_at, id) as position
    from ${runs} as runs offset ${looked - 1}`.execute(db);
  return rows.length > 1 ? (rows[0] ?? null) : null;
}
