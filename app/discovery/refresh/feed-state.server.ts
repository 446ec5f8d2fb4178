import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { CHANGE_FEEDS, type ChangeFeed } from "#app/discovery/refresh/change-feeds.ts";

/** Counting stops here. */
const MOST_COUNTED = 10_000;

export interface FeedState {
  mediaType: ChangeFeed["mediaType"];
  /** The first day that has not been read to its end, `YYYY-MM-DD`; null: nothing was ever read. */
  cursor: string | null;
  /** Whole days behind today; 0 is up to date. */
  lagDays: number | null;
  lastSyncAt: Date | null;
  windowsRead: number;
  /** Days that TMDB does not give out any more and that are not caught up, newest first; the last 20. */
  gaps: {
    from: string;
    to: string;
    recordedAt: Date;
    /** Works that were not refreshed since, to 10,000; what closes the gap. */
    worksLeft: number;
  }[];
}

/** Where the reading of each of TMDB's change feeds stands, films first. */
export async function feedStates(db: Kysely<Database>): Promise<FeedState[]> {
  return Promise.all(CHANGE_FEEDS.map((feed) => feedState(db, feed)));
}

async function feedState(db: Kysely<Database>, { syncType, mediaType }: ChangeFeed): Promise<FeedState> {
  const { rows } = await sql<Omit<FeedState, "gaps" | "mediaType">>`
    select last_sync_cursor as cursor, last_sync_at as "lastSyncAt", sync_count as "windowsRead",
      greatest(0, (now() at time zone 'utc')::date
        - substring(last_sync_cursor from '^[0-9]{4}-[0-9]{2}-[0-9]{2}')::date) as "lagDays"
    from sync_state where sync_type = ${syncType}`.execute(db);
  const { rows: gaps } = await sql<FeedState["gaps"][number]>`
    select gap_from as "from", gap_to as "to", recorded_at as "recordedAt", (select count(*)::int from (
      select from works where media_type = ${mediaType} and tmdb_id is not null and refresh_failures = 0
        and last_refreshed_at < (gap_to + 1)::timestamp at time zone 'utc' limit ${MOST_COUNTED}) as left_over) as "worksLeft"
    from feed_gaps where sync_type = ${syncType} and closed_at is null order by id desc limit 20`.execute(db);
  const state = rows[0] ?? { cursor: null, lagDays: null, lastSyncAt: null, windowsRead: 0 };
  return { mediaType, ...state, gaps };
}
