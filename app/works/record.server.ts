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

/** What was written, by its id: of a viewing, of an own rating; of a wish its work's. `before` is the rating that it replaced. */
export interface Written {
  rowNumber: number;
  recordId: string;
  before?: RatingBefore | null;
}

/** An own rating as it stood, with the row that had written it. */
export interface RatingBefore {
  rating: number;
  ratedOn: string | null;
  importJobId: string | null;
  rowNumber: number | null;
}

export type Recorded =
  | ({ written: true } & Written)
  | { rowNumber: number; written: false; existing: Existing };

/** A record that was in the way may be removed while it is asked for: then the entry is written after all. */
const TRIES = 3;

/**
 * Writes viewings in one statement. What is there already (same work, season, episode, date, occurrence) stays as it is
 * and is named in the result; it is locked, so that an import that is just being undone does not take it away unseen.
 *
 * @param db a transaction
 */
export async function recordViewings(
  db: Kysely<Database>,
  entries: Entry[],
  tries = TRIES,
): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<Written>`
    with recorded as (
      insert into viewings (work_id, season_number, episode_number, episode_title, viewed_on, occurrence, rewatch, rating,
        source_uri, import_job_id, row_number)
      select "workId", season, episode, "episodeTitle", date, occurrence, rewatch, rating, "sourceUri", "importJobId", "rowNumber"
      from json_to_recordset(${JSON.stringify(entries)}::json) as entry (
        "workId" bigint, season int, episode int, "episodeTitle" text, date date, occurrence smallint, rewatch boolean,
        rating numeric, "sourceUri" text, "importJobId" uuid, "rowNumber" int)
      order by "workId", date, "rowNumber"
      on conflict on constraint viewings_natural_key do nothing
      returning id, work_id, viewed_on, row_number
    ), latest as (
      select work_id, max(viewed_on) as viewed_on from recorded group by work_id order by work_id
    ), moved as (
      update works set last_viewed_on = latest.viewed_on from latest
      where works.work_id = latest.work_id and (works.last_viewed_on is null or works.last_viewed_on < latest.viewed_on)
    )
    select row_number as "rowNumber", id::text as "recordId" from recorded`.execute(db);
  const written = new Set(rows.map((row) => row.rowNumber));
  const refused = entries.filter((entry) => !written.has(entry.rowNumber));
  const existing = await findViewings(db, refused, { lock: true });
  const vanished = refused.filter((entry) => !existing.has(entry.rowNumber));
  const again = tries > 1 ? await recordViewings(db, vanished, tries - 1) : [];
  const settled = new Set(again.map((one) => one.rowNumber));
  return [
    ...rows.map((row) => ({ ...row, written: true as const })),
    ...again,
    ...refused
      .filter((entry) => !settled.has(entry.rowNumber))
      .map((entry) => ({
        rowNumber: entry.rowNumber,
        written: false as const,
        existing: existing.get(entry.rowNumber) ?? unknownOf(entry),
      })),
  ];
}

const unknownOf = (entry: Entry): Existing => ({ workId: entry.workId, importJobId: null, rowNumber: null });

/**
 * The viewings that stand where these entries would: by row number of the entry.
 *
 * @param options.lock keeps them from being removed until the transaction ends
 */
export async function findViewings(
  db: Kysely<Database>,
  entries: Entry[],
  options: { lock?: boolean } = {},
): Promise<Map<number, Existing>> {
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
      and viewings.occurrence = entry.occurrence
    ${options.lock ? sql`for key share of viewings` : sql``}`.execute(db);
  return new Map(rows.map(({ entryRow, ...existing }) => [entryRow, existing]));
}

/**
 * Writes one viewing beside those that are there: "skip duplicates" was switched off.
 *
 * @param db a transaction: the work stays locked, so that two writers do not both take the next occurrence
 */
export async function recordAnotherViewing(db: Kysely<Database>, entry: Entry): Promise<Written> {
  // A statement of its own: the next one must see what was committed while this one waited.
  await sql`select from works where work_id = ${entry.workId}::bigint for no key update`.execute(db);
  const { rows } = await sql<Written>`
    insert into viewings (work_id, season_number, episode_number, episode_title, viewed_on, occurrence, rewatch, rating,
      source_uri, import_job_id, row_number)
    select ${entry.workId}::bigint, ${entry.season}::int, ${entry.episode}::int, ${entry.episodeTitle}, ${entry.date}::date,
      coalesce(max(occurrence), 0) + 1, ${entry.rewatch}, ${entry.rating}::numeric, ${entry.sourceUri},
      ${entry.importJobId}::uuid, ${entry.rowNumber}::int
    from viewings
    where work_id = ${entry.workId}::bigint and season_number is not distinct from ${entry.season}::int
      and episode_key is not distinct from coalesce(${entry.episode}::int::text, lower(${entry.episodeTitle}))
      and viewed_on is not distinct from ${entry.date}::date
    returning row_number as "rowNumber", id::text as "recordId"`.execute(db);
  const [written] = rows;
  if (!written) throw new Error("a viewing was not written");
  return written;
}

/** Writes wishes; a work already wished for stays as it is. */
export async function recordWishes(db: Kysely<Database>, entries: Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<Written>`
    insert into wishes (work_id, wished_on, import_job_id, row_number)
    select "workId", date, "importJobId", "rowNumber"
    from json_to_recordset(${JSON.stringify(entries)}::json) as entry ("workId" bigint, date date, "importJobId" uuid, "rowNumber" int)
    order by "workId", "rowNumber"
    on conflict (work_id) do nothing
    returning row_number as "rowNumber", work_id::text as "recordId"`.execute(db);
  return withExisting(db, "wishes", entries, rows);
}

/**
 * Writes the operator's own ratings. A newer rating replaces an older one; the same rating again, or an older one, changes
 * nothing.
 *
 * @param db a transaction
 */
export async function recordRatings(db: Kysely<Database>, entries: Entry[]): Promise<Recorded[]> {
  if (entries.length === 0) return [];
  // What stood there is read under its lock, before the insert asks for it: then it is what is replaced.
  const { rows } = await sql<Written>`
    with wanted as (
      select distinct on ("workId", season, episode) "workId", season, episode, rating, date, "importJobId", "rowNumber"
      from json_to_recordset(${JSON.stringify(entries)}::json) as entry (
        "workId" bigint, season int, episode int, rating numeric, date date, "importJobId" uuid, "rowNumber" int)
      order by "workId", season, episode, date desc nulls last, "rowNumber" desc
    ), standing as materialized (
      select id, own_ratings.rating, rated_on, import_job_id, row_number from own_ratings
      join wanted on wanted."workId" = own_ratings.work_id and own_ratings.season_number is not distinct from wanted.season
        and own_ratings.episode_number is not distinct from wanted.episode
      order by id for no key update of own_ratings
    ), recorded as (
      insert into own_ratings (work_id, season_number, episode_number, rating, rated_on, import_job_id, row_number)
      select "workId", season, episode, rating, date, "importJobId", "rowNumber" from wanted
      where (select count(*) from standing) >= 0
      order by "workId", season, episode
      on conflict on constraint own_ratings_natural_key do update set rating = excluded.rating, rated_on = excluded.rated_on,
        import_job_id = excluded.import_job_id, row_number = excluded.row_number, updated_at = clock_timestamp()
        where own_ratings.rating <> excluded.rating
          and (own_ratings.rated_on is null or excluded.rated_on is null or excluded.rated_on >= own_ratings.rated_on)
      returning id, row_number
    )
    select recorded.row_number as "rowNumber", recorded.id::text as "recordId",
      case when standing.id is not null then json_build_object('rating', standing.rating, 'ratedOn', standing.rated_on,
        'importJobId', standing.import_job_id, 'rowNumber', standing.row_number) end as before
    from recorded left join standing using (id)`.execute(db);
  return withExisting(db, "own_ratings", entries, rows);
}

async function withExisting(
  db: Kysely<Database>,
  table: "wishes" | "own_ratings",
  entries: Entry[],
  rows: Written[],
): Promise<Recorded[]> {
  const written = new Map(rows.map((row) => [row.rowNumber, row]));
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
  return entries.map((entry) => {
    const row = written.get(entry.rowNumber);
    if (row) return { ...row, written: true };
    const place = placeKey(table === "wishes" ? { workId: entry.workId } : entry);
    return { rowNumber: entry.rowNumber, written: false, existing: byWork.get(place) ?? unknownOf(entry) };
  });
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
