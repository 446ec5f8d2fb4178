import { type Kysely, type RawBuilder, sql } from "kysely";
import type { ListCategory, SourceType } from "#app/awards/lists/list-source.ts";
import type { Database } from "#app/db/types.ts";

/** A list as the page of lists shows it. */
export interface ListRow {
  sourceKey: string;
  name: string;
  sourceType: SourceType;
  sourceId: string;
  category: ListCategory;
  active: boolean;
  lastImportAt: Date | null;
  lastImportStatus: "success" | "failed" | "partial" | "pending" | null;
  /** Titles of a list, nominations of what an event's imports fetched. */
  present: number;
  linked: number;
  /** Those that could be: an honorary award names no title. */
  linkable: number;
  /** Nobody knows them; null codes are still looked for. */
  unlinked: number;
  /** What the last import that ended says there are, less what it met. */
  missing: number;
  /** Positions that nobody holds, or ceremonies of which the source names more than it lists. */
  gaps: number;
}

export interface ListFilter {
  sourceType?: SourceType | undefined;
  category?: ListCategory | undefined;
  /** Default: active ones. */
  active?: boolean | undefined;
  /** Only those whose last import failed. */
  hasFailed?: boolean | undefined;
  search?: string | undefined;
}

/** Far more than anybody keeps; each is a row of a page. */
const MOST_LISTS = 500;

/**
 * Lists with what is in them, by name, in one statement. What is there was counted when it was stored; what lacks its work is
 * counted here, over indexes that hold nothing else.
 */
export async function listLists(db: Kysely<Database>, filter: ListFilter = {}): Promise<ListRow[]> {
  const like = filter.search ? `%${filter.search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
  const { rows } = await sql<ListRow>`
    with chosen as (
      select * from movie_lists
      where (${filter.sourceType ?? null}::text is null or source_type = ${filter.sourceType ?? null})
        and (${filter.category ?? null}::text is null or category = ${filter.category ?? null})
        and active = ${filter.active ?? true}
        and (not ${filter.hasFailed ?? false}::boolean or last_import_status = 'failed')
        and (${like}::text is null or name ilike ${like} or source_key ilike ${like} or source_id ilike ${like})
      order by name limit ${MOST_LISTS}
    ), entries as (
      select chosen.id as list_id, coalesce(last_movie_count, 0) as present, coalesce(last_movie_count, 0) as linkable,
        workless.count as workless, workless.unlinked,
        greatest((select position from list_entries where list_id = chosen.id and gone_at is null order by position desc limit 1)
          - last_movie_count, 0) as gaps
      from chosen cross join lateral (
        select count(*)::int as count, count(unlinked_code)::int as unlinked from list_entries
        where list_id = chosen.id and work_id is null and gone_at is null) as workless
      where source_type = 'imdb'
    ), workless as (
      select nomination.ceremony_id, count(distinct nomination.id) filter (where title.position = 1) as count,
        count(distinct nomination.id) filter (where unlinked_code is not null) as unlinked
      from festival_nomination_titles as title join festival_nominations as nomination on nomination.id = title.nomination_id
      where title.work_id is null and nomination.gone_at is null group by nomination.ceremony_id
    ), nominations as (
      select chosen.id as list_id, sum(found)::int as present, sum(titled)::int as linkable, coalesce(sum(workless.count), 0)::int as workless,
        coalesce(sum(workless.unlinked), 0)::int as unlinked, (count(*) filter (where jsonb_array_length(shortfalls) > 0))::int as gaps
      from chosen
      join festival_organizations as organization on organization.imdb_event_id = chosen.source_id
      join festival_ceremonies as ceremony on ceremony.organization_id = organization.id
      left join workless on workless.ceremony_id = ceremony.id
      where chosen.source_type = 'imdb_event'
        and ceremony.year in (select unnest(years) from list_imports where list_id = chosen.id)
      group by chosen.id
    ), counted as (
      select * from entries union all select * from nominations
    )
    select source_key as "sourceKey", name, source_type as "sourceType", source_id as "sourceId", category, active,
      last_import_at as "lastImportAt", last_import_status as "lastImportStatus",
      coalesce(counted.present, 0) as present, coalesce(counted.linkable, 0) as linkable,
      greatest(coalesce(counted.linkable - counted.workless, 0), 0) as linked, coalesce(counted.unlinked, 0) as unlinked,
      coalesce(counted.gaps, 0) as gaps,
      coalesce((select greatest(declared - found, 0) from list_imports as last
        where last.list_id = chosen.id and last.pages_done > 0 and last.status <> 'running' order by last.id desc limit 1), 0) as missing
    from chosen left join counted on counted.list_id = chosen.id
    order by name, chosen.id`.execute(db);
  return rows;
}

/** How many lists there are of each kind; `failed` ones, by their last import, are active too. */
export interface ListCounts {
  lists: number;
  events: number;
  inactive: number;
  failed: number;
}

/**
 * How many active lists wait for somebody because their last import failed; for a statement that asks more. Passes over all
 * lists, of which there are hundreds at most.
 */
export const failedLists = (): RawBuilder<number> =>
  sql<number>`(select count(*)::int from movie_lists where active and last_import_status = 'failed')`;

/** Counts of lists, for chips. */
export async function countLists(db: Kysely<Database>): Promise<ListCounts> {
  const { rows } = await sql<ListCounts>`
    select (count(*) filter (where active and source_type = 'imdb'))::int as lists,
      (count(*) filter (where active and source_type = 'imdb_event'))::int as events,
      (count(*) filter (where not active))::int as inactive, ${failedLists()} as failed from movie_lists`.execute(
    db,
  );
  return rows[0] ?? { lists: 0, events: 0, inactive: 0, failed: 0 };
}
