import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { enqueueMany } from "#app/queue/enqueue.server.ts";
import type { ScrapedKind } from "#app/upstreams/imdb/scraped.ts";

export interface WantedTitle {
  imdbId: string;
  kind: ScrapedKind | null;
}

/** Queues the details of titles, one job each; a title that waits already is not queued twice. */
export async function wantTitles(trx: Kysely<Database>, titles: readonly WantedTitle[]): Promise<void> {
  const each = new Map(titles.map((title) => [title.imdbId, title]));
  await enqueueMany(
    trx,
    "fetch_details",
    [...each.values()].map(({ imdbId, kind }) => ({
      imdbId,
      mediaType: kind === "tv" ? ("tv" as const) : ("movie" as const),
    })),
  );
}

/** Of these titles, those that have no work and no reason why not. */
export async function unknownTitles(
  trx: Kysely<Database>,
  imdbIds: readonly string[],
): Promise<WantedTitle[]> {
  if (imdbIds.length === 0) return [];
  const ids = sql.val([...new Set(imdbIds)]);
  const { rows } = await sql<WantedTitle>`
    select distinct on (imdb_id) imdb_id as "imdbId", kind from (
      select imdb_id, kind from list_entries
      where imdb_id = any(${ids}::text[]) and work_id is null and unlinked_code is null and gone_at is null
      union all
      select imdb_id, kind from festival_nomination_titles
      where imdb_id = any(${ids}::text[]) and work_id is null and unlinked_code is null
    ) as open order by imdb_id, kind nulls last`.execute(trx);
  return rows;
}
