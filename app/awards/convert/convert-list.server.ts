import { type Kysely, sql } from "kysely";
import { type ComparedRow, type ComparedTitle, compareTitles } from "#app/awards/convert/compare-titles.ts";
import { readListSource } from "#app/awards/lists/list-source.ts";
import { addList, findList, type MovieList } from "#app/awards/lists/lists.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";

type Trx = Kysely<Database>;

/** @throws AppError NOT_AN_AWARD_LIST (422): only a list whose remarks name awards stands for an event */
export function requireAwardList(list: MovieList): void {
  if (list.sourceType === "imdb" && list.tracksAwards) return;
  throw new AppError(
    "NOT_AN_AWARD_LIST",
    422,
    "Only a list of awards can become an event. Say in its settings that the remarks of its entries name awards, if they do.",
  );
}

/** The event that an address names. @throws AppError BAD_LIST_ADDRESS (422) · NOT_AN_EVENT (422) */
export function readEvent(address: string): { eventId: string; year: number | null } {
  const source = readListSource(address);
  if (source.sourceType === "imdb_event") return { eventId: source.sourceId, year: source.year };
  throw new AppError(
    "NOT_AN_EVENT",
    422,
    "This is the address of a list. An event's is https://www.imdb.com/event/ev…; correct it and compare again.",
    { field: "event" },
  );
}

export interface Comparison {
  /** Editions that are here; without any there is nothing to compare with. */
  years: number[];
  rows: ComparedRow[];
}

/**
 * Sets an award list beside an event, without changing anything.
 *
 * @param winnersOnly leaves nominees out that did not win: most award lists are lists of winners
 */
export async function compareWithEvent(
  db: Kysely<Database>,
  list: Pick<MovieList, "id">,
  eventId: string,
  winnersOnly: boolean,
): Promise<Comparison> {
  const { rows: years } = await sql<{ year: number }>`
    select distinct year from festival_ceremonies as ceremony
    join festival_organizations as organization on organization.id = ceremony.organization_id
    where imdb_event_id = ${eventId} order by year`.execute(db);
  const { rows: entries } = await sql<ComparedTitle>`
    select imdb_id as "imdbId", title, year, work_id as "workId" from list_entries
    where list_id = ${list.id}::bigint and gone_at is null order by position, id`.execute(db);
  const { rows: nominated } = await sql<ComparedTitle>`
    select distinct on (title.imdb_id) title.imdb_id as "imdbId", title.title, title.year, title.work_id as "workId"
    from festival_nomination_titles as title
    join festival_nominations as nomination on nomination.id = title.nomination_id
    join festival_ceremonies as ceremony on ceremony.id = nomination.ceremony_id
    join festival_organizations as organization on organization.id = ceremony.organization_id
    where imdb_event_id = ${eventId} and nomination.gone_at is null and (won or not ${winnersOnly}::boolean)
    order by title.imdb_id`.execute(db);
  return { years: years.map((row) => row.year), rows: compareTitles(entries, nominated) };
}

/** The event's list: the one that stands there, else one that is added, with the category and the way of the award list. */
export async function eventListFor(
  trx: Trx,
  list: MovieList,
  eventId: string,
  years: readonly number[],
): Promise<MovieList> {
  const known = await trx
    .selectFrom("movie_lists")
    .select("source_key")
    .where("source_id", "=", eventId)
    .where("active", "=", true)
    .orderBy("id")
    .executeTakeFirst();
  const key =
    known?.source_key ??
    (await addList(trx, {
      name: `${list.name} (event)`.slice(0, 200),
      description: null,
      source: readListSource(eventId),
      category: list.category,
      tracksAwards: true,
      fetchWay: list.fetchWay,
      years: [...years],
    }));
  return findList(trx, key);
}

/**
 * Lets an event take an award list's place: the list is put aside with a note of what it became, and keeps its titles.
 *
 * @returns the event list's key
 * @throws AppError NOTHING_TO_COMPARE (409): nothing of the event has been imported · NOT_AN_AWARD_LIST (422)
 */
export async function convertList(trx: Trx, list: MovieList, eventId: string): Promise<string> {
  requireAwardList(list);
  const { years } = await compareWithEvent(trx, list, eventId, true);
  if (years.length === 0)
    throw new AppError(
      "NOTHING_TO_COMPARE",
      409,
      "Nothing of this event is here yet, so the list cannot give way to it. Import its years first, then compare the two.",
    );
  const event = await eventListFor(trx, list, eventId, years);
  await note(trx, list.id, { converted_to: event.sourceKey });
  await note(trx, event.id, { converted_from: list.sourceKey });
  await trx.updateTable("movie_lists").set({ active: false }).where("id", "=", list.id).execute();
  return event.sourceKey;
}

async function note(trx: Trx, listId: string, facts: Record<string, string>): Promise<void> {
  await sql`
    update movie_lists set metadata = metadata || ${JSON.stringify(facts)}::jsonb, updated_at = clock_timestamp()
    where id = ${listId}::bigint`.execute(trx);
}
