import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { CHANGE_FEEDS } from "#app/discovery/refresh/change-feeds.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import type { RefreshRules } from "#app/works/refresh-rules.ts";

/** Planned refreshes come after what people ask for; among themselves in this order. */
const PRIORITY = 10;
/** Jobs per statement: 5,000 take about half a second. */
const BATCH = 5_000;

/** Why a work was planned; what the members of the run say. */
export type PlanClass = "new" | "changed" | "due" | "feed_gap";

type PlanStep = [name: PlanClass, where: RawBuilder<unknown>, order: RawBuilder<unknown>];

/** The classes in their order, each as a condition on `works` and an order in it. */
function planSteps(today: string, rules: RefreshRules): PlanStep[] {
  const isDue = sql`due_at <= now()`;
  const oldestDue = sql`due_at, work_id`;
  return [
    [
      "new",
      sql`${isDue} and tmdb_id is not null and release_date between ${today}::date - ${rules.newDays}::int
        and ${today}::date + ${rules.newDays}::int`,
      oldestDue,
    ],
    ["changed", sql`due_reason = 'changed' and ${isDue}`, oldestDue],
    ["due", isDue, oldestDue],
    ...CHANGE_FEEDS.map(
      ({ syncType, mediaType }): PlanStep => [
        "feed_gap",
        // What has failed, or is lost, has its own time.
        sql`last_refreshed_at < (select max(gap_to) + 1 from feed_gaps where closed_at is null
          and sync_type = ${syncType})::timestamp at time zone 'utc'
        and media_type = ${mediaType} and tmdb_id is not null and refresh_failures = 0`,
        sql`last_refreshed_at, work_id`,
      ],
    ),
  ];
}

/**
 * Writes the members of a refresh run down with their jobs: works around their release first, then what TMDB says has changed,
 * then what has been due longest, then what a gap of the feed may hide. A work that some run has under way is left to it.
 *
 * @param limit works at most
 * @returns how many were planned, by class
 */
export async function planWorks(
  trx: Kysely<Database>,
  runId: string,
  options: { today: string; rules: RefreshRules; limit: number },
): Promise<Record<PlanClass, number>> {
  const planned: Record<PlanClass, number> = { new: 0, changed: 0, due: 0, feed_gap: 0 };
  // PostgreSQL takes the members of this very transaction for few, and would read them all for each work. One hash of them
  // does, and the works still come out of their index in order.
  await sql`set local enable_nestloop = off`.execute(trx);
  let position = 0;
  for (const [index, [name, where, order]] of planSteps(options.today, options.rules).entries()) {
    const left = options.limit - position;
    if (left <= 0) break;
    const { rows } = await sql<{ workId: string }>`
      with chosen as (
        select work_id, media_type, tmdb_id, title, year, row_number() over (order by ${order}) as place
        from works
        where ${where} and not exists (
          select from ingestion_members as open
          where open.media_type = works.media_type and open.tmdb_id = works.tmdb_id and open.status = 'pending')
        order by ${order} limit ${left}
      ), planned as (
        insert into ingestion_members (run_id, position, media_type, tmdb_id, work_id, title, year, source)
        select ${runId}::bigint, ${position}::int + place, media_type, tmdb_id, work_id, title, year, ${name} from chosen
        on conflict do nothing
        returning work_id, position
      )
      select work_id as "workId" from planned order by position`.execute(trx);
    for (let start = 0; start < rows.length; start += BATCH)
      await enqueueMany(
        trx,
        "refresh_work",
        rows.slice(start, start + BATCH).map((row) => ({ workId: Number(row.workId) })),
        { priority: PRIORITY + index },
      );
    planned[name] += rows.length;
    position += rows.length;
  }
  return planned;
}

/** Closes the gaps of the feed behind which nothing is left that was not refreshed since. */
export async function closeGaps(trx: Kysely<Database>): Promise<void> {
  for (const { syncType, mediaType } of CHANGE_FEEDS)
    await sql`
      update feed_gaps set closed_at = clock_timestamp()
      where closed_at is null and sync_type = ${syncType} and not exists (
        select from works where media_type = ${mediaType} and tmdb_id is not null and refresh_failures = 0
          and last_refreshed_at < (feed_gaps.gap_to + 1)::timestamp at time zone 'utc')`.execute(trx);
}
