import { type Kysely, sql } from "kysely";
import { awardText } from "#app/awards/imports/award-text.ts";
import { linkKnownTitles } from "#app/awards/titles/link-titles.server.ts";
import { notAWork } from "#app/awards/titles/not-a-work.ts";
import type { Database } from "#app/db/types.ts";
import type { ScrapedListPage } from "#app/upstreams/imdb/scraped.ts";

export interface StoredPage {
  /** Titles or nominations on the page. */
  found: number;
  /** Of those, how many were not there before. */
  added: number;
  imdbIds: string[];
}

/**
 * Stores the entries of a list's page: new ones are added, known ones get their present position and words. Stored again, or
 * in another order of pages, the result is the same: a title that a list shows twice while it shifts keeps its first position.
 *
 * @param list.tracksAwards takes award text from the keeper's remarks
 */
export async function storeListPage(
  trx: Kysely<Database>,
  list: { id: string; tracksAwards: boolean },
  importId: string,
  { entries }: Pick<ScrapedListPage, "entries">,
): Promise<StoredPage> {
  // In one order, so that two pages that share titles wait for each other instead of both being stopped.
  const rows = entries
    .map((entry) => ({
      ...entry,
      award: list.tracksAwards ? awardText(entry.description) : null,
      why: notAWork(entry.kind),
    }))
    .sort((a, b) => (a.imdbId < b.imdbId ? -1 : 1));
  const { rows: stored } = await sql<{ imdbId: string; isNew: boolean }>`
    insert into list_entries as entry (list_id, imdb_id, position, title, original_title, year, kind, description, award_text,
      unlinked_code, unlinked_reason, last_import_id)
    select ${list.id}::bigint, "imdbId", min(position), min(left(title, 500)), min("originalTitle"), min(year), min(kind),
      min(description), min(award), min(why->>'code'), min(why->>'message'), ${importId}::bigint
    from json_to_recordset(${JSON.stringify(rows)}::json) as given ("imdbId" text, position int, title text,
      "originalTitle" text, year int, kind text, description text, award text, why jsonb)
    group by "imdbId" order by "imdbId"
    on conflict (list_id, imdb_id) do update set
      position = case when entry.last_import_id = excluded.last_import_id then least(entry.position, excluded.position)
        else excluded.position end,
      title = excluded.title, original_title = coalesce(excluded.original_title, entry.original_title),
      year = coalesce(excluded.year, entry.year), kind = coalesce(excluded.kind, entry.kind),
      description = excluded.description, award_text = excluded.award_text,
      last_import_id = excluded.last_import_id, last_seen_at = clock_timestamp(), gone_at = null
    returning imdb_id as "imdbId", xmax = 0 as "isNew"`.execute(trx);
  const imdbIds = stored.map((row) => row.imdbId);
  await linkKnownTitles(trx, imdbIds);
  return { found: stored.length, added: stored.filter((row) => row.isNew).length, imdbIds };
}
