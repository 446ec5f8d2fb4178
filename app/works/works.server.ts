import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { matchKey, type Resolution } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { searchText } from "#app/works/search-text.ts";
import {
  type MetaFacts,
  runtimeDisplay,
  type SeasonFact,
  shortOverview,
  type TitleFacts,
} from "#app/works/title-facts.ts";

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
  const workId =
    (await findStoredWork(trx, facts)) ??
    (await insertWork(trx, facts)) ??
    (await findStoredWork(trx, facts));
  if (!workId) throw new Error("a work was neither found nor created");
  await completeWork(trx, workId, facts);
  if (facts.meta) await storeMeta(trx, workId, facts.meta);
  await storeSeasons(trx, workId, facts.seasons);
  await storeRatings(trx, workId, facts);
  return workId;
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
      // A work that was made without it learns its IMDb id, unless another work holds it by TMDB's mistake.
      imdb_id: sql`coalesce(imdb_id, (select ${facts.imdbId}::text where not exists (
        select from works as other where other.media_type = ${facts.mediaType} and other.imdb_id = ${facts.imdbId})))`,
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
      ingestion_status: facts.meta && facts.tmdbId ? "complete" : sql`ingestion_status`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("work_id", "=", workId)
    .execute();
}

async function storeMeta(trx: Kysely<Database>, workId: string, meta: MetaFacts): Promise<void> {
  const values = {
    runtime_minutes: meta.runtimeMinutes,
    runtime_display: runtimeDisplay(meta.runtimeMinutes),
    tagline: meta.tagline,
    overview: meta.overview,
    overview_short: shortOverview(meta.overview),
    genres: meta.genres,
    certification: meta.certification,
    poster_url_small: meta.posterUrls?.small ?? null,
    poster_url_medium: meta.posterUrls?.medium ?? null,
    poster_url_large: meta.posterUrls?.large ?? null,
    poster_url_original: meta.posterUrls?.original ?? null,
    backdrop_url: meta.backdropUrls?.full ?? null,
    backdrop_url_mobile: meta.backdropUrls?.mobile ?? null,
    cast_members: JSON.stringify(meta.cast),
    crew_members: JSON.stringify(meta.crew),
    trailers: JSON.stringify(meta.trailers),
    still_images: JSON.stringify(meta.stillImages),
    streaming: JSON.stringify(meta.streaming),
    keywords: meta.keywords,
    production_companies: JSON.stringify(meta.productionCompanies),
    production_countries: meta.productionCountries,
    budget: meta.budget,
    revenue_worldwide: meta.revenueWorldwide,
    schema_version: SCHEMA_VERSION,
    fetched_at: sql<Date>`clock_timestamp()`,
    updated_at: sql<Date>`clock_timestamp()`,
  };
  await trx
    .insertInto("works_meta")
    .values({ work_id: workId, ...values })
    .onConflict((conflict) => conflict.column("work_id").doUpdateSet(values))
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

async function storeRatings(trx: Kysely<Database>, workId: string, facts: TitleFacts): Promise<void> {
  if (facts.ratings.length === 0) return;
  await trx
    .insertInto("rating_sources")
    .values(
      facts.ratings.map((rating) => ({
        work_id: workId,
        source_name: rating.sourceName,
        scale_type: rating.scaleType,
        value_raw: rating.valueRaw,
        value_0_100: rating.value0To100,
        votes_count: rating.votesCount,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["work_id", "source_name"]).doUpdateSet((set) => ({
        value_raw: set.ref("excluded.value_raw"),
        value_0_100: set.ref("excluded.value_0_100"),
        votes_count: set.ref("excluded.votes_count"),
        last_seen_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .execute();
}
