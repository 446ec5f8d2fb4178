import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { isTaskName, type TaskPayload } from "#app/queue/catalog.ts";
import { type CrontabLine, readCrontab } from "#app/queue/crontab.server.ts";
import { enqueue, entryOf, flagsOf, scheduleKey } from "#app/queue/enqueue.server.ts";
import { dueAt } from "#app/queue/parked.server.ts";
import { purposeOf, type SchedulePurpose } from "#app/queue/schedule-purposes.ts";
import { SCHEDULE_GRACE_MS, type ScheduleState, scheduleState } from "#app/queue/schedule-state.ts";

/** Outcomes that are kept in sight per schedule. */
const RUNS_SHOWN = 60;

export interface ScheduleRun {
  id: string;
  jobId: string;
  outcome: string;
  startedAt: Date;
  durationMs: number;
}

export interface Schedule extends SchedulePurpose {
  id: string;
  task: string;
  /** Five cron fields, UTC. */
  expression: string;
  /** The same in plain words. */
  words: string;
  state: ScheduleState;
  /** Since when, or until when, it stands so; see `scheduleState`. */
  since: Date | null;
  next: Date | null;
  /** Newest first, 60 at most. */
  runs: ScheduleRun[];
  /** Its waiting or running job. */
  jobId: string | null;
}

interface Found {
  id: string;
  now: Date;
  knownSince: Date | null;
  jobId: string | null;
  runAt: Date | null;
  attempts: number | null;
  lockedAt: Date | null;
  isPaused: boolean;
  runs: {
    id: string;
    jobId: string;
    outcome: string;
    startedAt: number;
    runAt: number;
    finishedAt: number;
  }[];
}

/**
 * Every crontab line with how it stands now, in the crontab's order. One statement; a line that no worker has met yet is noted
 * here too, since it can be late all the same.
 *
 * @param lines the crontab's; those that the workers follow when absent
 */
export async function listSchedules(db: Kysely<Database>, lines?: CrontabLine[]): Promise<Schedule[]> {
  const known = lines ?? (await readCrontab());
  const found = await findSchedules(db, known);
  const unknown = [...found.values()].filter(({ knownSince }) => knownSince === null).map(({ id }) => id);
  await rememberSchedules(db, unknown);
  return known.flatMap((line) => {
    const facts = found.get(line.id);
    return facts ? [toSchedule(line, facts)] : [];
  });
}

async function findSchedules(db: Kysely<Database>, lines: CrontabLine[]): Promise<Map<string, Found>> {
  const { rows } = await sql<Found>`
    select lines.id, clock_timestamp() as now, schedules.known_since as "knownSince", jobs.id as "jobId",
      ${dueAt(sql`jobs.run_at`)} as "runAt", jobs.attempts, jobs.locked_at as "lockedAt",
      exists (select from queue_pauses where lines.flags::jsonb ? flag and resumed_at is null) as "isPaused",
      array(
        select json_build_object('id', id::text, 'jobId', job_id::text, 'outcome', outcome,
          'startedAt', extract(epoch from started_at) * 1000, 'runAt', extract(epoch from run_at) * 1000,
          'finishedAt', extract(epoch from finished_at) * 1000)
        from job_runs where schedule = lines.id order by job_runs.id desc limit ${RUNS_SHOWN}
      ) as runs
    from unnest(${lines.map(({ id }) => id)}::text[], ${lines.map(({ id }) => scheduleKey(id))}::text[],
      ${lines.map((line) => JSON.stringify(flagsOfLine(line)))}::text[]) as lines (id, key, flags)
    left join schedules on schedules.id = lines.id
    left join graphile_worker.jobs as jobs
      on jobs.key = lines.key and (jobs.locked_at is not null or jobs.attempts < jobs.max_attempts)`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the line's jobs can be paused by. */
function flagsOfLine({ task, payload }: CrontabLine): string[] {
  return isTaskName(task) ? flagsOf(task, payload) : [];
}

/**
 * Notes since when crontab lines are known, by their ids: what was due before that is not missed. Workers do so when they start, so that a line
 * is late from its first tick on, whether or not anybody looks. A line that goes and comes again is as old as it was.
 */
export async function rememberSchedules(db: Kysely<Database>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .insertInto("schedules")
    .values(ids.map((id) => ({ id })))
    .onConflict((on) => on.doNothing())
    .execute();
}

function toSchedule(line: CrontabLine, found: Found): Schedule {
  const { now, runAt, jobId, lockedAt } = found;
  const [last] = found.runs;
  const { state, since } = scheduleState({
    now,
    previousTick: line.ticks.previous(new Date(now.getTime() - SCHEDULE_GRACE_MS)),
    knownSince: found.knownSince ?? now,
    lastRun: last
      ? { startedAt: new Date(last.startedAt), runAt: new Date(last.runAt), outcome: last.outcome }
      : null,
    job: runAt && jobId ? { runAt, attempts: found.attempts ?? 0, lockedAt } : null,
    isPaused: found.isPaused,
  });
  return {
    ...purposeOf(line.id),
    id: line.id,
    task: line.task,
    expression: line.expression,
    words: line.words,
    state,
    since,
    next: line.ticks.next(now),
    runs: found.runs.map((run) => ({
      id: run.id,
      jobId: run.jobId,
      outcome: run.outcome,
      startedAt: new Date(run.startedAt),
      durationMs: Math.max(0, run.finishedAt - run.startedAt),
    })),
    jobId,
  };
}

/**
 * Adds a line's job now, as cron would. Call it in a transaction: nobody else adds the same one until it ends.
 *
 * @returns the line's label
 * @throws AppError 404 `SCHEDULE_NOT_FOUND`; 409 `SCHEDULE_BUSY` when its job waits or runs already; 409 `TASK_UNKNOWN`
 */
export async function runScheduleNow(
  trx: Kysely<Database>,
  id: string,
  lines?: CrontabLine[],
): Promise<{ label: string }> {
  const line = (lines ?? (await readCrontab())).find((each) => each.id === id);
  if (!line)
    throw new AppError(
      "SCHEDULE_NOT_FOUND",
      404,
      `The crontab has no line "${id}" any more. Reload the page.`,
    );
  const { label } = purposeOf(id);
  if (!isTaskName(line.task))
    throw new AppError(
      "TASK_UNKNOWN",
      409,
      `${label} asks for the task "${line.task}", which does not exist.`,
    );
  await sql`select pg_advisory_xact_lock(hashtext(${scheduleKey(id)}))`.execute(trx);
  const { rows } = await sql<{ isRunning: boolean }>`
    select locked_at is not null as "isRunning" from graphile_worker.jobs
    where key = ${scheduleKey(id)} and (locked_at is not null or attempts < max_attempts)`.execute(trx);
  if (rows[0])
    throw new AppError(
      "SCHEDULE_BUSY",
      409,
      rows[0].isRunning
        ? `${label} is running already. Wait until it has ended, then press again.`
        : `${label} is waiting in the queue already and starts as soon as a worker is free.`,
    );
  const payload = entryOf(line.task).payload.parse(line.payload) as TaskPayload<typeof line.task>;
  await enqueue(trx, line.task, payload, { schedule: id });
  return { label };
}
