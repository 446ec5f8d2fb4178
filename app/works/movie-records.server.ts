import { type Kysely, sql } from "kysely";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import type { Database } from "#app/db/types.ts";
import type { MovieRecord } from "#app/works/record-answers.ts";
import type { MovieInput } from "#app/works/record-input.ts";
import {
  changeWork,
  moveLastViewed,
  positionOf,
  recordExists,
  recordNotFound,
  requireTitle,
  workOfRecord,
} from "#app/works/record-work.server.ts";
import { changeRemarks } from "#app/works/viewing-remarks.server.ts";

type Row = Omit<MovieRecord, "id" | "createdAt" | "updatedAt"> & {
  id: string;
  createdAt: Date;
  updatedAt: Date;
};

/**
 * Viewings of films as records, newest first, by keyset.
 *
 * @param page.cursor what an earlier page gave as `nextCursor`
 * @throws AppError BAD_CURSOR (400)
 */
export async function listMovieRecords(
  db: Kysely<Database>,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ records: MovieRecord[]; nextCursor: string | null }> {
  const before = positionOf(page.cursor);
  const where = before === null ? sql`true` : sql`viewing.id < ${before}::bigint`;
  const rows = await readRecords(db, where, page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { records: shown, nextCursor: last ? String(last.id) : null };
}

async function readRecords(
  db: Kysely<Database>,
  where: ReturnType<typeof sql>,
  limit: number,
): Promise<MovieRecord[]> {
  const { rows } = await sql<Row>`
    select viewing.id, works.title, meta.overview as description, works.original_language as language, works.year,
      coalesce(array_to_string(meta.genres, ', '), '') as genre, meta.poster_url_large as "posterUrl",
      viewing.viewed_on as "viewingDate", coalesce(rating.value_raw, '0.0') as "imdbRating", works.imdb_id as "imdbId",
      works.tmdb_id as "tmdbId", coalesce(remarks.loved, viewing.rating >= 9, false) as loved, remarks.review, remarks.note,
      viewing.created_at as "createdAt", greatest(viewing.created_at, remarks.updated_at, works.updated_at) as "updatedAt"
    from viewings as viewing
    join works on works.work_id = viewing.work_id
    left join works_meta as meta on meta.work_id = works.work_id
    left join rating_sources as rating on rating.work_id = works.work_id and rating.source_name = 'IMDb'
    left join viewing_remarks as remarks on remarks.viewing_id = viewing.id
    where works.media_type = 'movie' and ${where}
    order by viewing.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
}

async function findRecord(db: Kysely<Database>, id: string): Promise<MovieRecord> {
  const [record] = /^\d{1,18}$/.test(id) ? await readRecords(db, sql`viewing.id = ${id}::bigint`, 1) : [];
  if (!record) throw recordNotFound();
  return record;
}

/**
 * Writes a viewing of a film, and the film when it is new.
 *
 * @param trx a transaction
 * @throws AppError TITLE_BLANK (422) · ALREADY_EXISTS (409) for the same film on the same day
 */
export async function createMovieRecord(trx: Kysely<Database>, input: MovieInput): Promise<MovieRecord> {
  const workId = await workOfRecord(trx, "movie", { ...input, title: requireTitle(input.title) });
  const day = input.viewingDate ?? null;
  const { rows } = await sql<{ id: string }>`
    insert into viewings (work_id, viewed_on) values (${workId}::bigint, ${day}::date)
    on conflict on constraint viewings_natural_key do nothing returning id`.execute(trx);
  const viewingId = rows[0]?.id;
  if (!viewingId) throw recordExists("This film on this day", await standingViewing(trx, workId, day));
  await changeRemarks(trx, viewingId, input);
  await moveLastViewed(trx, workId);
  return findRecord(trx, viewingId);
}

async function standingViewing(trx: Kysely<Database>, workId: string, day: string | null): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from viewings where work_id = ${workId}::bigint and viewed_on is not distinct from ${day}::date
    order by id limit 1`.execute(trx);
  return rows[0]?.id ?? "0";
}

/**
 * Changes a film and this viewing of it: fields that are present replace what stood there, null clears, absent ones stay.
 *
 * @param trx a transaction
 * @throws AppError RECORD_NOT_FOUND (404) · ALREADY_EXISTS (409) when the film has a viewing on the new day · as `changeWork`
 */
export async function changeMovieRecord(
  trx: Kysely<Database>,
  id: string,
  changes: MovieInput,
): Promise<MovieRecord> {
  const record = await findRecord(trx, id);
  const viewing = await trx
    .selectFrom("viewings")
    .select("work_id")
    .where("id", "=", String(record.id))
    .executeTakeFirstOrThrow();
  await changeWork(trx, viewing.work_id, changes);
  if (changes.viewingDate !== undefined && changes.viewingDate !== record.viewingDate) {
    await moveViewing(trx, id, changes.viewingDate);
    await moveLastViewed(trx, viewing.work_id);
  }
  await changeRemarks(trx, id, changes);
  return findRecord(trx, id);
}

async function moveViewing(trx: Kysely<Database>, id: string, day: string | null): Promise<void> {
  try {
    await trx.updateTable("viewings").set({ viewed_on: day }).where("id", "=", id).execute();
  } catch (error) {
    if (!isUniqueViolation(error, "viewings_natural_key")) throw error;
    throw recordExists("A viewing of this film on that day", id);
  }
}
