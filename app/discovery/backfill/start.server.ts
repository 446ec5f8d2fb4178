import { type Kysely, sql } from "kysely";
import { ZodError } from "zod";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#app/db/client.server.ts";
import type { Database } from "#app/db/types.ts";
import {
  type BackfillView,
  backfillOfJob,
  enqueueRows,
  finishBackfill,
} from "#app/discovery/backfill/backfills.server.ts";
import { insertWorkRows } from "#app/discovery/backfill/choose-works.server.ts";
import { backfillRequest } from "#app/discovery/backfill/fields.ts";
import { lackingFields } from "#app/discovery/backfill/remote-record.ts";
import { AppError, Permanent } from "#app/errors.ts";
import { listRecords } from "#app/upstreams/catalogue/client.server.ts";
import type { UpstreamContext } from "#app/upstreams/context.ts";

/**
 * Begins a backfill. What no further attempt can mend ends it, with the reason on its page.
 *
 * @throws Permanent: the payload is no request, or names no backfill · UpstreamPaused · UpstreamError
 */
export async function startBackfill(
  ctx: StartContext,
  jobId: string,
  payload: { backfillId?: string | undefined; filter: unknown; fields: unknown },
): Promise<{ backfillId: string; rows: number }> {
  const backfill = await backfillOfJob(ctx.db, jobId, payload, ctx.config.CATALOGUE_URL ?? null).catch(
    (error: unknown) => {
      if (error instanceof ZodError || error instanceof AppError)
        throw new Permanent(
          "BAD_PAYLOAD",
          `The job asks for no backfill that can be made: ${wordsOf(error)}`,
        );
      throw error;
    },
  );
  if (backfill.status !== "queued") return { backfillId: backfill.id, rows: backfill.totalRows };
  try {
    return { backfillId: backfill.id, rows: await chooseRows(ctx, backfill) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await sql`
      update backfills set status = 'failed', error_message = ${error.userMessage}, completed_at = clock_timestamp(),
        updated_at = clock_timestamp() where id = ${backfill.id}::uuid and status = 'queued'`.execute(ctx.db);
    return { backfillId: backfill.id, rows: 0 };
  }
}

const wordsOf = (error: ZodError | AppError): string =>
  error instanceof AppError
    ? error.userMessage
    : error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");

/**
 * Chooses what a backfill is about and queues it in chunks: works of the built-in catalogue, or records of the remote one.
 * Run again after its worker was killed, it begins where nothing was written yet.
 *
 * @returns how many rows it has
 */
async function chooseRows(ctx: StartContext, backfill: BackfillView): Promise<number> {
  checkSameCatalogue(backfill, ctx.config);
  const request = backfillRequest.parse({ filter: backfill.filter, fields: backfill.fields });
  if (backfill.catalogue !== null && request.filter.importJobId)
    throw new AppError(
      "FILTER_NOT_REMOTE",
      422,
      "A remote catalogue does not say which import its records came from. Leave importJobId out, or fill the built-in catalogue.",
    );
  const records = backfill.catalogue === null ? null : await lackingRecords(ctx, request);
  const rows = await ctx.db.transaction().execute(async (trx) => {
    const claimed = await sql`
      update backfills set status = 'processing', started_at = clock_timestamp(), updated_at = clock_timestamp()
      where id = ${backfill.id}::uuid and status = 'queued'`.execute(trx);
    if (Number(claimed.numAffectedRows) === 0) return 0;
    const total = records
      ? await insertRecordRows(trx, backfill.id, records)
      : await insertWorkRows(trx, backfill.id, request.filter, request.fields);
    await sql`update backfills set total_rows = ${total} where id = ${backfill.id}::uuid`.execute(trx);
    await enqueueRows(
      trx,
      backfill.id,
      Array.from({ length: total }, (_, index) => index + 1),
    );
    return total;
  });
  if (rows === 0) await finishBackfill(ctx.db, backfill.id);
  return rows;
}

/** @throws AppError CATALOGUE_CHANGED: another catalogue knows neither the records nor the keys of this one */
export function checkSameCatalogue(backfill: BackfillView, config: Pick<Config, "CATALOGUE_URL">): void {
  if ((config.CATALOGUE_URL ?? null) === backfill.catalogue || backfill.catalogue === null) return;
  throw new AppError(
    "CATALOGUE_CHANGED",
    409,
    `This backfill belongs to the remote catalogue at ${backfill.catalogue}, which is not the one in use now. Set CATALOGUE_URL and CATALOGUE_API_KEY to it and restart, or start another backfill.`,
  );
}

type StartContext = UpstreamContext & { config: Config; db: Db };

interface RecordRow {
  record: string;
  media: "movie" | "tv";
  title: string;
  year: number | null;
  tmdb: number | null;
  imdb: string | null;
  lacks: string[];
}

/** What the remote catalogue holds that lacks something of what is wanted, as far as the limit goes. */
async function lackingRecords(
  ctx: UpstreamContext,
  { filter, fields }: ReturnType<typeof backfillRequest.parse>,
): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  for (const media of ["movie", "tv"] as const) {
    if (filter.mediaType && filter.mediaType !== media) continue;
    for await (const page of listRecords(ctx, media)) {
      for (const record of page.records) {
        const lacks = lackingFields(record).filter((field) => fields.includes(field));
        const isChosen = lackingFields(record).some((field) => (filter.lacks ?? fields).includes(field));
        if (!record.title || lacks.length === 0 || !isChosen) continue;
        rows.push({
          record: record.id,
          media,
          title: record.title,
          year: record.year ?? record.releaseStartYear,
          tmdb: record.tmdbId,
          imdb: record.imdbId,
          lacks,
        });
        if (rows.length === filter.limit) return rows;
      }
    }
  }
  return rows;
}

async function insertRecordRows(
  trx: Kysely<Database>,
  backfillId: string,
  rows: RecordRow[],
): Promise<number> {
  await sql`
    insert into backfill_rows (backfill_id, row_number, record_id, media_type, title, year, tmdb_id, imdb_id, lacks)
    select ${backfillId}::uuid, position, record, media, left(title, 500), year, tmdb, imdb,
      array(select json_array_elements_text(lacks))
    from rows from (json_to_recordset(${JSON.stringify(rows)}::json)
      as (record text, media text, title text, year int, tmdb int, imdb text, lacks json)) with ordinality
      as chosen (record, media, title, year, tmdb, imdb, lacks, position)`.execute(trx);
  return rows.length;
}
