import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { matchKey, type Resolution } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import { noteStored } from "#app/works/due-dates.server.ts";
import { storeRatings } from "#app/works/ratings.server.ts";
import { searchText } from "#app/works/search-text.ts";
import { storeSimilar } from "#app/works/similar-films.server.ts";
import { storeMeta } from "#app/works/store-meta.server.ts";
import type { SeasonFact, TitleFacts } from "#app/works/title-facts.ts";

/**
 * The works that these matches name, as far as they exist with their details. By `matchKey`; in one statement.
 *
 * A work known by its title alone (`pending`) counts as existing too: a viewing may hang on it.
 */
export async function findWorkIds(db: Kysely<Database>, matches: Resolution[]): Promise<Map<string, string>> {
  if (matches.length === 0) return new Map();
  const wanted = matches.map((match) => ({
    key: matchKey(match),
    type: match.mediaType,
    tmdb: match.tmdbId,
    imdb: match.imdbId,
    bare: match.bareKey,
  }));
  const { rows } = await sql<{ key: string; workId: string }>`
    select wanted.key, works.work_id as "workId"
    from json_to_recordset(${JSON.stringify(wanted)}::json) 
      as wanted (key text, type text, tmdb int, imdb text, bare text)
    cross join lateral (
      select work_id from works where media_type = wanted.type and tmdb_id = wanted.tmdb
      union all
      select work_id from works where wanted.tmdb is null and media_type = wanted.type and imdb_id = wanted.imdb
      union all
      select work_id from works where wanted.tmdb is null and wanted.imdb is null and media_type = wanted.type
        and title_key = wanted.bare and tmdb_id is null and imdb_id is null
      limit 1
    ) as works`.execute(db);
  return new Map(rows.map((row) => [row.key, row.workId]));
}

/**
 * Creates a work, or completes the one that stands under the same TMDB id or IMDb id. Two writers of one work wait for each
 * other and end with one row.
 *
 * @returns the work's id
 */
export async function storeWork(trx: Kysely<Database>, facts: TitleFacts): Promise<string> {
  return (await createOrComplete(trx, facts)).workId;
}

/** As `storeWork`, and says whether the work is new: imports keep what they have created, to be undone. */
export async function createOrComplete(
  trx: Kysely<Database>,
  facts: TitleFacts,
): Promise<{ workId: string; created: boolean }> {
  const standing = await findStoredWork(trx, facts);
  const inserted = standing ? null : await insertWork(trx, facts);
  const workId = standing ?? inserted ?? (await findStoredWork(trx, facts));
  if (!workId) throw new Error("a work was neither found nor created");
  await completeWork(trx, workId, facts);
  if (facts.meta) await storeMeta(trx, workId, facts.meta);
  if (facts.similar) await storeSimilar(trx, workId, facts.similar);
  await storeSeasons(trx, workId, facts.seasons);
  await storeRatings(trx, workId, facts.ratings);
  await noteStored(trx, workId, facts.meta !== null);
  return { workId, created: inserted !== null };
}

/** The work that these facts are about, by its ids or, without any, by its own key. */
export async function findStoredWork(trx: Kysely<Database>, facts: TitleFacts): Promise<string | null> {
  const { rows } = await sql<{ work_id: string }>`
    select work_id from (
      select work_id, 1 as rank from works where media_type = ${facts.mediaType} and tmdb_id = ${facts.tmdbId}::int
      union all
      -- The same title, met before without its TMDB id. One that carries another TMDB id is another work.
      select work_id, 2 from works where media_type = ${facts.mediaType} and imdb_id = ${facts.imdbId}
        and (tmdb_id is null or ${facts.tmdbId}::int is null)
      union all
      select work_id, 3 from works where media_type = ${facts.mediaType} and title_key = ${facts.bareKey}
        and tmdb_id is null and imdb_id is null
    ) as found order by rank limit 1`.execute(trx);
  return rows[0]?.work_id ?? null;
}

/** @returns null when another transaction has just created it */
async function insertWork(trx: Kysely<Database>, facts: TitleFacts): Promise<string | null> {
  const values = {
    media_type: facts.mediaType,
    tmdb_id: facts.tmdbId,
    // TMDB has entries that share an IMDb id by mistake: the first one keeps it.
    imdb_id: facts.imdbId && facts.tmdbId && (await isImdbIdTaken(trx, facts)) ? null : facts.imdbId,
    title: facts.title,
    title_key: keyOf(facts),
  };
  const row = await trx
    .insertInto("works")
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returning("work_id")
    .executeTakeFirst();
  return row?.work_id ?? null;
}

/** A series without any id stands under the key that rows name it by; whatever has an id, under its own name. */
function keyOf(facts: TitleFacts): string {
  const bare = facts.tmdbId === null && facts.imdbId === null ? facts.bareKey : null;
  return bare ?? titleKey(facts.title, facts.year, facts.mediaType);
}

async function isImdbIdTaken(trx: Kysely<Database>, facts: TitleFacts): Promise<boolean> {
  const row = await trx
    .selectFrom("works")
    .select("work_id")
    .where("media_type", "=", facts.mediaType)
    .where("imdb_id", "=", facts.imdbId)
    .executeTakeFirst();
  return row !== undefined;
}

async function completeWork(trx: Kysely<Database>, workId: string, facts: TitleFacts): Promise<void> {
  const refreshed = facts.meta ? sql<Date>`clock_timestamp()` : sql<Date | null>`last_refreshed_at`;
  await trx
    .updateTable("works")
    .set({
      tmdb_id: sql`coalesce(tmdb_id, ${facts.tmdbId}::int)`,
      // A work that was made without it learns its IMDb id, and TMDB's corrections of it, unless another work holds it by
      // TMDB's mistake.
      imdb_id: sql`coalesce((select ${facts.imdbId}::text where not exists (
        select from works as other where other.media_type = ${facts.mediaType} and other.imdb_id = ${facts.imdbId}
          and other.work_id <> ${workId}::bigint)), imdb_id)`,
      title: facts.title,
      title_key: keyOf(facts),
      search_text: searchText(facts.title, facts.originalTitle),
      original_title: sql`coalesce(${facts.originalTitle}, original_title)`,
      original_language: sql`coalesce(${facts.originalLanguage}, original_language)`,
      year: sql`coalesce(${facts.year}::int, year)`,
      release_date: sql`coalesce(${facts.releaseDate}::date, release_date)`,
      total_seasons: sql`coalesce(${facts.totalSeasons}::int, total_seasons)`,
      total_episodes: sql`coalesce(${facts.totalEpisodes}::int, total_episodes)`,
      last_tmdb_update: facts.tmdbId ? refreshed : sql`last_tmdb_update`,
      last_refreshed_at: refreshed,
      ...(facts.meta && facts.tmdbId ? { ingestion_status: "complete" as const, ingestion_error: null } : {}),
      updated_at: sql`clock_timestamp()`,
    })
    .where("work_id", "=", workId)
    .execute();
}

/** What TMDB lists now; seasons that it took away go. */
async function storeSeasons(trx: Kysely<Database>, workId: string, seasons: SeasonFact[]): Promise<void> {
  if (seasons.length === 0) return;
  await sql`
    with listed as (
      insert into seasons (work_id, season_number, name, episode_count, air_date, poster_url)
      select distinct on ("seasonNumber") ${workId}::bigint, "seasonNumber", name, "episodeCount", "airDate", "posterUrl"
      from json_to_recordset(${JSON.stringify(seasons)}::json) as season (
        "seasonNumber" int, name text, "episodeCount" int, "airDate" date, "posterUrl" text)
      on conflict (work_id, season_number) do update set name = excluded.name, episode_count = excluded.episode_count,
        air_date = excluded.air_date, poster_url = excluded.poster_url, updated_at = clock_timestamp()
      returning season_number
    )
    delete from seasons where work_id = ${workId}::bigint and season_number not in (select season_number from listed)`.execute(
    trx,
  );
}
