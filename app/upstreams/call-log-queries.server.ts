import { type RawBuilder, sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

/** What narrows the call log. What is absent narrows nothing. */
export interface CallFilter {
  service?: string | undefined;
  /** A template, `/movie/{id}`; goes with its service. */
  endpoint?: string | undefined;
  /** `failed`: any failed call; `OK` or `NOT_FOUND`: what was answered; else an error code. */
  outcome?: string | undefined;
  /** Whether the answer came out of the cache. */
  cached?: boolean | undefined;
  task?: string | undefined;
  /** graphile-worker's job id. */
  jobId?: string | undefined;
  importJobId?: string | undefined;
  workId?: string | undefined;
  /** Not before so many hours ago … */
  hours?: number | undefined;
  /** … or not before this moment … */
  from?: Date | undefined;
  /** … and before this one. */
  to?: Date | undefined;
}

export interface LoggedCall {
  id: string;
  at: Date;
  service: string;
  endpoint: string;
  method: string;
  status: number | null;
  errorCode: string | null;
  durationMs: number;
  cached: boolean;
  attempt: number;
  task: string | null;
  jobId: string | null;
  importJobId: string | null;
  rowNumber: number | null;
  workId: string | null;
}

export interface CallPage {
  /** Newest first. */
  calls: LoggedCall[];
  nextCursor: string | null;
  /** Set when the page was cut short: so many calls were looked through, back to this moment; `nextCursor` goes on from there. */
  lookedBackTo: Date | null;
}

/**
 * One filter is read by its index, the others are looked for in what it finds: in so many calls at most. Two filters that
 * hardly ever meet (a service and another one's error) would otherwise read millions.
 */
export const MOST_LOOKED_AT = 5_000;

/** The filters in force as conditions: those that an index serves, the narrowest first, and those that none does. */
function conditionsOf(filter: CallFilter): { indexed: RawBuilder<boolean>[]; others: RawBuilder<boolean>[] } {
  const { service, endpoint, outcome, cached, task, jobId, importJobId, workId } = filter;
  const isAnswered = outcome === "OK" || outcome === "NOT_FOUND";
  return {
    indexed: present([
      jobId && sql<boolean>`queue_job_id = ${jobId}::bigint`,
      importJobId && sql<boolean>`import_job_id = ${importJobId}::uuid`,
      workId && sql<boolean>`work_id = ${workId}::bigint`,
      outcome && !isAnswered && outcomeIs(outcome),
      service && endpoint && sql<boolean>`service = ${service} and endpoint = ${endpoint}`,
      task && sql<boolean>`task = ${task}`,
      service && !endpoint && sql<boolean>`service = ${service}`,
    ]),
    others: present([
      endpoint && !service && sql<boolean>`endpoint = ${endpoint}`,
      outcome && isAnswered && outcomeIs(outcome),
      cached !== undefined && sql<boolean>`cached = ${cached}`,
    ]),
  };
}

function present(conditions: readonly (RawBuilder<boolean> | "" | false | undefined)[]) {
  return conditions.flatMap((condition) => (condition ? [condition] : []));
}

function outcomeIs(outcome: string): RawBuilder<boolean> {
  if (outcome === "failed") return sql<boolean>`error_code is not null and not cached`;
  if (outcome === "OK") return sql<boolean>`error_code is null and status is distinct from 404`;
  if (outcome === "NOT_FOUND") return sql<boolean>`error_code is null and status = 404`;
  return sql<boolean>`error_code = ${outcome}`;
}

/** `now()` and no later clock: what is read anew within a statement cannot be searched for in an index. */
function withinTime({ hours, from, to }: CallFilter): RawBuilder<boolean> {
  const since = from ? sql`${from}` : sql`now() - make_interval(hours => ${hours ?? 90 * 24})`;
  return to ? sql<boolean>`at >= ${since} and at < ${to}` : sql<boolean>`at >= ${since}`;
}

interface Position {
  /** With microseconds, which JavaScript's dates lack and the order needs. */
  at: string;
  id: string;
}

/**
 * A page of the call log, newest first, by keyset. Costs the same at any depth and any length of the log.
 *
 * @param page.cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listCalls(
  db: Db,
  filter: CallFilter,
  page: { limit: number; cursor?: string | undefined },
): Promise<CallPage> {
  const { indexed, others: unindexed } = conditionsOf(filter);
  const [first = sql<boolean>`true`, ...rest] = indexed;
  const others = [...rest, ...unindexed];
  const start = page.cursor ? readCursor(page.cursor) : null;
  const found = sql`
    from upstream_calls
    where ${first} and ${withinTime(filter)}
      and ${start ? sql`(at, id) < (${start.at}::timestamptz, ${start.id}::bigint)` : sql`true`}
    order by at desc, id desc`;
  const matches = others.length > 0 ? sql.join(others, sql` and `) : sql`true`;
  const { rows } = await sql<LoggedCall & { position: string }>`
    select id, at, service, endpoint, method, status, error_code as "errorCode", duration_ms as "durationMs", cached,
      attempt, task, queue_job_id as "jobId", import_job_id as "importJobId", row_number as "rowNumber",
      work_id as "workId", ${exactly(sql`at`)} as position
    from (select * ${found} limit ${others.length > 0 ? MOST_LOOKED_AT : page.limit + 1}) as looked_at
    where ${matches}
    order by at desc, id desc limit ${page.limit + 1}`.execute(db);
  const calls = rows.slice(0, page.limit).map(({ position, ...call }) => call);
  const last = rows[page.limit - 1];
  if (rows.length > page.limit && last)
    return { calls, nextCursor: writeCursor({ at: last.position, id: last.id }), lookedBackTo: null };
  if (others.length === 0) return { calls, nextCursor: null, lookedBackTo: null };
  const stopped = await positionAfter(db, found);
  return {
    calls,
    nextCursor: stopped && writeCursor(stopped),
    lookedBackTo: stopped ? new Date(stopped.at) : null,
  };
}

/** Whether anything was ever logged, and is still kept. */
export async function hasAnyCall(db: Db): Promise<boolean> {
  const call = await db.selectFrom("upstream_calls").select("id").limit(1).executeTakeFirst();
  return call !== undefined;
}

/** The last call that was looked at, when there are more behind it. */
async function positionAfter(db: Db, found: RawBuilder<unknown>): Promise<Position | null> {
  const { rows } = await sql<Position>`
    select ${exactly(sql`at`)} as at, id from (select at, id ${found} offset ${MOST_LOOKED_AT - 1} limit 2) as tail`.execute(
    db,
  );
  return rows.length > 1 ? (rows[0] ?? null) : null;
}

function exactly(at: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function writeCursor({ at, id }: Position): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

function readCursor(cursor: string): Position {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at) ||
    Number.isNaN(Date.parse(at)) ||
    !/^\d{1,18}$/.test(id)
  )
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  return { at, id };
}
