import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** Counting stops here. */
const MOST_COUNTED = 10_000;

export interface FeedState {
  /** The first day that has not been read to its end, `YYYY-MM-DD`; null: nothing was ever read. */
  cursor: string | null;
  /** Whole days behind today; 0 is up to date. */
  lagDays: number | null;
  lastSyncAt: Date | null;
  windowsRead: number;
  /** Days that TMDB does not give out any more, newest first. */
  gaps: {
    from: string;
    to: string;
    recordedAt: Date;
    closedAt: Date | null;
    /** Films that were not refreshed since, to 10,000; what closes the gap. */
    worksLeft: number;
  }[];
}

/** Where the reading of TMDB's change feed stands, with the last 20 gaps. */
export async function feedState(db: Kysely<Database>): Promise<FeedState> {
  const { rows } = await sql<Omit<FeedState, "gaps">>`
    select last_sync_cursor as cursor, last_sync_at as "lastSyncAt", sync_count as "windowsRead",
      greatest(0, (now() at time zone 'utc')::date
        - substring(last_sync_cursor from '^[0-9]{4}-[0-9]{2}-[0-9]{2}')::date) as "lagDays"
    from sync_state where sync_type = 'daily_refresh'`.execute(db);
  const { rows: gaps } = await sql<FeedState["gaps"][number]>`
    select gap_from as "from", gap_to as "to", recorded_at as "recordedAt", closed_at as "closedAt",
      case when closed_at is not null then 0 else (select count(*)::int from (
        select from works where media_type = 'movie' and tmdb_id is not null and refresh_failures = 0
          and last_refreshed_at < (gap_to + 1)::timestamp at time zone 'utc' limit ${MOST_COUNTED}) as left_over) end as "worksLeft"
    from feed_gaps order by id desc limit 20`.execute(db);
  const state = rows[0] ?? { cursor: null, lagDays: null, lastSyncAt: null, windowsRead: 0 };
  return { ...state, gaps };
}
