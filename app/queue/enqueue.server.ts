import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { catalog, type TaskName, type TaskPayload } from "#app/queue/catalog.ts";
import { jobFlags } from "#app/queue/job-flags.ts";
import type { Service } from "#app/upstreams/services.ts";

export interface EnqueueOptions {
  /** Wait before the first attempt, on the database's clock. A function sees the payload's place in the list. */
  delayMs?: number | ((index: number) => number);
  /** Lower runs first; the catalog's when absent. A function sees the payload's place in the list. */
  priority?: number | ((index: number) => number);
  /** Beside those that say what a job can be paused by, which every job gets. */
  flags?: string[];
  /** The crontab line that the job stands for, by its id: the job is one with those that cron adds. */
  schedule?: string;
}

/** The key of a crontab line's jobs, so that there is one of them at a time. The line's `jobKey` says the same. */
export const scheduleKey = (id: string): string => `schedule:${id}`;

/**
 * Adds one job on the caller's transaction: it exists if and only if the caller's own rows do.
 *
 * graphile-worker has no transactional JavaScript API; its SQL function is the documented way.
 *
 * @throws ZodError when the payload does not fit the catalog: a bug of the caller.
 */
export async function enqueue<Name extends TaskName>(
  db: Kysely<Database>,
  name: Name,
  payload: TaskPayload<Name>,
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueMany(db, name, [payload], options);
}

/** The same for many jobs of one task, in one statement. */
export async function enqueueMany<Name extends TaskName>(
  db: Kysely<Database>,
  name: Name,
  payloads: TaskPayload<Name>[],
  options: EnqueueOptions = {},
): Promise<void> {
  if (payloads.length === 0) return;
  const specs = payloads.map((payload, index) => spec(name, payload, index, options));
  await removeFailed(
    db,
    specs.flatMap(({ key }) => (key === null ? [] : [key])),
  );
  await sql`
    select from graphile_worker.add_jobs(array(
      select (
        ${name}, spec->'payload', null,
        case when (spec->>'delayMs')::float8 > 0
          then clock_timestamp() + (spec->>'delayMs')::float8 * interval '1 millisecond' end,
        (spec->>'maxAttempts')::smallint, spec->>'key', (spec->>'priority')::smallint,
        array(select json_array_elements_text(spec->'flags'))
      )::graphile_worker.job_spec
      from json_array_elements(${JSON.stringify(specs)}::json) as spec
    ))`.execute(db);
}

/**
 * Removes failed jobs whose work is asked for anew: graphile-worker would not take them up again but take their key away and
 * add another job beside them, and they would stand in the queue as failed for ever. Their attempts stay in `job_runs`.
 */
async function removeFailed(db: Kysely<Database>, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    select from graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
      where key = any(${sql.val(keys)}::text[]) and attempts >= max_attempts and locked_at is null))`.execute(
    db,
  );
}

function spec<Name extends TaskName>(
  name: Name,
  payload: TaskPayload<Name>,
  index: number,
  options: EnqueueOptions,
) {
  const { delayMs, priority, schedule } = options;
  const entry = entryOf(name);
  const parsed = entry.payload.parse(payload);
  return {
    payload: schedule === undefined ? parsed : { ...parsed, _schedule: schedule },
    key: schedule === undefined ? entry.key(parsed) : scheduleKey(schedule),
    maxAttempts: entry.maxAttempts,
    priority: typeof priority === "function" ? priority(index) : (priority ?? entry.priority),
    delayMs: typeof delayMs === "function" ? delayMs(index) : (delayMs ?? 0),
    flags: [...flagsOf(name, parsed), ...(options.flags ?? [])],
  };
}

/**
 * What a job of this task can be paused by.
 *
 * @param payload as the task's schema parsed it
 */
export function flagsOf(name: TaskName, payload: Record<string, unknown>): string[] {
  const { upstreams, subject } = entryOf(name);
  return jobFlags({ task: name, upstreams, importJobId: subject(payload).importJobId });
}

/** The catalog's entry with its payload type opened up: what one name's schema parsed goes to the same name's functions. */
export function entryOf(name: TaskName): {
  payload: {
    parse(value: unknown): Record<string, unknown>;
    safeParse(value: unknown): { success: true; data: Record<string, unknown> } | { success: false };
  };
  lane: "general" | "bulk";
  maxAttempts: number;
  priority: number;
  key(payload: Record<string, unknown>): string | null;
  upstreams: readonly Service[];
  subject(payload: Record<string, unknown>): { importJobId?: string; workId?: string };
} {
  return catalog[name] as ReturnType<typeof entryOf>;
}
