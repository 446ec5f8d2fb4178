import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** What lists and events say of one work. */
export interface WorkAwards {
  lists: { sourceKey: string; name: string; position: number; awardText: string | null }[];
  nominations: {
    id: string;
    won: boolean;
    category: string;
    award: string;
    persons: string[];
    ceremonyId: string;
    ceremony: string;
    year: number;
  }[];
}

/** More than any film has; the rest stands on the ceremonies' pages. */
const MOST_SHOWN = 200;

/** Nominations newest first, those that won before the others of their year; list places by list name. */
export async function awardsOfWork(db: Kysely<Database>, workId: string): Promise<WorkAwards> {
  const [lists, nominations] = await Promise.all([
    sql<WorkAwards["lists"][number]>`
      select source_key as "sourceKey", name, position, award_text as "awardText"
      from list_entries as entry join movie_lists as list on list.id = entry.list_id
      where entry.work_id = ${workId}::bigint and gone_at is null and active
      order by name, list.id limit ${MOST_SHOWN}`.execute(db),
    sql<WorkAwards["nominations"][number]>`
      select nomination.id, won, category.name as category, award_name as award,
        array(select jsonb_array_elements(persons)->>'name') as persons, ceremony.id as "ceremonyId", ceremony.name as ceremony, year
      from (select distinct nomination_id from festival_nomination_titles where work_id = ${workId}::bigint) as title
      join festival_nominations as nomination on nomination.id = title.nomination_id
      join festival_categories as category on category.id = nomination.category_id
      join festival_ceremonies as ceremony on ceremony.id = nomination.ceremony_id
      where gone_at is null
      order by year desc, ceremony.name, won desc, nomination.position limit ${MOST_SHOWN}`.execute(db),
  ]);
  return { lists: lists.rows, nominations: nominations.rows };
}
