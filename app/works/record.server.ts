import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** One effect on the catalogue: a viewing, a wish or an own rating of a work, with where it comes from. */
export interface Entry {
  workId: string;
  season: number | null;
  episode: number | null;
  episodeTitle: string | null;
  date: string | null;
  occurrence: number;
  rewatch: boolean;
  rating: number | null;
  sourceUri: string | null;
  importJobId: string;
  rowNumber: number;
}

/** What stood there already. `own` when the very same row wrote it: an earlier attempt whose outcome was not kept. */
export interface Existing {
  workId: string;
  importJobId: string | null;
  rowNumber: number | null;
}

export type Recorded =
  | { rowNumber: number; written: true }
  | { rowNumber: number; written: false; existing: Existing };

/**
 * Writes viewings in one statement. What is there already (same work, season, episode, date, occurrence) stays as it is
 * and is named in the result.
 */
export async function recordViewings(db: Kysely<Database>, entries: Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<{ rowNumber: number }>`
    with recorded as (
      insert into viewings (work_id, season_number, episode_number, episode_title, viewed_on, occurrence, rewatch, rating,
        source_uri, import_job_id, row_number)
      select "workId", season, episode, "episodeTitle", date, occurrence, rewatch, rating, "sourceUri", "importJobId", "rowNumber"
      from json_to_recordset(${JSON.stringify(entries)}::json) as entry (
        "workId" bigint, season int, episode int, "episodeTitle" text, date date, occurrence smallint, rewatch boolean,
        rating numeric, "sourceUri" text, "importJobId" uuid, "rowNumber" int)
      order by "workId", date, "rowNumber"
      on conflict on constraint viewings_natural_key do nothing
      returning work_id, viewed_on, row_number
    ), latest as (
      select work_id, max(viewed_on) as viewed_on from recorded group by work_id order by work_id
    ), moved as (
      update works set last_viewed_on = latest.viewed_on from latest
      where works.work_id = latest.work_id and (works.last_viewed_on is null or works.last_viewed_on < latest.viewed_on)
    )
    select row_number as "rowNumber" from recorded`.execute(db);
  const written = new Set(rows.map((row) => row.rowNumber));
  const refused = entries.filter((entry) => !written.has(entry.rowNumber));
  const existing = await findViewings(db, refused);
  return entries.map((entry) =>
    written.has(entry.rowNumber)
      ? { rowNumber: entry.rowNumber, written: true }
      : {
          rowNumber: entry.rowNumber,
          written: false,
          existing: existing.get(entry.rowNumber) ?? {
            workId: entry.workId,
            importJobId: null,
            rowNumber: null,
          },
        },
  );
}

/** The viewings that stand where these entries would: by row number of the entry. */
export async function findViewings(db: Kysely<Database>, entries: Entry[]): Promise<Map<number, Existing>> {
  if (entries.length === 0) return new Map();
  const { rows } = await sql<{ entryRow: number } & Existing>`
    select entry."rowNumber" as "entryRow", viewings.work_id as "workId", viewings.import_job_id as "importJobId",
      viewings.row_number as "rowNumber"
    from json_to_recordset(${JSON.stringify(entries)}::json) as entry (
      "workId" bigint, season int, episode int, "episodeTitle" text, date date, occurrence smallint, "rowNumber" int)
    join viewings on viewings.work_id = entry."workId"
      and viewings.season_number is not distinct from entry.season
      and viewings.episode_key is not distinct from coalesce(entry.episode::text, lower(entry."episodeTitle"))
      and viewings.viewed_on is not distinct from entry.date
      and viewings.occurrence = entry.occurrence`.execute(db);
  return new Map(rows.map(({ entryRow, ...existing }) => [entryRow, existing]));
}

/**
 * Writes one viewing beside those that are there: "skip duplicates" was switched off.
 *
 * @param db a transaction: the work stays locked, so that two writers do not both take the next occurrence
 */
export async function recordAnotherViewing(db: Kysely<Database>, entry: Entry): Promise<void> {
  // A statement of its own: the next one must see what was committed while this one waited.
  await sql`select from works where work_id = ${entry.workId}::bigint for no key update`.execute(db);
  await sql`
    insert into viewings (work_id, season_number, episode_number, episode_title, viewed_on, occurrence, rewatch, rating,
      source_uri, import_job_id, row_number)
    select ${entry.workId}::bigint, ${entry.season}::int, ${entry.episode}::int, ${entry.episodeTitle}, ${entry.date}::date,
      coalesce(max(occurrence), 0) + 1, ${entry.rewatch}, ${entry.rating}::numeric, ${entry.sourceUri},
      ${entry.importJobId}::uuid, ${entry.rowNumber}::int
    from viewings
    where work_id = ${entry.workId}::bigint and season_number is not distinct from ${entry.season}::int
      and episode_key is not distinct from coalesce(${entry.episode}::int::text, lower(${entry.episodeTitle}))
      and viewed_on is not distinct from ${entry.date}::date`.execute(db);
}

/** Writes wishes; a work already wished for stays as it is. */
export async function recordWishes(db: Kysely<Database>, entries: Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<{ rowNumber: number }>`
    insert into wishes (work_id, wished_on, import_job_id, row_number)
    select "workId", date, "importJobId", "rowNumber"
    from json_to_recordset(${JSON.stringify(entries)}::json) as entry ("workId" bigint, date date, "importJobId" uuid, "rowNumber" int)
    order by "workId", "rowNumber"
    on conflict (work_id) do nothing
    returning row_number as "rowNumber"`.execute(db);
  return withExisting(db, "wishes", entries, rows);
}

/**
 * Writes the operator's own ratings. A newer rating replaces an older one; the same rating again, or an older one, changes
 * nothing.
 */
export async function recordRatings(db: Kysely<Database>, entries: Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<{ rowNumber: number }>`
    insert into own_ratings (work_id, season_number, episode_number, rating, rated_on, import_job_id, row_number)
    select distinct on ("workId", season, episode) "workId", season, episode, rating, date, "importJobId", "rowNumber"
    from json_to_recordset(${JSON.stringify(entries)}::json) as entry (
      "workId" bigint, season int, episode int, rating numeric, date date, "importJobId" uuid, "rowNumber" int)
    order by "workId", season, episode, date desc nulls last, "rowNumber" desc
    on conflict on constraint own_ratings_natural_key do update set rating = excluded.rating, rated_on = excluded.rated_on,
      import_job_id = excluded.import_job_id, row_number = excluded.row_number, updated_at = clock_timestamp()
      where own_ratings.rating <> excluded.rating
        and (own_ratings.rated_on is null or excluded.rated_on is null or excluded.rated_on >= own_ratings.rated_on)
    returning row_number as "rowNumber"`.execute(db);
  return withExisting(db, "own_ratings", entries, rows);
}

async function withExisting(
  db: Kysely<Database>,
  table: "wishes" | "own_ratings",
  entries: Entry[],
  rows: { rowNumber: number }[],
): Promise<Recorded[]> {
  const written = new Set(rows.map((row) => row.rowNumber));
  const refused = entries.filter((entry) => !written.has(entry.rowNumber));
  const standing =
    refused.length === 0
      ? []
      : await findStanding(
          db,
          table,
          refused.map((entry) => entry.workId),
        );
  const byWork = new Map(standing.map((existing) => [placeKey(existing), existing]));
  return entries.map((entry) =>
    written.has(entry.rowNumber)
      ? { rowNumber: entry.rowNumber, written: true }
      : {
          rowNumber: entry.rowNumber,
          written: false,
          existing: byWork.get(placeKey(table === "wishes" ? { workId: entry.workId } : entry)) ?? {
            workId: entry.workId,
            importJobId: null,
            rowNumber: null,
          },
        },
  );
}

/** A work, or one episode of it. */
const placeKey = (place: { workId: string; season?: number | null; episode?: number | null }): string =>
  `${place.workId} ${place.season ?? ""} ${place.episode ?? ""}`;

/** A wish or own rating that stands, and of what. */
export interface Standing extends Existing {
  season: number | null;
  episode: number | null;
}

/** The wishes or own ratings of these works. */
export async function findStanding(
  db: Kysely<Database>,
  table: "wishes" | "own_ratings",
  workIds: string[],
): Promise<Standing[]> {
  if (table === "wishes") {
    const wishes = await db
      .selectFrom("wishes")
      .select(["work_id as workId", "import_job_id as importJobId", "row_number as rowNumber"])
      .where("work_id", "in", workIds)
      .limit(workIds.length)
      .execute();
    return wishes.map((wish) => ({ ...wish, season: null, episode: null }));
  }
  return db
    .selectFrom("own_ratings")
    .select([
      "work_id as workId",
      "season_number as season",
      "episode_number as episode",
      "import_job_id as importJobId",
      "row_number as rowNumber",
    ])
    .where("work_id", "in", workIds)
    .limit(10_000)
    .execute();
}
