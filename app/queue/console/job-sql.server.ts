import { type RawBuilder, sql } from "kysely";
import { containments, type JobFilter, momentOf, type PayloadField, spanMs } from "#app/queue/job-filter.ts";
import { type WaitingState, waitingStates } from "#app/queue/job-state.ts";
import { dueAt } from "#app/queue/parked.server.ts";

/**
 * The words of console queries over waiting jobs: SQL on graphile-worker's own table under the alias `jobs`. The folder
 * `app/queue/console/` and `job-settlement.server.ts` are all that knows its private tables;
 * `tests/queue/private-tables.test.ts` fails when an upgrade changes them.
 */
export const waitingJobs = sql`graphile_worker._private_jobs as jobs`;

/** Whether the job is one of this task. Found by the task's number: a join would touch every job. */
export function isOfTask(task: string): RawBuilder<unknown> {
  return sql`coalesce(jobs.task_id = (select id from graphile_worker._private_tasks where identifier = ${task}), false)`;
}

const isPaused = sql`(jobs.flags ?| array(select flag from queue_pauses where resumed_at is null)) is true`;

/** `is_available`, as graphile-worker computes it, is: not locked, and attempts left. Its indexes hold just those jobs. */
const conditions: Record<WaitingState, RawBuilder<unknown>> = {
  running: sql`jobs.locked_at is not null`,
  failed: sql`jobs.locked_at is null and jobs.attempts >= jobs.max_attempts`,
  paused: sql`jobs.is_available and ${isPaused}`,
  retrying: sql`jobs.is_available and jobs.attempts > 0 and not ${isPaused}`,
  scheduled: sql`jobs.is_available and jobs.attempts = 0 and jobs.run_at > now() and not ${isPaused}`,
  queued: sql`jobs.is_available and jobs.attempts = 0 and jobs.run_at <= now() and not ${isPaused}`,
};

/** Whether a job is in the state. */
export function isInState(state: WaitingState): RawBuilder<unknown> {
  return sql`(${conditions[state]})`;
}

/** The moment that `since:`, `from:` and `to:` are about: when it failed, when it started, else when it is due. */
const timeOfJob = sql`case
  when jobs.locked_at is not null then jobs.locked_at
  when jobs.attempts >= jobs.max_attempts then jobs.updated_at
  else ${dueAt(sql`jobs.run_at`)} end`;

/**
 * How many jobs, the newest, a page looks through for what stands in them; a task or a time narrows all jobs. An error's text or
 * one import is found among 100,000 in the time that a field, which may stand in every payload, takes for half of them.
 */
export function mostSearchedJobs(filter: JobFilter): number {
  return filter.fields?.length ? 50_000 : 100_000;
}

/** Runs that are looked through for the jobs of one fingerprint or worker. */
export const MOST_RUNS_OF_ONE = 5_000;

/** Jobs up to this id are too old to be searched; 0 where none is. */
export function unsearchedJobs(filter: JobFilter): RawBuilder<string> {
  if (!isSearch(filter)) return sql`0`;
  return sql`coalesce((select id from graphile_worker._private_jobs
    order by id desc offset ${sql.lit(mostSearchedJobs(filter))} limit 1), 0)`;
}

/** The state as a number, its place in `waitingStates`: text takes twice as long to count by. */
export const stateNumber = sql<number>`case
  when jobs.locked_at is not null then ${place("running")}
  when jobs.attempts >= jobs.max_attempts then ${place("failed")}
  when ${isPaused} then ${place("paused")}
  when jobs.attempts > 0 then ${place("retrying")}
  when jobs.run_at > now() then ${place("scheduled")}
  else ${place("queued")} end`;

function place(state: WaitingState) {
  return sql.lit(waitingStates.indexOf(state));
}

/** The job's state, as one of `waitingStates`. */
export const stateOfJob = sql<WaitingState>`(array[${sql.join(waitingStates.map((state) => sql.lit(state)))}])[1 + ${stateNumber}]`;

/** Whether the filter has to read what jobs hold, so that the search must end somewhere. */
export function isSearch(filter: JobFilter): boolean {
  return Boolean(filter.error ?? filter.importJobId ?? filter.workId ?? filter.fields?.length);
}

/**
 * The filter as a condition on a waiting job. Its bound, `unsearchedJobs`, is the caller's to add.
 *
 * @param reach `newest`: jobs of a fingerprint or worker are looked for by its newest 5,000 runs, which a page can wait for; `all`:
 * by all of them
 */
export function matchesFilter(filter: JobFilter, reach: "newest" | "all" = "newest"): RawBuilder<unknown> {
  const all = [sql`true`];
  if (filter.task !== undefined) all.push(isOfTask(filter.task));
  if (filter.importJobId !== undefined) all.push(holds({ path: ["importJobId"], value: filter.importJobId }));
  if (filter.workId !== undefined) all.push(holds({ path: ["workId"], value: filter.workId }));
  for (const field of filter.fields ?? []) all.push(holds(field));
  if (filter.error !== undefined) all.push(sql`jobs.last_error ilike ${likePattern(filter.error)}`);
  if (filter.since !== undefined) all.push(sql`${timeOfJob} >= ${ago(filter.since)}`);
  if (filter.from !== undefined) all.push(sql`${timeOfJob} >= ${momentOf(filter.from, "from")}::timestamptz`);
  if (filter.to !== undefined) all.push(sql`${timeOfJob} < ${momentOf(filter.to, "to")}::timestamptz`);
  if (filter.worker !== undefined)
    all.push(sql`(jobs.locked_by = any(array(select unnest(pool_ids) from workers where id = ${filter.worker}))
      or jobs.id in (${jobsOfRuns(sql`worker_id = ${filter.worker}`, reach)}))`);
  if (filter.fingerprint !== undefined) {
    if (reach === "newest")
      all.push(sql`jobs.id in (${jobsOfRuns(sql`fingerprint = ${filter.fingerprint}`, reach)})`);
    all.push(sql`(select runs.fingerprint from job_runs as runs where runs.job_id = jobs.id
      order by runs.id desc limit 1) = ${filter.fingerprint}`);
  }
  return sql`(${sql.join(all, sql` and `)})`;
}

/** The same on a row of `job_runs`, without what completed runs do not have: errors. */
export function runMatchesFilter(filter: JobFilter): RawBuilder<unknown> {
  const all = [sql`true`];
  if (filter.task !== undefined) all.push(sql`runs.task = ${filter.task}`);
  if (filter.importJobId !== undefined) all.push(sql`runs.import_job_id = ${filter.importJobId}::uuid`);
  if (filter.workId !== undefined) all.push(sql`runs.work_id = ${filter.workId}::bigint`);
  for (const field of filter.fields ?? [])
    all.push(
      sql`(${sql.join(
        containments(field).map((json) => sql`runs.payload @> ${json}::jsonb`),
        sql` or `,
      )})`,
    );
  if (filter.error !== undefined || filter.fingerprint !== undefined) all.push(sql`false`);
  if (filter.since !== undefined) all.push(sql`runs.finished_at >= ${ago(filter.since)}`);
  if (filter.from !== undefined)
    all.push(sql`runs.finished_at >= ${momentOf(filter.from, "from")}::timestamptz`);
  if (filter.to !== undefined) all.push(sql`runs.finished_at < ${momentOf(filter.to, "to")}::timestamptz`);
  if (filter.worker !== undefined) all.push(sql`runs.worker_id = ${filter.worker}`);
  return sql`(${sql.join(all, sql` and `)})`;
}

/** graphile-worker keeps json, which may hold the escape \u0000; who reads one such payload fails for all. */
const isReadable = sql`position('\\u0000' in jobs.payload::text) = 0`;

/** A payload as jsonb; null where it cannot be read. */
export const payloadOfJob = sql`case when ${isReadable} then jobs.payload::jsonb end`;

/**
 * Whether the payload has the value in the field: as text or number, alone or in a list. Reading a hundred thousand payloads as
 * JSON takes long; looking into their text first does not. jsonb would take three times as long as json.
 */
function holds({ path, value }: PayloadField): RawBuilder<unknown> {
  const hint = textMayHold(path.at(-1) ?? "", value);
  const found = sql`jobs.payload #>> ${[...path]}::text[]`;
  const isNull =
    value === "null" ? sql`or json_typeof(jobs.payload #> ${[...path]}::text[]) = 'null'` : sql``;
  return sql`case when ${hint} and ${isReadable} then (${found} = ${value} or (${found} like '[%'
    and exists (select from json_array_elements_text(jobs.payload #> ${[...path]}::text[]) as each where each = ${value})) ${isNull})
    is true else false end`;
}

/** A long value is rare by itself; a short one stands in every other payload somewhere, but seldom behind the field's name. */
function textMayHold(name: string, value: string): RawBuilder<unknown> {
  // Other characters may be escaped in the text.
  const isPlain = /^[\w .:-]+$/.test(value);
  if (isPlain && value.length > 8) return sql`position(${value} in jobs.payload::text) > 0`;
  return sql`jobs.payload::text like ${likePattern(`"${name}"`)}${isPlain ? sql` || ${likePattern(value)}` : sql``}`;
}

function jobsOfRuns(condition: RawBuilder<unknown>, reach: "newest" | "all"): RawBuilder<unknown> {
  if (reach === "all") return sql`select job_id from job_runs where ${condition}`;
  return sql`select job_id from (select job_id from job_runs where ${condition}
    order by finished_at desc, id desc limit ${sql.lit(MOST_RUNS_OF_ONE)}) as newest`;
}

/** Whether there are more runs of the filter's fingerprint or worker than a page looks at. */
export function hasUnsearchedRuns({ fingerprint, worker }: JobFilter): RawBuilder<boolean> {
  const conditions = [
    ...(fingerprint === undefined ? [] : [sql`fingerprint = ${fingerprint}`]),
    ...(worker === undefined ? [] : [sql`worker_id = ${worker}`]),
  ].map(
    (condition) =>
      sql`(select count(*) from (select from job_runs where ${condition} limit ${sql.lit(MOST_RUNS_OF_ONE + 1)}) as runs) > ${sql.lit(MOST_RUNS_OF_ONE)}`,
  );
  return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`;
}

function ago(span: string): RawBuilder<unknown> {
  return sql`now() - ${spanMs(span)}::float8 * interval '1 millisecond'`;
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
