import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { dailyCalls } from "#app/discovery/refresh/budget.ts";
import {
  type FeedOptions,
  type FeedReading,
  readChangeFeed,
} from "#app/discovery/refresh/change-feed.server.ts";
import { CHANGE_FEEDS, type ChangeFeed } from "#app/discovery/refresh/change-feeds.ts";
import { closeGaps, type PlanClass, planWorks } from "#app/discovery/refresh/plan-works.server.ts";
import { PAGE_ATTEMPTS, type PlanContext, sayWhy } from "#app/discovery/runs/break-off.server.ts";
import { addRunError, finishRuns, openRun } from "#app/discovery/runs/runs.server.ts";
import { AppError, RetryLater } from "#app/errors.ts";
import { UpstreamError } from "#app/upstreams/errors.ts";
import { isOn, offSentence } from "#app/upstreams/services.ts";
import { recomputeDueDates } from "#app/works/due-dates.server.ts";
import { readRules } from "#app/works/refresh-rules.ts";

/** More than a million works: the walk over the due dates is always finished before anything is planned by them. */
const WHOLE_WALK = 10_000;

/**
 * Plans the day's refresh (T-05): reads the change feeds, then queues one job per due work within the day's budget. The plan is
 * a line of `scheduled_ingestion_log` with a member per work; it ends with its last member. Works that are not due cost nothing.
 *
 * @returns statistics
 * @throws UpstreamPaused · BudgetWait: the job comes again and goes on · UpstreamError: tried again
 */
export async function refreshStaleWorks(
  ctx: PlanContext,
  asked: { limit?: number | undefined; triggerType: "scheduled" | "manual" },
): Promise<Record<string, unknown>> {
  const { db } = ctx;
  const run = await openRun(db, {
    kind: "refresh",
    source: "refresh",
    triggerType: asked.triggerType,
    parameters: { limit: asked.limit ?? null },
    jobId: ctx.jobId,
  });
  if (run.isPlanned) return { runId: run.runId, planned: "before" };
  try {
    if (!isOn("tmdb", ctx.config)) throw new AppError("UPSTREAM_OFF", 503, offSentence("tmdb"));
    const today = await readToday(db);
    const feeds = await readFeeds(ctx, run.runId, today);
    if (!(await recomputeDueDates(db, WHOLE_WALK, ctx.signal)))
      throw new RetryLater("Due dates are being computed anew.", 2_000);
    return await plan(ctx, run.runId, { today, limit: asked.limit, feeds });
  } catch (error) {
    return sayWhy(ctx, run.runId, error);
  }
}

async function readToday(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ today: string }>`
    select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD') as today`.execute(db);
  return rows[0]?.today ?? new Date().toISOString().slice(0, 10);
}

/** A feed may take so much of what is left of the day: what is due by age has a right to the rest. */
const FEED_SHARE = 1 / 4;

/** What each feed came to; null for one that could not be read. */
type FeedReadings = Record<ChangeFeed["mediaType"], FeedReading | null>;

async function readFeeds(ctx: PlanContext, runId: string, today: string): Promise<FeedReadings> {
  const { left } = await readBudget(ctx.db, ctx.config, today);
  const readings: FeedReadings = { movie: null, tv: null };
  for (const feed of CHANGE_FEEDS)
    readings[feed.mediaType] = await readFeed(ctx, runId, feed, {
      today,
      mostPages: Math.floor(left * FEED_SHARE),
    });
  return readings;
}

/** A feed that cannot be read holds nothing up for long: works are due by age all the same, and the cursor stays. */
async function readFeed(
  ctx: PlanContext,
  runId: string,
  feed: ChangeFeed,
  options: FeedOptions,
): Promise<FeedReading | null> {
  try {
    return await readChangeFeed(ctx, feed, {
      ...options,
      onPage: async () => {
        await sql`update scheduled_ingestion_log set pages_read = pages_read + 1, updated_at = clock_timestamp()
          where id = ${runId}::bigint`.execute(ctx.db);
      },
    });
  } catch (error) {
    const isLeftOut =
      error instanceof UpstreamError &&
      (!error.retryable || ctx.attempt >= PAGE_ATTEMPTS || ctx.isLastAttempt);
    if (!isLeftOut) throw error;
    const kind = feed.mediaType === "movie" ? "films" : "series";
    await addRunError(ctx.db, runId, {
      code: error.code,
      message: `The change feed of ${kind} could not be read to its end: ${error.message} It is read from the same day next time.`,
    });
    return null;
  }
}

async function plan(
  ctx: PlanContext,
  runId: string,
  given: { today: string; limit: number | undefined; feeds: FeedReadings },
): Promise<Record<string, unknown>> {
  return ctx.db.transaction().execute(async (trx) => {
    // Two plans at once would both spend what is left of the day.
    await sql`select pg_advisory_xact_lock(hashtext('plan refresh'))`.execute(trx);
    const { rules, left: budget } = await readBudget(trx, ctx.config, given.today);
    const limit = Math.min(budget, given.limit ?? budget);
    const planned = await planWorks(trx, runId, { today: given.today, rules, limit });
    await closeGaps(trx);
    const works = Object.values(planned).reduce((sum, count) => sum + count, 0);
    const parameters = { limit: given.limit ?? null, budget, planned, feeds: given.feeds };
    await writePlan(trx, runId, works, parameters);
    return { runId, planned: works, ...byClass(planned), feedPages: pagesOf(given.feeds) };
  });
}

const byClass = (planned: Record<PlanClass, number>) => ({
  plannedNew: planned.new,
  plannedChanged: planned.changed,
  plannedDue: planned.due,
  plannedForGap: planned.feed_gap,
});

const pagesOf = ({ movie, tv }: FeedReadings): number => (movie?.pages ?? 0) + (tv?.pages ?? 0);

/** The rules, and the calls that today's plans have left of the day: their works count, and the pages of the feeds. */
async function readBudget(trx: Kysely<Database>, config: PlanContext["config"], today: string) {
  const { rows } = await sql<{ rules: unknown; spent: number }>`
    select (select rules from refresh_rules order by id desc limit 1) as rules,
      (select coalesce(sum(movies_checked + pages_read), 0)::int from scheduled_ingestion_log
       where kind = 'refresh' and created_at >= ${today}::timestamp at time zone 'utc') as spent`.execute(
    trx,
  );
  const rules = readRules(rows[0]?.rules);
  const day = dailyCalls(config.TMDB_RATE_LIMIT, rules.dailyShare);
  return { rules, left: Math.max(0, day - (rows[0]?.spent ?? 0)) };
}

async function writePlan(
  trx: Kysely<Database>,
  runId: string,
  works: number,
  parameters: Record<string, unknown>,
): Promise<void> {
  await trx
    .updateTable("scheduled_ingestion_log")
    .set({
      movies_checked: works,
      parameters: JSON.stringify(parameters),
      planned_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
      error_code: null,
      error_message: null,
    })
    .where("id", "=", runId)
    .execute();
  await finishRuns(trx, [runId]);
}
