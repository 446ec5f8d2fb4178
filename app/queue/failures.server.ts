import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { waitingJobsByGroup } from "#app/queue/console/failed-jobs.server.ts";
import { LONGEST_REASON } from "#app/queue/pauses.server.ts";

/** Failures of one cause. */
export interface FailureGroup {
  fingerprint: string;
  task: string;
  errorCode: string | null;
  errorClass: string | null;
  /** The last message, as an example. */
  sampleMessage: string;
  sampleJobId: string;
  /** Failed attempts since the group was first seen. */
  failures: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** Failures of each of the last 24 hours, the oldest first, the one that has begun last. */
  trend: number[];
  /** Jobs that failed of this and wait for a person. */
  failedJobs: number;
  /** Not all failed jobs were looked at: there may be more. */
  hasMoreFailedJobs: boolean;
  ignoredUntil: Date | null;
  ignoredBy: string | null;
  ignoredReason: string | null;
}

const isIgnored = sql`coalesce(failure_groups.ignored_until > now(), false)`;

/** Everything a screen shows of the groups that `condition` picks, in one statement. `only`: the one group that it picks. */
function groupQuery(condition: RawBuilder<unknown>, limit: number, only?: string) {
  return sql<FailureGroup & { cursor: string }>`
    with page as materialized (
      select *, last_seen_at || ' ' || fingerprint as cursor from failure_groups where ${condition}
      order by last_seen_at desc, fingerprint limit ${limit}
    ), ${waitingJobsByGroup(only)}
    select page.fingerprint, page.task, page.error_code as "errorCode", page.error_class as "errorClass",
      page.sample_message as "sampleMessage", page.sample_job_id as "sampleJobId", page.failures::float8 as failures,
      page.first_seen_at as "firstSeenAt", page.last_seen_at as "lastSeenAt",
      case when page.ignored_until > now() then page.ignored_until end as "ignoredUntil", page.ignored_by as "ignoredBy",
      page.ignored_reason as "ignoredReason", coalesce(waiting_jobs.jobs, 0) as "failedJobs",
      (select has_more from counted) as "hasMoreFailedJobs", page.cursor,
      array(
        select coalesce(failures, 0)
        from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') as hours (hour)
        left join failure_hours on failure_hours.fingerprint = page.fingerprint and failure_hours.hour = hours.hour
        order by hours.hour
      ) as trend
    from page left join waiting_jobs using (fingerprint)
    order by page.last_seen_at desc, page.fingerprint`;
}

const CURSOR = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00) ([0-9a-f]{1,64})$/;

/**
 * Groups of failures, the one that failed last first, by keyset.
 *
 * @param options.ignored those that are ignored, instead of those that are not
 * @param options.cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listFailureGroups(
  db: Kysely<Database>,
  options: { ignored: boolean; limit: number; cursor?: string | undefined },
): Promise<{ groups: FailureGroup[]; nextCursor: string | null }> {
  const { limit } = options;
  const { rows } = await groupQuery(
    sql`${isIgnored} = ${options.ignored} and ${isAfter(options.cursor)}`,
    limit + 1,
  ).execute(db);
  return {
    groups: rows.slice(0, limit).map(withoutCursor),
    nextCursor: rows.length > limit ? (rows[limit - 1]?.cursor ?? null) : null,
  };
}

function isAfter(cursor: string | undefined): RawBuilder<unknown> {
  if (cursor === undefined) return sql`true`;
  const [, lastSeenAt, fingerprint] = CURSOR.exec(cursor) ?? [];
  if (lastSeenAt === undefined)
    throw new AppError(
      "BAD_CURSOR",
      400,
      "The cursor is not one that this list gave out. Start again without it.",
    );
  return sql`(last_seen_at < ${lastSeenAt}::timestamptz
    or last_seen_at = ${lastSeenAt}::timestamptz and fingerprint > ${fingerprint})`;
}

const withoutCursor = ({ cursor: _, ...group }: FailureGroup & { cursor: string }): FailureGroup => group;

/** How many groups are ignored now. */
export async function countIgnoredGroups(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ groups: number }>`
    select count(*)::int as groups from failure_groups where ${isIgnored}`.execute(db);
  return rows[0]?.groups ?? 0;
}

/** @throws AppError FAILURE_GROUP_NOT_FOUND (404) */
export async function findFailureGroup(db: Kysely<Database>, fingerprint: string): Promise<FailureGroup> {
  const { rows } = await groupQuery(sql`fingerprint = ${fingerprint}`, 1, fingerprint).execute(db);
  const [group] = rows;
  if (!group) throw notFound();
  return withoutCursor(group);
}

const notFound = () =>
  new AppError(
    "FAILURE_GROUP_NOT_FOUND",
    404,
    "There is no such group of failures. It may have been mistyped, or nothing failed of it for 90 days.",
  );

/** One failed attempt of a group. */
export interface FailureSample {
  runId: string;
  jobId: string;
  payload: unknown;
  attempt: number;
  maxAttempts: number;
  outcome: "retrying" | "failed" | "lost";
  message: string | null;
  finishedAt: Date;
  importJobId: string | null;
  workId: string | null;
}

/** The last failed attempts of a group, newest first. */
export async function listFailureSamples(
  db: Kysely<Database>,
  fingerprint: string,
  limit: number,
): Promise<FailureSample[]> {
  const { rows } = await sql<FailureSample>`
    select id as "runId", job_id as "jobId", payload, attempt, max_attempts as "maxAttempts", outcome, error_message as message,
      finished_at as "finishedAt", import_job_id as "importJobId", work_id as "workId"
    from job_runs where fingerprint = ${fingerprint} order by finished_at desc, id desc limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** The farthest that a group may be ignored: whoever comes after should not find it silent for ever. */
const LONGEST_IGNORE_DAYS = 365;

/**
 * Leaves a group out of what waits for a person until a moment. Its failures are counted on.
 *
 * @param until a moment ahead, a year at most
 * @throws AppError NO_REASON · REASON_TOO_LONG · BAD_TIME (422), FAILURE_GROUP_NOT_FOUND (404), ALREADY_IGNORED (409) naming by whom
 */
export async function ignoreFailureGroup(
  trx: Transaction<Database>,
  ignore: { fingerprint: string; until: Date; reason: string; by: string },
): Promise<void> {
  const reason = ignore.reason.trim();
  if (reason === "") throw new AppError("NO_REASON", 422, "Say why: whoever finds it ignored needs to know.");
  if (reason.length > LONGEST_REASON)
    throw new AppError("REASON_TOO_LONG", 422, `Say it in ${LONGEST_REASON} characters at most.`);
  const { rows } = await sql<{ isAhead: boolean }>`
    select ${ignore.until}::timestamptz between clock_timestamp()
      and clock_timestamp() + ${LONGEST_IGNORE_DAYS} * interval '1 day' as "isAhead"`.execute(trx);
  if (!rows[0]?.isAhead)
    throw new AppError("BAD_TIME", 422, "Choose a moment that is ahead, within a year from now.");
  const ignored = await trx
    .updateTable("failure_groups")
    .set({ ignored_until: ignore.until, ignored_by: ignore.by, ignored_reason: reason })
    .where("fingerprint", "=", ignore.fingerprint)
    .where(sql<boolean>`not ${isIgnored}`)
    .executeTakeFirst();
  if (ignored.numUpdatedRows > 0n) return;
  const group = await findFailureGroup(trx, ignore.fingerprint);
  throw new AppError(
    "ALREADY_IGNORED",
    409,
    `This group is ignored already, by ${group.ignoredBy}: ${group.ignoredReason}`,
  );
}

/**
 * Counts a group again among what waits for a person.
 *
 * @throws AppError FAILURE_GROUP_NOT_FOUND (404) · NOT_IGNORED (409)
 */
export async function unignoreFailureGroup(trx: Transaction<Database>, fingerprint: string): Promise<void> {
  const changed = await trx
    .updateTable("failure_groups")
    .set({ ignored_until: null, ignored_by: null, ignored_reason: null })
    .where("fingerprint", "=", fingerprint)
    .where(sql<boolean>`${isIgnored}`)
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n) return;
  await findFailureGroup(trx, fingerprint);
  throw new AppError("NOT_IGNORED", 409, "This group is not ignored any more.");
}
