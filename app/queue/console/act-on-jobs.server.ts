import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { payloadOfJob, stateOfJob, waitingJobs } from "#app/queue/console/job-sql.server.ts";
import type { ActionOutcome, JobAction, JobActionName, Refusal } from "#app/queue/job-action.ts";
import type { WaitingState } from "#app/queue/job-state.ts";

/** In which states each action makes sense, and why not in the others. `running` never is: nobody can take a job from its worker. */
const refusalOf: Record<JobActionName, Partial<Record<WaitingState, Refusal>>> = {
  retry: {
    retrying: "not_failed",
    queued: "not_failed",
    scheduled: "not_failed",
    paused: "not_failed",
  },
  run_now: { failed: "has_failed", paused: "paused", queued: "due_already" },
  reschedule: {},
  set_priority: {},
  discard: {},
};

/**
 * graphile-worker's own "fail" for an attempt that was put back may still be on its way, and must find the job unlocked: no
 * job runs again sooner than this.
 */
const SOONEST = sql`clock_timestamp() + interval '250 milliseconds'`;

/**
 * Does something to jobs, each of which may have moved on since somebody looked at it: those that no worker has are locked; then
 * one statement looks at their state as it is now, and acts through graphile-worker's own functions. Call it in a transaction.
 *
 * Two statements, because the second one sees what was committed while the first waited for a lock. Jobs that a worker has are
 * not locked: its own statement about several of them might wait for us, and we for it.
 *
 * @param jobIds decimal, each once
 * @param seenIn the state in which somebody saw them: a failed job that was retried meanwhile is not discarded for having failed
 * @returns how many were done, and how many were refused by reason
 */
export async function actOnJobs(
  trx: Kysely<Database>,
  jobIds: readonly string[],
  action: JobAction,
  seenIn: WaitingState,
): Promise<ActionOutcome> {
  const locked = await lockJobs(trx, jobIds);
  const { rows } = await sql<{ id: string; refusal: Refusal | null }>`
    with judged as materialized (
      select judged.*, ${judgement(action.name, seenIn)} as refusal
      from (select jobs.*, ${stateOfJob} as state from ${waitingJobs}
        where jobs.id = any(${locked}::bigint[]) and jobs.locked_at is null) as judged
    ), ${deed(action)}
    select judged.id, judged.refusal from judged
    where judged.refusal is not null or judged.id in (select id from acted)`.execute(trx);
  const refused: ActionOutcome["refused"] = {};
  const add = (refusal: Refusal) => {
    refused[refusal] = (refused[refusal] ?? 0) + 1;
  };
  for (const { refusal } of rows) if (refusal !== null) add(refusal);
  const looked = new Set(rows.map(({ id }) => id));
  const missed = jobIds.filter((id) => !looked.has(id));
  for (const refusal of await whyMissed(trx, missed)) add(refusal);
  return { asked: jobIds.length, done: rows.filter(({ refusal }) => refusal === null).length, refused };
}

/** By id, so that two operators with the same jobs wait for each other instead of both. */
async function lockJobs(trx: Kysely<Database>, jobIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select jobs.id from ${waitingJobs}
    where jobs.id = any(${[...jobIds]}::bigint[]) and jobs.locked_at is null
    order by jobs.id for update`.execute(trx);
  return rows.map(({ id }) => id);
}

/**
 * A job that is added again under its key after it failed is not reset: graphile-worker takes its key away and adds another.
 * Tried again it would do the work a second time, beside that one.
 */
const isSuperseded = sql`state = 'failed' and key is null
  and (select last.job_key from job_runs as last where last.job_id = judged.id order by last.id desc limit 1) is not null`;

function judgement(name: JobActionName, seenIn: WaitingState): RawBuilder<unknown> {
  const cases = Object.entries(refusalOf[name]).map(
    ([state, refusal]) => sql`when state = ${sql.lit(state)} then ${sql.lit(refusal)}`,
  );
  // Run now is for what waits for a later time; a try that is due already only waits for a slot.
  if (name === "run_now") cases.push(sql`when run_at <= now() then 'due_already'`);
  if (name === "retry" || name === "reschedule") cases.push(sql`when ${isSuperseded} then 'superseded'`);
  cases.push(sql`when (state = 'failed') <> ${seenIn === "failed"} then 'moved_on'`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}

const chosen = sql`array(select id from judged where refusal is null)`;

/** The part of the statement that acts, under the name `acted`. */
function deed(action: JobAction): RawBuilder<unknown> {
  switch (action.name) {
    case "retry":
      return sql`acted as materialized (
        select id from graphile_worker.reschedule_jobs(${chosen}, run_at := ${SOONEST}, attempts := 0))`;
    case "run_now":
      return sql`acted as materialized (
        select id from graphile_worker.reschedule_jobs(${chosen}, run_at := ${SOONEST}))`;
    case "reschedule":
      return rescheduling(action.at);
    case "set_priority":
      return sql`acted as materialized (
        select id from graphile_worker.reschedule_jobs(${chosen}, priority := ${action.priority}::int))`;
    case "discard":
      return discarding(action.by, action.reason);
  }
}

function rescheduling(at: { moment: string } | { delayMs: number }): RawBuilder<unknown> {
  const moment =
    "moment" in at
      ? sql`${at.moment}::timestamptz`
      : sql`clock_timestamp() + ${at.delayMs}::float8 * interval '1 millisecond'`;
  const time = sql`greatest(${moment}, ${SOONEST})`;
  return sql`acted as materialized (
    select id from graphile_worker.reschedule_jobs(
      array(select id from judged where state <> 'failed' and refusal is null), run_at := ${time})
    union all
    select id from graphile_worker.reschedule_jobs(
      array(select id from judged where state = 'failed' and refusal is null), run_at := ${time}, attempts := 0))`;
}

/** The job goes, its memory stays: a run with the outcome `discarded` that says who and why. */
function discarding(by: string, reason: string | null): RawBuilder<unknown> {
  const message = `Discarded by ${by}${reason ? `: ${reason}` : "."}`;
  const importJobId = sql`(${payloadOfJob})->>'importJobId'`;
  const workId = sql`(${payloadOfJob})->>'workId'`;
  return sql`kept as (
      insert into job_runs (job_id, task, payload, job_key, attempt, max_attempts, worker_id, enqueued_at, run_at, started_at,
        finished_at, outcome, error_class, error_code, error_message, import_job_id, work_id)
      select jobs.id, tasks.identifier,
        coalesce(${payloadOfJob}, jsonb_build_object('text', replace(jobs.payload::text, '\\u0000', ''))), jobs.key, jobs.attempts,
        jobs.max_attempts, null, jobs.created_at, jobs.run_at, clock.moment, clock.moment, 'discarded', 'Discarded',
        'DISCARDED', ${message},
        case when ${importJobId} ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (${importJobId})::uuid end,
        case when ${workId} ~ '^[1-9][0-9]{0,17}$' then (${workId})::bigint end
      from judged as jobs
      join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
      cross join (select clock_timestamp() as moment) as clock
      where jobs.refusal is null
    ), acted as materialized (select id from graphile_worker.complete_jobs(${chosen}))`;
}

/** Jobs that were not among the locked ones: a worker has them, they have ended, or they never were. */
async function whyMissed(trx: Kysely<Database>, jobIds: readonly string[]): Promise<Refusal[]> {
  if (jobIds.length === 0) return [];
  const { rows } = await sql<{ refusal: Refusal }>`
    select case
        when jobs.locked_at is not null then 'running'
        when jobs.id is not null then 'moved_on'
        when last.outcome = 'completed' then 'completed'
        when last.outcome = 'discarded' then 'discarded'
        else 'gone' end as refusal
    from unnest(${[...jobIds]}::bigint[]) as asked (id)
    left join ${waitingJobs} on jobs.id = asked.id
    left join lateral (select outcome from job_runs where job_id = asked.id order by id desc limit 1) as last on true`.execute(
    trx,
  );
  return rows.map(({ refusal }) => refusal);
}
