import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import { type BackfillField, type BackfillRequest, backfillRequest } from "#app/discovery/backfill/fields.ts";
import { AppError } from "#app/errors.ts";
import { enqueue, enqueueMany } from "#app/queue/enqueue.server.ts";
import { flagOf } from "#app/queue/job-flags.ts";

/** Rows per queue job: a few seconds of work at TMDB's pace, so that its page moves with every job that ends. */
const CHUNK_ROWS = 10;

const columns = [
  "id",
  "catalogue",
  "filter",
  "fields",
  "status",
  "total_rows as totalRows",
  "success_rows as successRows",
  "failed_rows as failedRows",
  "skipped_rows as skippedRows",
  "requested_by as requestedBy",
  "error_message as errorMessage",
  "created_at as createdAt",
  "started_at as startedAt",
  "completed_at as completedAt",
] as const;

/** A backfill as screens show it. */
export interface BackfillView {
  id: string;
  /** Address of the remote catalogue; null: the built-in one. */
  catalogue: string | null;
  filter: Record<string, unknown>;
  fields: string[];
  status: "queued" | "processing" | "completed" | "partial" | "failed" | "cancelled";
  totalRows: number;
  successRows: number;
  failedRows: number;
  skippedRows: number;
  requestedBy: string;
  errorMessage: string | null;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
}

/**
 * Writes a backfill down and queues it, on the caller's transaction.
 *
 * @param request `fields` are filled where they lack; `filter` chooses the works
 * @param catalogue the remote catalogue's address; null for the built-in one
 * @returns its id
 */
export async function createBackfill(
  trx: Kysely<Database>,
  request: BackfillRequest,
  { catalogue, requestedBy }: { catalogue: string | null; requestedBy: string },
): Promise<string> {
  const { id } = await trx
    .insertInto("backfills")
    .values({
      catalogue,
      filter: JSON.stringify(request.filter),
      fields: request.fields,
      requested_by: requestedBy,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await enqueue(trx, "backfill_metadata", { ...request, backfillId: id });
  return id;
}

/**
 * The backfill that a queue job is about: the one its payload names, or the job's own, which is made when it runs first.
 *
 * @throws AppError BACKFILL_NOT_FOUND (404) · ZodError: the payload is not a request
 */
export async function backfillOfJob(
  db: Kysely<Database>,
  jobId: string,
  payload: { backfillId?: string | undefined; filter: unknown; fields: unknown },
  catalogue: string | null,
): Promise<BackfillView> {
  if (payload.backfillId) return findBackfill(db, payload.backfillId);
  const request = backfillRequest.parse({ filter: payload.filter, fields: payload.fields });
  const { rows } = await sql<{ id: string }>`
    insert into backfills (catalogue, filter, fields, requested_by, queue_job_id)
    values (${catalogue}, ${JSON.stringify(request.filter)}::jsonb, ${request.fields}::text[], 'queue', ${jobId}::bigint)
    on conflict (queue_job_id) do update set updated_at = clock_timestamp()
    returning id`.execute(db);
  return findBackfill(db, rows[0]?.id ?? "");
}

/** @throws AppError BACKFILL_NOT_FOUND (404) */
export async function findBackfill(db: Kysely<Database>, id: string): Promise<BackfillView> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  const found = isId
    ? await db.selectFrom("backfills").select(columns).where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!found)
    throw new AppError(
      "BACKFILL_NOT_FOUND",
      404,
      "There is no backfill at this address. The list of backfills shows all of them.",
    );
  return found;
}

/** Newest first. */
export async function listBackfills(db: Kysely<Database>, limit = 50): Promise<BackfillView[]> {
  return db
    .selectFrom("backfills")
    .select(columns)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Queues these rows of a backfill, a chunk per job. */
export async function enqueueRows(
  trx: Kysely<Database>,
  backfillId: string,
  rowNumbers: readonly number[],
): Promise<void> {
  const chunks = [];
  for (let at = 0; at < rowNumbers.length; at += CHUNK_ROWS) {
    const fromRow = rowNumbers[at] ?? 1;
    chunks.push({
      backfillId,
      fromRow,
      toRow: rowNumbers[Math.min(at + CHUNK_ROWS, rowNumbers.length) - 1] ?? fromRow,
    });
  }
  const { catalogue } = await trx
    .selectFrom("backfills")
    .select("catalogue")
    .where("id", "=", backfillId)
    .executeTakeFirstOrThrow();
  await enqueueMany(trx, "backfill_rows", chunks, {
    flags: catalogue === null ? [] : [flagOf({ kind: "upstream", service: "catalogue" })],
  });
}

/**
 * Ends a backfill whose last row is settled.
 *
 * @returns whether it is ended
 */
export async function finishBackfill(db: Kysely<Database>, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update backfills set completed_at = clock_timestamp(), updated_at = clock_timestamp(),
      status = case when failed_rows = 0 then 'completed'
        when success_rows + skipped_rows > 0 then 'partial' else 'failed' end
    where id = ${id}::uuid and status = 'processing'
      and not exists (select from backfill_rows where backfill_id = ${id}::uuid and status in ('pending', 'processing'))`.execute(
    db,
  );
  return Number(numAffectedRows) > 0;
}

/**
 * Stops a backfill between two rows; what it has written stays written.
 *
 * @throws AppError NOTHING_TO_CANCEL (409)
 */
export async function cancelBackfill(trx: Kysely<Database>, id: string): Promise<BackfillView> {
  const { numAffectedRows } = await sql`
    update backfills set status = 'cancelled', completed_at = clock_timestamp(), updated_at = clock_timestamp()
    where id = ${id}::uuid and status in ('queued', 'processing')`.execute(trx);
  const backfill = await findBackfill(trx, id);
  if (Number(numAffectedRows) === 0)
    throw new AppError(
      "NOTHING_TO_CANCEL",
      409,
      "This backfill has ended already. There is nothing to cancel.",
    );
  return backfill;
}

/**
 * Takes up the rows that failed, and those that a cancelled backfill left untouched.
 *
 * @param rowNumber one row alone
 * @returns how many rows come again
 * @throws AppError NOTHING_TO_RETRY (409)
 */
export async function retryBackfill(trx: Kysely<Database>, id: string, rowNumber?: number): Promise<number> {
  await findBackfill(trx, id);
  // The backfill's row first, as workers do when they settle: the other order would meet them in a deadlock.
  await sql`select from backfills where id = ${id}::uuid for update`.execute(trx);
  const { rows } = await sql<{ rowNumber: number; wasFailed: boolean }>`
    update backfill_rows set status = 'pending', error_code = null, error_message = null, attempt_count = 0, updated_at = clock_timestamp()
    from (select row_number as number, status as before from backfill_rows
      where backfill_id = ${id}::uuid and (${rowNumber ?? null}::int is null or row_number = ${rowNumber ?? null}::int)
        and (status = 'failed' or (status = 'pending' and exists (
          select from backfills where id = ${id}::uuid and status = 'cancelled')))
      for update) as old
    where backfill_id = ${id}::uuid and row_number = old.number
    returning row_number as "rowNumber", old.before = 'failed' as "wasFailed"`.execute(trx);
  if (rows.length === 0)
    throw new AppError(
      "NOTHING_TO_RETRY",
      409,
      "No row of this backfill has failed. There is nothing to retry.",
    );
  const failed = rows.filter((row) => row.wasFailed).length;
  await sql`
    update backfills set status = 'processing', completed_at = null, failed_rows = failed_rows - ${failed}, updated_at = clock_timestamp()
    where id = ${id}::uuid`.execute(trx);
  const numbers = rows.map((row) => row.rowNumber).sort((a, b) => a - b);
  await enqueueRows(trx, id, numbers);
  return rows.length;
}

export type BackfillRowStatus = "pending" | "processing" | "success" | "failed" | "skipped";

export interface BackfillRowView {
  rowNumber: number;
  workId: string | null;
  recordId: string | null;
  mediaType: "movie" | "tv";
  title: string;
  year: number | null;
  lacks: string[];
  status: BackfillRowStatus;
  filled: Partial<Record<BackfillField, unknown>> | null;
  errorCode: string | null;
  errorMessage: string | null;
}

/** Rows in their order, by keyset. */
export async function listBackfillRows(
  db: Kysely<Database>,
  id: string,
  { status, after = 0, limit = 100 }: { status?: BackfillRowStatus; after?: number; limit?: number },
): Promise<BackfillRowView[]> {
  let query = db
    .selectFrom("backfill_rows")
    .select([
      "row_number as rowNumber",
      "work_id as workId",
      "record_id as recordId",
      "media_type as mediaType",
      "title",
      "year",
      "lacks",
      "status",
      "filled",
      "error_code as errorCode",
      "error_message as errorMessage",
    ])
    .where("backfill_id", "=", id)
    .where("row_number", ">", after)
    .orderBy("row_number")
    .limit(limit);
  if (status) query = query.where("status", "=", status);
  return query.execute();
}
