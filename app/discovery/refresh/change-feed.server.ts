import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { ChangeFeed } from "#app/discovery/refresh/change-feeds.ts";
import { addDays, type FeedWindow, feedPlan, halve } from "#app/discovery/refresh/feed-windows.ts";
import { noteSync } from "#app/discovery/sync-state.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { CHANGES_WINDOW_DAYS, getChanges, LAST_PAGE } from "#app/upstreams/tmdb/lists.server.ts";
import { writeDueDates } from "#app/works/due-dates.server.ts";

/** Ids per statement. */
const BATCH = 5_000;

/** What reading a feed came to. */
export interface FeedReading {
  windows: number;
  pages: number;
  /** Titles that the feed named. */
  named: number;
  /** Works of ours that are due because of it. */
  marked: number;
  /** The day from which on it was not read, since `mostPages` did not suffice; null: it was read to its end. */
  stoppedAt: string | null;
}

export interface FeedOptions {
  /** UTC, `YYYY-MM-DD` */
  today: string;
  /** Calls that it may make. A day with more pages than are left is not begun. */
  mostPages: number;
  /** Called after each page. */
  onPage?(): Promise<void>;
}

/**
 * Reads one of TMDB's change feeds from its cursor to now, and makes the works that it names due (T-05). The cursor moves with
 * a whole window's marks, in one transaction: a killed reader reads a window again, which changes nothing.
 *
 * @throws UpstreamPaused · BudgetWait · UpstreamError; windows that were read whole are kept
 */
export async function readChangeFeed(
  ctx: UpstreamContext,
  feed: ChangeFeed,
  options: FeedOptions,
): Promise<FeedReading> {
  const { db } = ctx;
  const { today } = options;
  const job: FeedJob = {
    ...options,
    ctx,
    feed,
    reading: { windows: 0, pages: 0, named: 0, marked: 0, stoppedAt: null },
  };
  const { reading } = job;
  const state = await readState(db, feed);
  // Nobody is known to TMDB: nothing is missed, and nothing is asked.
  if (state.oldestRefresh === null) {
    await noteSync(db, feed.syncType, today);
    return reading;
  }
  const { gap, windows } = feedPlan(state.cursor, state.oldestRefresh, today, CHANGES_WINDOW_DAYS);
  if (gap) await recordGap(db, feed, gap);
  const left = windows.toReversed();
  for (let window = left.pop(); window; window = left.pop()) {
    const ids = await readWindow(job, window);
    if (ids === "too many") {
      const halves = halve(window);
      if (halves) {
        left.push(...halves.toReversed());
        continue;
      }
      return { ...reading, stoppedAt: window.from };
    }
    reading.marked += await commitWindow(db, feed, window, [...ids]);
    reading.windows += 1;
    reading.named += ids.size;
  }
  return reading;
}

/** One reading of one feed. */
interface FeedJob extends FeedOptions {
  ctx: UpstreamContext;
  feed: ChangeFeed;
  reading: FeedReading;
}

async function readState(db: Kysely<Database>, feed: ChangeFeed) {
  const { rows } = await sql<{ cursor: string | null; oldestRefresh: string | null }>`
    select (select substring(last_sync_cursor from '^[0-9]{4}-[0-9]{2}-[0-9]{2}') from sync_state
        where sync_type = ${feed.syncType}) as cursor,
      (select to_char(last_refreshed_at at time zone 'utc', 'YYYY-MM-DD') from works
       where media_type = ${feed.mediaType} and tmdb_id is not null and last_refreshed_at is not null
       order by last_refreshed_at limit 1) as "oldestRefresh"`.execute(db);
  return rows[0] ?? { cursor: null, oldestRefresh: null };
}

async function recordGap(
  db: Kysely<Database>,
  feed: ChangeFeed,
  gap: { from: string; to: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await addGap(trx, feed, gap);
    await noteSync(trx, feed.syncType, addDays(gap.to, 1));
  });
}

function addGap(db: Kysely<Database>, feed: ChangeFeed, gap: { from: string; to: string }): Promise<unknown> {
  return db
    .insertInto("feed_gaps")
    .values({ sync_type: feed.syncType, gap_from: gap.from, gap_to: gap.to })
    .onConflict((conflict) => conflict.columns(["sync_type", "gap_from", "gap_to"]).doNothing())
    .execute();
}

/**
 * All ids of a window. A page that shifted while the window was read shows in the total; then the window is read once more.
 *
 * @returns "too many" when it has more pages than TMDB gives out, and can be halved, or than may be asked for
 */
async function readWindow(job: FeedJob, window: FeedWindow): Promise<Set<number> | "too many"> {
  const ids = new Set<number>();
  for (let pass = 1; pass <= 2; pass += 1) {
    const totals = await readPass(job, window, ids);
    if (totals === "too many") return totals;
    // Of a day that is not over the rest comes tomorrow.
    if (totals.size === 1 || window.isPartial) break;
  }
  return ids;
}

/** The pages of a window, once; what they say the total is. */
async function readPass(
  { ctx, feed, reading, mostPages, onPage }: FeedJob,
  window: FeedWindow,
  ids: Set<number>,
): Promise<Set<number | null> | "too many"> {
  const totals = new Set<number | null>();
  let pages = 1;
  for (let page = 1; page <= pages; page += 1) {
    if (reading.pages + pages - page + 1 > mostPages) return "too many";
    const read = await getChanges(ctx, feed.mediaType, {
      startDate: window.from,
      endDate: window.to,
      page,
    });
    reading.pages += 1;
    await onPage?.();
    for (const change of read.results) ids.add(change.id);
    const claimed = read.total_pages ?? page;
    if (claimed > LAST_PAGE && halve(window)) return "too many";
    pages = Math.min(Math.max(pages, claimed), LAST_PAGE);
    totals.add(read.total_results);
    // A single day that is longer than TMDB gives out: what is missing of it is caught up like a gap.
    if (claimed > LAST_PAGE && page === LAST_PAGE)
      await addGap(ctx.db, feed, { from: window.from, to: window.from });
  }
  return totals;
}

async function commitWindow(
  db: UpstreamContext["db"],
  feed: ChangeFeed,
  window: FeedWindow,
  ids: number[],
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    let marked = 0;
    for (let start = 0; start < ids.length; start += BATCH)
      marked += await markChanged(trx, feed, window, ids.slice(start, start + BATCH));
    await noteSync(trx, feed.syncType, window.isPartial ? window.to : addDays(window.to, 1));
    return marked;
  });
}

/** Of today, what has been refreshed today already is left: should it have changed after that, tomorrow's reading says so. */
async function markChanged(
  trx: Kysely<Database>,
  feed: ChangeFeed,
  window: FeedWindow,
  ids: readonly number[],
): Promise<number> {
  const end = window.isPartial
    ? sql`clock_timestamp()`
    : sql`${addDays(window.to, 1)}::timestamp at time zone 'utc'`;
  const since = window.isPartial ? sql`${window.from}::timestamp at time zone 'utc'` : end;
  const { rows } = await sql<{ workId: string }>`
    update works set changed_at = ${end}
    where media_type = ${feed.mediaType} and tmdb_id = any(${sql.val(ids)}::int[]) and (changed_at is null or changed_at < ${end})
      and last_refreshed_at < ${since}
    returning work_id as "workId"`.execute(trx);
  await writeDueDates(
    trx,
    rows.map((row) => row.workId),
  );
  return rows.length;
}
