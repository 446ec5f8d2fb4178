import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { RUN_SECONDS } from "#app/queue/run-seconds.ts";

/** How runs are added up. Tests cannot wait for minutes. */
export interface RollUpPace {
  /** Runs younger than this are left to the next time: whoever is writing one should have committed by then. */
  settleMs: number;
  /** The sums end at a whole multiple of this. */
  binMs: number;
  /** Runs per transaction, about: the end of a bin at least. */
  stepRuns: number;
  /** Transactions per call; what is left goes the next time. */
  maxSteps: number;
}

const ROLL_UP_PACE: Readonly<RollUpPace> = {
  settleMs: 60_000,
  binMs: 60_000,
  stepRuns: 50_000,
  maxSteps: 10,
};

/**
 * Adds finished whole minutes of `job_runs` into the sums per hour. Counting a million runs for every view costs more than
 * the view. Runs with every sweep of every worker; one at a time does it.
 *
 * @returns how many runs were added
 */
export async function rollUpRuns(db: Kysely<Database>, pace: RollUpPace = ROLL_UP_PACE): Promise<number> {
  let added = 0;
  for (let step = 0; step < pace.maxSteps; step++) {
    const done = await db.transaction().execute((trx) => rollUpStep(trx, pace));
    added += done.added;
    if (!done.isMore) break;
  }
  return added;
}

/** One transaction: sums and watermark move together, so that whoever reads both in one statement counts no run twice. */
async function rollUpStep(trx: Transaction<Database>, pace: RollUpPace) {
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('roll up runs')) as "isMine"`.execute(trx);
  if (!locks[0]?.isMine) return { added: 0, isMore: false };
  await trx
    .insertInto("rollups")
    .values({ name: "job_runs" })
    .onConflict((on) => on.doNothing())
    .execute();
  const range = await nextRange(trx, pace);
  if (!range) return { added: 0, isMore: false };
  const { rows } = await sql<{ added: string | null }>`
    with sums as materialized (
      ${summed(sql`finished_at >= ${range.since}::timestamptz and finished_at < ${range.until}::timestamptz`)}
    ), added as (
      insert into job_run_hours (hour, task, outcome, bucket, runs, duration_ms)
      select hour, task, outcome, bucket, runs, duration_ms from sums
      on conflict (hour, task, outcome, bucket) do update set runs = job_run_hours.runs + excluded.runs,
        duration_ms = job_run_hours.duration_ms + excluded.duration_ms
    ), moved as (
      update rollups set rolled_until = ${range.until}::timestamptz where name = 'job_runs'
    )
    select sum(runs) as added from sums`.execute(trx);
  return { added: Number(rows[0]?.added ?? 0), isMore: range.isMore };
}

/**
 * What is to be added next. Moments stay text: JavaScript's have no microseconds.
 *
 * A statement of its own, before the one that counts: a transaction that is not seen here any more is seen by that one.
 */
async function nextRange(trx: Transaction<Database>, pace: RollUpPace) {
  const bin = sql`make_interval(secs => ${pace.binMs / 1000}::float8)`;
  const { rows } = await sql<{ since: string; until: string; isMore: boolean }>`
    with edge as materialized (
      select rolled_until as since, date_bin(${bin}, least(
        clock_timestamp() - make_interval(secs => ${pace.settleMs / 1000}::float8),
        -- A run carries the time of its writing, which is after its transaction began: what is older than every transaction that
        -- is still writing has been committed.
        (select min(xact_start) from pg_stat_activity
         where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid())
      ), 'epoch') as safe
      from rollups where name = 'job_runs'
    ), step as (
      select since, safe, (
        select date_bin(${bin}, finished_at, 'epoch') from job_runs
        where finished_at >= since and finished_at < safe
        order by finished_at offset ${pace.stepRuns} limit 1
      ) as enough
      from edge
    )
    select since::text, least(safe, case when enough > since then enough else enough + ${bin} end)::text as until,
      enough is not null as "isMore"
    from step where safe > since`.execute(trx);
  return rows[0];
}

/** Runs by hour, task, outcome and bucket of duration. */
function summed(where: RawBuilder<unknown>): RawBuilder<unknown> {
  // Whole microseconds: width_bucket counts the bounds up to a value, and a run that lasts a bound exactly did not exceed it.
  const bounds = RUN_SECONDS.map((seconds) => Math.round(seconds * 1_000_000));
  const lasted = sql`greatest(extract(epoch from finished_at - started_at), 0)`;
  return sql`select date_trunc('hour', finished_at) as hour, task, outcome,
      width_bucket((${lasted} * 1000000)::bigint - 1, ${bounds}::bigint[])::smallint as bucket,
      count(*) as runs, round(sum(${lasted} * 1000))::bigint as duration_ms
    from job_runs where ${where} group by 1, 2, 3, 4`;
}

/**
 * Sums and what is not in them yet, in one statement and so in one snapshot: no run is missed or counted twice, whatever the
 * workers do meanwhile. Both ends of the tail are unknown to the planner, which takes that for half a per cent of the table
 * and goes by the index; with one end it would read the whole table.
 */
const sumsAndTail = (sumsWhere = sql`true`, tailWhere = sql`true`) => sql`(
    select hour, task, outcome, bucket, runs, duration_ms from job_run_hours where ${sumsWhere}
    union all
    ${summed(sql`finished_at >= (select coalesce(max(rolled_until), '-infinity') from rollups where name = 'job_runs')
      and finished_at <= (select 'infinity'::timestamptz) and ${tailWhere}`)}
  ) as runs`;

export type RunOutcome = Database["job_runs"]["outcome"];

/** How many runs history holds, by outcome. Those past the retention are not in it. */
export async function countRuns(db: Kysely<Database>): Promise<Partial<Record<RunOutcome, number>>> {
  const { rows } = await sql<{ outcome: RunOutcome; runs: string }>`
    select outcome, sum(runs) as runs from ${sumsAndTail(sql`hour > '-infinity'`)} group by outcome`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ outcome, runs }) => [outcome, Number(runs)]));
}

/** One bar of a chart: an hour (UTC) and its runs by outcome. */
export interface RunHour {
  hour: Date;
  runs: Partial<Record<RunOutcome, number>>;
}

/**
 * Runs of each of the last hours, oldest first; an hour without any has its place too.
 *
 * @param options.hours 1 to 2160, the one that has begun included
 * @param options.task only this task
 */
export async function runsPerHour(
  db: Kysely<Database>,
  options: { hours: number; task?: string },
): Promise<RunHour[]> {
  const { hours, task = null } = options;
  const first = sql`date_trunc('hour', now()) - ${hours - 1}::int * interval '1 hour'`;
  const isTask = sql`(${task}::text is null or task = ${task})`;
  const { rows } = await sql<{ hour: Date; runs: RunHour["runs"] | null }>`
    with counted as (
      select hour, outcome, sum(runs)::bigint as runs
      from ${sumsAndTail(sql`hour >= ${first} and ${isTask}`, sql`finished_at >= ${first} and ${isTask}`)}
      group by hour, outcome
    )
    select hours.hour, json_object_agg(outcome, runs) filter (where outcome is not null) as runs
    from generate_series(${first}, date_trunc('hour', now()), interval '1 hour') as hours (hour)
    left join counted using (hour) group by hours.hour order by hours.hour`.execute(db);
  return rows.map(({ hour, runs }) => ({ hour, runs: runs ?? {} }));
}

/** Runs of a task with one outcome whose duration lies in one bucket of RUN_SECONDS. */
export interface RunDurations {
  task: string;
  outcome: RunOutcome;
  bucket: number;
  runs: number;
  /** Of all of them together. */
  durationMs: number;
}

/** Every run ever made, pruned ones included, so that counters made of it never fall. */
export async function runDurations(db: Kysely<Database>): Promise<RunDurations[]> {
  const { rows } = await sql<
    Record<"runs" | "durationMs", string> & Omit<RunDurations, "runs" | "durationMs">
  >`
    select task, outcome, bucket, sum(runs) as runs, sum(duration_ms) as "durationMs" from ${sumsAndTail()}
    group by task, outcome, bucket order by task, outcome, bucket`.execute(db);
  return rows.map((row) => ({ ...row, runs: Number(row.runs), durationMs: Number(row.durationMs) }));
}

/** Puts sums of hours whose runs are pruned into one row per task, outcome and bucket. */
export async function foldRunSums(db: Kysely<Database>, olderThanDays: number): Promise<void> {
  await sql`
    with old as (
      delete from job_run_hours
      where hour > '-infinity' and hour < date_trunc('hour', now() - ${olderThanDays}::int * interval '1 day')
      returning task, outcome, bucket, runs, duration_ms
    )
    insert into job_run_hours (hour, task, outcome, bucket, runs, duration_ms)
    select '-infinity', task, outcome, bucket, sum(runs), sum(duration_ms) from old group by task, outcome, bucket
    on conflict (hour, task, outcome, bucket) do update set runs = job_run_hours.runs + excluded.runs,
      duration_ms = job_run_hours.duration_ms + excluded.duration_ms`.execute(db);
}
