import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import { nameKey, type RemoteSeason, seasonSuffix } from "#app/imports/remote-show.ts";
import type { ClaimedRow } from "#app/imports/rows.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import { type CatalogueMedia, listRecords } from "#app/upstreams/catalogue/client.server.ts";
import type { CatalogueRecord } from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";
import { splitSeasonTitle } from "#app/works/season-title.ts";

/**
 * Holds an import to the catalogue that it was taken in for: another one knows neither its records nor its keys.
 *
 * @param catalogue the import's
 * @throws AppError CATALOGUE_CHANGED
 */
export function checkCatalogue(catalogue: string, config: { CATALOGUE_URL?: string | undefined }): void {
  if (config.CATALOGUE_URL === catalogue) return;
  throw new AppError(
    "CATALOGUE_CHANGED",
    409,
    `This import belongs to the remote catalogue at ${catalogue}, which is not the one in use now. Set CATALOGUE_URL and CATALOGUE_API_KEY to it, restart and retry, or upload the file again for the catalogue in use.`,
  );
}

/**
 * Reads what the remote catalogue holds, so that duplicates are found without a call per row. Done when an import starts,
 * and again before a write whose outcome is unknown is repeated.
 *
 * @returns how many records it holds
 * @throws UpstreamPaused · UpstreamError
 */
export async function readRemoteRecords(
  ctx: UpstreamContext,
  catalogue: string,
  media: CatalogueMedia,
): Promise<number> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(ctx.db);
  const startedAt = rows[0]?.now ?? "";
  let total = 0;
  for await (const page of listRecords(ctx, media)) {
    await keep(ctx.db, catalogue, media, page.records, startedAt);
    total += page.records.length;
  }
  // What was read before and is gone now was deleted over there; what rows wrote meanwhile is newer than this read.
  await sql`
    delete from remote_records
    where catalogue = ${catalogue} and media_type = ${media} and seen_at < ${startedAt}::timestamptz`.execute(
    ctx.db,
  );
  return total;
}

async function keep(
  db: Kysely<Database>,
  catalogue: string,
  media: CatalogueMedia,
  records: CatalogueRecord[],
  startedAt: string,
): Promise<void> {
  const rows = records.map((record) => {
    const { title, seasons } = seasonsOf(record, media);
    return {
      id: record.id,
      key: titleKey(title, record.year ?? record.releaseStartYear, media),
      tmdb: record.tmdbId,
      imdb: record.imdbId,
      day: record.viewingDate ?? record.startedDate,
      seasons,
    };
  });
  await sql`
    insert into remote_records as kept (catalogue, media_type, record_id, title_key, tmdb_id, imdb_id, viewed_on, seasons)
    select distinct on (id) ${catalogue}, ${media}, id, key, tmdb, imdb, day, seasons
    from json_to_recordset(${JSON.stringify(rows)}::json) as record (
      id text, key text, tmdb int, imdb text, day date, seasons int[])
    on conflict (catalogue, media_type, record_id) do update set title_key = excluded.title_key, tmdb_id = excluded.tmdb_id,
      imdb_id = excluded.imdb_id, viewed_on = excluded.viewed_on, seen_at = clock_timestamp(),
      -- A season that a row wrote while the list was on its way is not in that list, and stands all the same.
      seasons = case when kept.seen_at < ${startedAt}::timestamptz then excluded.seasons
        else kept.seasons || excluded.seasons end`.execute(db);
}

/** A series is one record with its seasons, or one record per season whose title ends in "Season 2". */
function seasonsOf(record: CatalogueRecord, media: CatalogueMedia): { title: string; seasons: number[] } {
  const title = record.title ?? "";
  if (media === "movie") return { title, seasons: [] };
  const numbers = (record.seasons ?? []).map((season) => season.seasonNumber);
  const seasons = numbers.filter((number): number is number => Number.isInteger(number));
  const split = seasons.length === 0 ? splitSeasonTitle(title) : null;
  return split ? { title: split.show, seasons: [split.season] } : { title, seasons };
}

/** Keeps a film's record that we have just written, for the rows that come after it. */
export async function rememberRemoteRecord(
  db: Kysely<Database>,
  catalogue: string,
  recordId: string,
  row: ClaimedRow,
  match: Resolution,
): Promise<void> {
  const media = match.mediaType ?? "movie";
  await sql`
    insert into remote_records (catalogue, media_type, record_id, title_key, tmdb_id, imdb_id, viewed_on)
    values (${catalogue}, ${media}, ${recordId}, ${titleKey(row.normalized.title, row.normalized.yearHint, media)}, ${match.tmdbId}::int,
      ${match.imdbId}, ${row.normalized.date}::date)
    on conflict (catalogue, media_type, record_id) do nothing`.execute(db);
}

/** The same for a season: its record may be that of the whole series. */
export async function rememberRemoteSeason(
  db: Kysely<Database>,
  catalogue: string,
  recordId: string,
  season: RemoteSeason,
): Promise<void> {
  const seasons = season.season === null ? [] : [season.season];
  await sql`
    insert into remote_records as kept (catalogue, media_type, record_id, title_key, tmdb_id, imdb_id, seasons)
    values (${catalogue}, 'tv', ${recordId}, ${titleKey(season.title, season.year, "tv")}, ${season.tmdbId}::int,
      ${season.imdbId}, ${seasons}::int[])
    on conflict (catalogue, media_type, record_id) do update
      set seasons = kept.seasons || excluded.seasons, seen_at = clock_timestamp()`.execute(db);
}

/**
 * The record that holds this very season: of the same series by TMDB id or IMDb id; where one side has no id, by name. A row
 * that does not say its season asks for the series.
 *
 * @returns its id, or null
 */
export async function findRemoteSeason(
  db: Kysely<Database>,
  catalogue: string,
  season: RemoteSeason,
): Promise<string | null> {
  const { tmdbId, imdbId } = season;
  const keys = [titleKey(season.title, season.year, "tv"), titleKey(season.title, null, "tv")];
  const isBare = tmdbId === null && imdbId === null;
  const byName = isBare
    ? sql`starts_with(title_key, ${nameKey(season)})`
    : sql`(tmdb_id is null and imdb_id is null and title_key = any(${keys}))`;
  const { rows } = await sql<{ record_id: string }>`
    select record_id from remote_records
    where catalogue = ${catalogue} and media_type = 'tv'
      and (tmdb_id = ${tmdbId}::int or imdb_id = ${imdbId} or ${byName})
      and (${season.season}::int is null or ${season.season}::int = any(seasons))
    order by record_id limit 1`.execute(db);
  return rows[0]?.record_id ?? null;
}

/** Whether a record that was written for this season is still there. Catalogues that name no seasons are believed. */
export async function isRemoteSeasonListed(
  db: Kysely<Database>,
  catalogue: string,
  recordId: string,
  { season }: RemoteSeason,
): Promise<boolean> {
  const { rows } = await sql`
    select from remote_records
    where catalogue = ${catalogue} and media_type = 'tv' and record_id = ${recordId}
      and (${season}::int is null or cardinality(seasons) = 0 or ${season}::int = any(seasons))`.execute(db);
  return rows.length > 0;
}

/** Whether this import wrote the season itself, perhaps while it knew the series by another key. */
export async function wroteSeason(
  db: Kysely<Database>,
  catalogue: string,
  jobId: string,
  recordId: string,
  season: RemoteSeason,
): Promise<boolean> {
  const suffix = season.season === null ? "" : seasonSuffix(season);
  const { rows } = await sql`
    select from remote_writes
    where catalogue = ${catalogue} and import_job_id = ${jobId}::uuid and record_id = ${recordId}
      and right(natural_key, length(${suffix})) = ${suffix} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * The record that stands for this film and day already: by TMDB id, by IMDb id, or, for records without either, by
 * normalised title and year.
 *
 * @returns its id, or null
 */
export async function findRemoteRecord(
  db: Kysely<Database>,
  catalogue: string,
  row: ClaimedRow,
  match: Resolution,
): Promise<string | null> {
  const media = match.mediaType ?? "movie";
  const key = titleKey(row.normalized.title, row.normalized.yearHint, media);
  const { rows } = await sql<{ record_id: string }>`
    select record_id from remote_records
    where catalogue = ${catalogue} and media_type = ${media} and viewed_on is not distinct from ${row.normalized.date}::date
      and (tmdb_id = ${match.tmdbId}::int or imdb_id = ${match.imdbId}
        or (tmdb_id is null and imdb_id is null and title_key = ${key}))
    order by record_id limit 1`.execute(db);
  return rows[0]?.record_id ?? null;
}
