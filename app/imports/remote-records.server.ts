import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { AppError } from "#app/errors.ts";
import type { ClaimedRow } from "#app/imports/rows.server.ts";
import type { Resolution } from "#app/matching/resolution.ts";
import { titleKey } from "#app/matching/title.ts";
import { type CatalogueMedia, listRecords } from "#app/upstreams/catalogue/client.server.ts";
import type { CatalogueRecord } from "#app/upstreams/catalogue/shapes.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";

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
    await keep(ctx.db, catalogue, media, page.records);
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
): Promise<void> {
  const rows = records.map((record) => ({
    id: record.id,
    key: titleKey(record.title ?? "", record.year ?? record.releaseStartYear, media),
    tmdb: record.tmdbId,
    imdb: record.imdbId,
    day: record.viewingDate ?? record.startedDate,
  }));
  await sql`
    insert into remote_records (catalogue, media_type, record_id, title_key, tmdb_id, imdb_id, viewed_on)
    select distinct on (id) ${catalogue}, ${media}, id, key, tmdb, imdb, day
    from json_to_recordset(${JSON.stringify(rows)}::json) as record (id text, key text, tmdb int, imdb text, day date)
    on conflict (catalogue, media_type, record_id) do update set title_key = excluded.title_key, tmdb_id = excluded.tmdb_id,
      imdb_id = excluded.imdb_id, viewed_on = excluded.viewed_on, seen_at = clock_timestamp()`.execute(db);
}

/** Keeps a record that we have just written, for the rows that come after it. */
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

/**
 * The record that stands for this title and day already: by TMDB id, by IMDb id, or, for records without either, by
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
