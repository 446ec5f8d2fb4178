import { type Kysely, sql } from "kysely";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { ShowRecord, ShowSeason } from "#app/works/record-answers.ts";
import type { ShowInput } from "#app/works/record-input.ts";
import {
  changeWork,
  moveLastViewed,
  positionOf,
  recordExists,
  recordNotFound,
  requireTitle,
  workOfRecord,
} from "#app/works/record-work.server.ts";
import { splitSeasonTitle } from "#app/works/season-title.ts";
import { changeRemarks } from "#app/works/viewing-remarks.server.ts";

interface Row {
  id: string;
  title: string;
  description: string | null;
  language: string | null;
  genre: string;
  posterUrl: string | null;
  releaseStartYear: number | null;
  imdbRating: string;
  imdbId: string | null;
  tmdbId: number | null;
  totalSeasons: number | null;
  startedDate: string | null;
  lastViewedOn: string | null;
  createdAt: Date;
  updatedAt: Date;
  seasons: ShowSeason[] | null;
}

/**
 * Series of which something was seen, with those seasons; newest first, by keyset.
 *
 * @param page.cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listShowRecords(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ records: ShowRecord[]; nextCursor: string | null }> {
  const before = positionOf(page.cursor);
  const where = before === null ? sql`true` : sql`works.work_id < ${before}::bigint`;
  const rows = await readRecords(db, where, page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { records: shown, nextCursor: last ? String(last.id) : null };
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** A season is there when an episode of it was seen, or when its beginning was recorded; then that record's remarks hold. */
async function readRecords(
  db: Kysely<Database>,
  where: ReturnType<typeof sql>,
  limit: number,
): Promise<ShowRecord[]> {
  const { rows } = await sql<Row>`
    select page.*, began as "startedDate", seasons
    from (
      select works.work_id as id, works.title, meta.overview as description, works.original_language as language,
        works.year as "releaseStartYear", coalesce(array_to_string(meta.genres, ', '), '') as genre,
        meta.poster_url_large as "posterUrl", coalesce(rating.value_raw, '0.0') as "imdbRating", works.imdb_id as "imdbId",
        works.tmdb_id as "tmdbId", works.total_seasons as "totalSeasons", works.last_viewed_on as "lastViewedOn",
        works.created_at as "createdAt", works.updated_at as "updatedAt"
      from works
      left join works_meta as meta on meta.work_id = works.work_id
      left join rating_sources as rating on rating.work_id = works.work_id and rating.source_name = 'IMDb'
      where works.media_type = 'tv' and ${where}
        and exists (select from viewings where viewings.work_id = works.work_id)
      order by works.work_id desc limit ${limit}
    ) as page
    cross join lateral (
      select min(started) as began, json_agg(json_build_object(
          'id', coalesce(record, first), 'seasonNumber', season_number, 'startedDate', started,
          'completedDate', coalesce(remarks.completed_on, case when complete then ended end),
          'status', coalesce(remarks.status, case when complete then 'completed' else 'watching' end),
          'review', remarks.review, 'note', remarks.note,
          'createdAt', to_char(created_at, ${sql.raw(ISO)}),
          'updatedAt', to_char(greatest(created_at, remarks.updated_at), ${sql.raw(ISO)})
        ) order by season_number) filter (where season_number is not null) as seasons
      from (
        select viewings.season_number, min(id) as first, min(id) filter (where episode_key is null) as record,
          min(viewed_on) as started, max(viewed_on) as ended, min(created_at) as created_at,
          count(distinct episode_key) >= max(listed.episode_count) and max(listed.episode_count) > 0 as complete
        from viewings
        left join seasons as listed on listed.work_id = page.id and listed.season_number = viewings.season_number
        where viewings.work_id = page.id group by viewings.season_number
      ) as season
      left join viewing_remarks as remarks on remarks.viewing_id = season.record
    ) as seen
    order by page.id desc`.execute(db);
  return rows.map(recordOf);
}

function recordOf({ totalSeasons, lastViewedOn, seasons: given, ...row }: Row): ShowRecord {
  const seasons = given ?? [];
  const status = statusOf(seasons, totalSeasons);
  return {
    ...row,
    id: Number(row.id),
    releaseEndYear: null,
    completedDate: status === "completed" ? lastViewedOn : null,
    status,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    seasons,
  };
}

/** Completed: every season that there is. */
function statusOf(seasons: ShowSeason[], totalSeasons: number | null): ShowRecord["status"] {
  const regular = seasons.filter((season) => season.seasonNumber > 0);
  const complete = regular.filter((season) => season.status === "completed").length;
  if (complete > 0 && complete === regular.length && complete >= (totalSeasons ?? 0)) return "completed";
  const isHeld = seasons.some((season) => season.status === "on_hold");
  return isHeld && !seasons.some((season) => season.status === "watching") ? "on_hold" : "watching";
}

async function findRecord(db: Kysely<Database>, id: string): Promise<ShowRecord> {
  const [record] = /^\d{1,18}$/.test(id) ? await readRecords(db, sql`works.work_id = ${id}::bigint`, 1) : [];
  if (!record) throw recordNotFound();
  return record;
}

/**
 * Records that a season of a series was begun, and the series when it is new: a viewing of the season without an episode.
 *
 * @param trx a transaction
 * @returns the series with its seasons
 * @throws AppError TITLE_BLANK (422) · ALREADY_EXISTS (409) when something of that season was seen
 */
export async function createShowRecord(trx: Kysely<Database>, input: ShowInput): Promise<ShowRecord> {
  const stated = requireTitle(input.title);
  const split = splitSeasonTitle(stated);
  const title = input.showName ?? (split?.show || stated);
  const season = input.seasonNumber ?? split?.season ?? null;
  const year = input.year ?? input.releaseStartYear;
  const workId = await workOfRecord(trx, "tv", { ...input, title, year });
  // The work is locked since: no second request can pass here before this one has committed.
  if (await isSeen(trx, workId, season))
    throw recordExists(season === null ? "This series" : "This season of the series", workId);
  const { id } = await trx
    .insertInto("viewings")
    .values({ work_id: workId, season_number: season, viewed_on: input.startedDate ?? null })
    .returning("id")
    .executeTakeFirstOrThrow();
  await changeRemarks(trx, id, remarksOf(input));
  await moveLastViewed(trx, workId);
  return findRecord(trx, workId);
}

/** A record without a season says no more than that the series was begun. */
async function isSeen(trx: Kysely<Database>, workId: string, season: number | null): Promise<boolean> {
  const ofSeason = season === null ? sql`true` : sql`season_number = ${season}::int`;
  const { rows } = await sql`
    select from viewings where work_id = ${workId}::bigint and ${ofSeason} limit 1`.execute(trx);
  return rows.length > 0;
}

/** "watching" is what a season is as long as nothing else is known. */
function remarksOf(input: ShowInput) {
  const { status, ...rest } = input;
  return { ...rest, ...(status !== undefined && { status: status === "watching" ? null : status }) };
}

const OF_A_SEASON = ["startedDate", "completedDate", "status", "review", "note", "loved"] as const;

/**
 * Changes a series; with `seasonNumber` also what is recorded about that season. Fields that are present replace what stood
 * there, null clears, absent ones stay.
 *
 * @param trx a transaction
 * @throws AppError RECORD_NOT_FOUND (404) · SEASON_MISSING (422) · SEASON_NOT_FOUND (404) · ALREADY_EXISTS (409) · as `changeWork`
 */
export async function changeShowRecord(
  trx: Kysely<Database>,
  id: string,
  changes: ShowInput,
): Promise<ShowRecord> {
  const record = await findRecord(trx, id);
  const workId = String(record.id);
  const { showName, seasonNumber, releaseStartYear, year = releaseStartYear, title, ...rest } = changes;
  // "X Season 2" beside a season's number names the season, not the series.
  const newTitle = showName ?? (seasonNumber == null ? title : undefined);
  await changeWork(trx, workId, { ...rest, title: newTitle, year });
  if (OF_A_SEASON.some((field) => changes[field] !== undefined)) {
    const viewingId = await seasonRecord(trx, workId, seasonNumber ?? null);
    if (changes.startedDate !== undefined) await moveStart(trx, viewingId, changes.startedDate);
    await changeRemarks(trx, viewingId, remarksOf(changes));
    await moveLastViewed(trx, workId);
  }
  return findRecord(trx, workId);
}

async function seasonRecord(trx: Kysely<Database>, workId: string, season: number | null): Promise<string> {
  if (season === null)
    throw new AppError(
      "SEASON_MISSING",
      422,
      "Dates, status, review and note belong to a season. Send its seasonNumber beside them.",
      { field: "seasonNumber" },
    );
  const row = await trx
    .selectFrom("viewings")
    .select("id")
    .where("work_id", "=", workId)
    .where("season_number", "=", season)
    .where("episode_key", "is", null)
    .orderBy("id")
    .executeTakeFirst();
  if (row) return row.id;
  throw new AppError(
    "SEASON_NOT_FOUND",
    404,
    "There is no record of this season. What is known of it comes from its episodes, or it was not begun: send POST /shows for it.",
  );
}

async function moveStart(trx: Kysely<Database>, viewingId: string, day: string | null): Promise<void> {
  try {
    await trx.updateTable("viewings").set({ viewed_on: day }).where("id", "=", viewingId).execute();
  } catch (error) {
    if (!isUniqueViolation(error, "viewings_natural_key")) throw error;
    throw recordExists("A record of this season on that day", viewingId);
  }
}
