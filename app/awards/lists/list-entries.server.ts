import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";

export const entryStates = ["linked", "open", "unlinked", "gone"] as const;
/** Has a work · is looked for · nobody knows it · is not in the list any more. */
export type EntryState = (typeof entryStates)[number];

export interface ListEntry {
  id: string;
  imdbId: string;
  position: number;
  title: string;
  year: number | null;
  kind: "movie" | "tv" | "episode" | "other" | null;
  awardText: string | null;
  workId: string | null;
  workTitle: string | null;
  unlinkedCode: string | null;
  unlinkedReason: string | null;
  goneAt: Date | null;
}

const inState = {
  linked: sql`entry.work_id is not null and entry.gone_at is null`,
  open: sql`entry.work_id is null and entry.unlinked_code is null and entry.gone_at is null`,
  unlinked: sql`entry.work_id is null and entry.unlinked_code is not null and entry.gone_at is null`,
  gone: sql`entry.gone_at is not null`,
} as const;

/**
 * A list's titles by position, by keyset; without a state, those that are in it now.
 *
 * @param page.cursor what an earlier page gave as `next`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listEntries(
  db: Kysely<Database>,
  listId: string,
  filter: { state: EntryState | null },
  page: { limit: number; cursor?: string | undefined },
): Promise<{ entries: ListEntry[]; next: string | null }> {
  const after = page.cursor === undefined ? sql`true` : afterClause(page.cursor);
  const { rows } = await sql<ListEntry>`
    select entry.id, entry.imdb_id as "imdbId", entry.position, entry.title, entry.year, entry.kind,
      entry.award_text as "awardText", entry.work_id as "workId", works.title as "workTitle",
      entry.unlinked_code as "unlinkedCode", entry.unlinked_reason as "unlinkedReason", entry.gone_at as "goneAt"
    from list_entries as entry left join works on works.work_id = entry.work_id
    where entry.list_id = ${listId}::bigint and ${filter.state ? inState[filter.state] : sql`entry.gone_at is null`} and ${after}
    order by entry.position, entry.id limit ${page.limit + 1}`.execute(db);
  const entries = rows.slice(0, page.limit);
  const last = entries.at(-1);
  return { entries, next: rows.length > page.limit && last ? `${last.position}-${last.id}` : null };
}

function afterClause(cursor: string) {
  const [, position, id] = /^(\d{1,9})-(\d{1,18})$/.exec(cursor) ?? [];
  if (!position || !id)
    throw new AppError("BAD_CURSOR", 400, "This page of the list has no such start. Open the list anew.");
  return sql`(entry.position, entry.id) > (${Number(position)}, ${id}::bigint)`;
}

/** How many titles are in each state, and the positions of those that are in the list now. */
export async function readListState(
  db: Kysely<Database>,
  listId: string,
): Promise<{ counts: Record<EntryState, number>; positions: number[] }> {
  const { rows } = await sql<Record<EntryState, number> & { positions: number[] | null }>`
    select (count(*) filter (where ${inState.linked}))::int as linked, (count(*) filter (where ${inState.open}))::int as open,
      (count(*) filter (where ${inState.unlinked}))::int as unlinked, (count(*) filter (where ${inState.gone}))::int as gone,
      array_agg(position) filter (where gone_at is null) as positions
    from list_entries as entry where list_id = ${listId}::bigint`.execute(db);
  const { positions, ...counts } = rows[0] ?? { linked: 0, open: 0, unlinked: 0, gone: 0, positions: null };
  return { counts, positions: positions ?? [] };
}
