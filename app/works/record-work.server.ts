import { type Kysely, sql } from "kysely";
import { isUniqueViolation } from "#app/accounts/unique-violation.server.ts";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { titleKey } from "#app/matching/title.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { removeRating, storeRatings } from "#app/works/ratings.server.ts";
import type { RecordFacts } from "#app/works/record-input.ts";
import { searchText } from "#app/works/search-text.ts";
import { shortOverview, type TitleFacts } from "#app/works/title-facts.ts";
import { findStoredWork, storeWork } from "#app/works/works.server.ts";

type Trx = Kysely<Database>;
type MediaType = "movie" | "tv";

/** What a record says about its title. `title` is not blank. */
export type StatedFacts = Omit<RecordFacts, "title"> & { title: string };

/** @throws AppError TITLE_BLANK (422), in the words that remote catalogues use too */
export function requireTitle(title: string | null | undefined): string {
  if (title) return title;
  throw new AppError("TITLE_BLANK", 422, "Title cannot be blank.", { field: "title" });
}

/**
 * The work that a record names: by TMDB id, IMDb id, or title and year; created when there is none. What the catalogue knows
 * of it already stays as it is, what it lacks is taken from the record. The work stays locked until the transaction ends.
 */
export async function workOfRecord(trx: Trx, mediaType: MediaType, stated: StatedFacts): Promise<string> {
  const facts = titleFacts(mediaType, stated);
  const known = (await findStoredWork(trx, facts)) ?? (await findByTitle(trx, facts));
  const workId = known ?? (await storeWork(trx, facts));
  await fillGaps(trx, workId, mediaType, stated);
  if (!known && mediaType === "tv") await enqueue(trx, "fetch_episode_counts", { workId: Number(workId) });
  return workId;
}

function titleFacts(mediaType: MediaType, stated: StatedFacts): TitleFacts {
  const year = stated.year ?? null;
  return {
    mediaType,
    tmdbId: stated.tmdbId ?? null,
    imdbId: stated.imdbId ?? null,
    bareKey: titleKey(stated.title, year, mediaType),
    title: stated.title,
    originalTitle: null,
    originalLanguage: stated.language ?? null,
    year,
    releaseDate: null,
    totalSeasons: null,
    totalEpisodes: null,
    seasons: [],
    ratings: [],
    meta: null,
  };
}

/** A record without ids means the one work of that title and year; without a year, or of several, none for certain. */
async function findByTitle(trx: Trx, facts: TitleFacts): Promise<string | null> {
  if (facts.tmdbId !== null || facts.imdbId !== null || facts.year === null) return null;
  const works = await trx
    .selectFrom("works")
    .select("work_id")
    .where("media_type", "=", facts.mediaType)
    .where("title_key", "=", facts.bareKey)
    .limit(2)
    .execute();
  return works.length === 1 ? (works[0]?.work_id ?? null) : null;
}

async function fillGaps(trx: Trx, workId: string, mediaType: MediaType, stated: StatedFacts): Promise<void> {
  const { tmdbId = null, imdbId = null, year = null, language = null } = stated;
  await sql`
    update works set
      tmdb_id = coalesce(tmdb_id, ${tmdbId}::int),
      -- Upstreams have entries that share an IMDb id by mistake: the first one keeps it.
      imdb_id = coalesce(imdb_id, (select ${imdbId}::text where not exists (
        select from works as other where other.media_type = ${mediaType} and other.imdb_id = ${imdbId}))),
      year = coalesce(year, ${year}::int), original_language = coalesce(original_language, ${language})
    where work_id = ${workId}::bigint`.execute(trx);
  const { description: overview = null, posterUrl = null, genre, imdbRating } = stated;
  const genres = genresOf(genre);
  if (overview || posterUrl || genres.length > 0)
    await sql`
      insert into works_meta as meta (work_id, overview, overview_short, genres, poster_url_small, poster_url_medium,
        poster_url_large, poster_url_original)
      values (${workId}::bigint, ${overview}, ${shortOverview(overview)}, ${genres}, ${posterUrl}, ${posterUrl}, ${posterUrl},
        ${posterUrl})
      on conflict (work_id) do update set
        overview = coalesce(meta.overview, excluded.overview),
        overview_short = coalesce(meta.overview_short, excluded.overview_short),
        genres = case when meta.genres = '{}' then excluded.genres else meta.genres end,
        poster_url_small = coalesce(meta.poster_url_small, excluded.poster_url_small),
        poster_url_medium = coalesce(meta.poster_url_medium, excluded.poster_url_medium),
        poster_url_large = coalesce(meta.poster_url_large, excluded.poster_url_large),
        poster_url_original = coalesce(meta.poster_url_original, excluded.poster_url_original)`.execute(trx);
  if (imdbRating) await storeRatings(trx, workId, [imdbRatingOf(imdbRating)], { keepExisting: true });
}

const genresOf = (genre: string | null | undefined): string[] =>
  (genre ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** What a record says of IMDb's rating; how many voted it does not say. */
const imdbRatingOf = (rating: string) => ({
  sourceName: "IMDb" as const,
  scaleType: "0-10" as const,
  valueRaw: rating,
  value0To100: Number(rating) * 10,
  votesCount: null,
});

/**
 * Changes what is stated about a work: fields that are present replace what stood there, null clears, absent ones stay.
 *
 * @throws AppError TITLE_BLANK (422) · ID_TAKEN (422) when another work has the TMDB or IMDb id · TITLE_TAKEN (422) when
 *   another one has the same name and neither of them an id
 */
export async function changeWork(trx: Trx, workId: string, changes: RecordFacts): Promise<void> {
  const { title, year, tmdbId, imdbId, language } = changes;
  if (title !== undefined) requireTitle(title);
  const work = await trx
    .selectFrom("works")
    .select(["media_type", "title", "original_title", "year", "tmdb_id", "imdb_id"])
    .where("work_id", "=", workId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  await refuseTakenId(trx, workId, work.media_type, changes);
  const newTitle = title ?? work.title;
  const newYear = year === undefined ? work.year : year;
  const update = trx
    .updateTable("works")
    .set({
      title: newTitle,
      title_key: titleKey(newTitle, newYear, work.media_type),
      search_text: searchText(newTitle, work.original_title),
      year: newYear,
      tmdb_id: tmdbId === undefined ? work.tmdb_id : tmdbId,
      imdb_id: imdbId === undefined ? work.imdb_id : imdbId,
      ...(language !== undefined && { original_language: language }),
      changed_by_hand_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("work_id", "=", workId);
  await update.execute().catch((error: unknown) => {
    throw isUniqueViolation(error, "works_bare_title_key") ? titleTaken() : error;
  });
  await changeMeta(trx, workId, changes);
  if (changes.imdbRating) await storeRatings(trx, workId, [imdbRatingOf(changes.imdbRating)]);
  else if (changes.imdbRating === null) await removeRating(trx, workId, "IMDb");
  if (work.media_type === "tv" && tmdbId !== undefined && tmdbId !== work.tmdb_id)
    await forgetTotals(trx, workId);
}

async function refuseTakenId(
  trx: Trx,
  workId: string,
  mediaType: MediaType,
  changes: RecordFacts,
): Promise<void> {
  for (const [field, column] of [
    ["tmdbId", "tmdb_id"],
    ["imdbId", "imdb_id"],
  ] as const) {
    const value = changes[field];
    if (!value) continue;
    const other = await trx
      .selectFrom("works")
      .select("work_id")
      .where("media_type", "=", mediaType)
      .where(column, "=", value)
      .where("work_id", "<>", workId)
      .executeTakeFirst();
    if (other)
      throw new AppError(
        "ID_TAKEN",
        422,
        `This ${field} belongs to another title of the catalogue, so nothing was changed. Look at that one first.`,
        { field, workId: other.work_id },
      );
  }
}

function titleTaken(): AppError {
  return new AppError(
    "TITLE_TAKEN",
    422,
    "Another title of the catalogue has this name and no id either, so nothing was changed. Give one of them its tmdbId or imdbId.",
    { field: "title" },
  );
}

async function changeMeta(trx: Trx, workId: string, changes: RecordFacts): Promise<void> {
  const { description, genre, posterUrl } = changes;
  const values = {
    ...(description !== undefined && {
      overview: description,
      overview_short: shortOverview(description),
    }),
    ...(genre !== undefined && { genres: genresOf(genre) }),
    ...(posterUrl !== undefined && {
      poster_url_small: posterUrl,
      poster_url_medium: posterUrl,
      poster_url_large: posterUrl,
      poster_url_original: posterUrl,
    }),
  };
  if (Object.keys(values).length === 0) return;
  await trx
    .insertInto("works_meta")
    .values({ work_id: workId, ...values })
    .onConflict((conflict) =>
      conflict.column("work_id").doUpdateSet({ ...values, updated_at: sql`clock_timestamp()` }),
    )
    .execute();
}

/** Another series' totals are no totals: they are looked up anew. */
async function forgetTotals(trx: Trx, workId: string): Promise<void> {
  await trx.deleteFrom("seasons").where("work_id", "=", workId).execute();
  await trx
    .updateTable("works")
    .set({ total_seasons: null, total_episodes: null, totals_note: null, totals_checked_at: null })
    .where("work_id", "=", workId)
    .execute();
  await enqueue(trx, "fetch_episode_counts", { workId: Number(workId) });
}

/** What a record says twice: in words by which other catalogues and our own client know it. */
export function recordExists(what: string, recordId: string): AppError {
  return new AppError("ALREADY_EXISTS", 409, `${what} already exists.`, { id: Number(recordId) });
}

/** @throws AppError RECORD_NOT_FOUND (404) */
export function recordNotFound(): AppError {
  return new AppError(
    "RECORD_NOT_FOUND",
    404,
    "There is no record with this id. It may have been undone or merged.",
  );
}

/** The day of the newest viewing, which lists sort by. */
export async function moveLastViewed(trx: Trx, workId: string): Promise<void> {
  await sql`
    update works set last_viewed_on = (select max(viewed_on) from viewings where work_id = ${workId}::bigint)
    where work_id = ${workId}::bigint`.execute(trx);
}

/** The position behind which a list goes on. @throws AppError BAD_CURSOR (400) */
export function positionOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (/^\d{1,18}$/.test(cursor)) return cursor;
  throw new AppError(
    "BAD_CURSOR",
    400,
    "The cursor is not one that this list gave out. Start again without it.",
  );
}
