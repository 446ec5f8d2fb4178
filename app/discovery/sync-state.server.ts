import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { ChangeFeed } from "#app/discovery/refresh/change-feeds.ts";

/** Seed 002 §9: `scheduled_ingest` is discovery, the others are the readers of the change feeds. */
export type SyncType = ChangeFeed["syncType"] | "scheduled_ingest";

/** Notes that something has been brought up to date; with a cursor, how far. Permanent: other people read the table. */
export async function noteSync(
  trx: Kysely<Database>,
  syncType: SyncType,
  cursor: string | null,
): Promise<void> {
  await sql`
    insert into sync_state (sync_type, last_sync_at, last_sync_cursor, sync_count)
    values (${syncType}, clock_timestamp(), ${cursor}, 1)
    on conflict (sync_type) do update set last_sync_at = excluded.last_sync_at, sync_count = sync_state.sync_count + 1,
      last_sync_cursor = coalesce(excluded.last_sync_cursor, sync_state.last_sync_cursor), updated_at = clock_timestamp()`.execute(
    trx,
  );
}
