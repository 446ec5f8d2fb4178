import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/**
 * One line per season that was or is to be written to a remote catalogue, whichever row, chunk or import asks for it
 * (`remote_writes`). It is committed before the call, so that exactly one of them makes it.
 */
export interface SeasonWrite {
  catalogue: string;
  naturalKey: string;
  idempotencyKey: string;
  /** What was sent, or is being sent; null: nothing that could have had an effect. */
  body: Record<string, unknown> | null;
  /** The remote record; null until it is known. */
  recordId: string | null;
  importJobId: string | null;
}

/** A call lasts 15 s at most: whoever has not settled it after this is gone. */
const IN_FLIGHT_SECONDS = 60;

const columns = sql`catalogue, natural_key as "naturalKey", idempotency_key as "idempotencyKey", body,
  record_id as "recordId", import_job_id as "importJobId"`;

type Which = Pick<SeasonWrite, "catalogue" | "naturalKey">;
type Intent = { importJobId: string; body: object };

export async function findSeasonWrite(
  db: Kysely<Database>,
  { catalogue, naturalKey }: Which,
): Promise<SeasonWrite | undefined> {
  const { rows } = await sql<SeasonWrite>`
    select ${columns} from remote_writes
    where catalogue = ${catalogue} and natural_key = ${naturalKey}`.execute(db);
  return rows[0];
}

/** States that a season is about to be sent. @returns undefined when somebody else was quicker */
export async function stateSeasonWrite(
  db: Kysely<Database>,
  { catalogue, naturalKey }: Which,
  { importJobId, body }: Intent,
): Promise<SeasonWrite | undefined> {
  const key = createHash("sha256").update(`${catalogue}\n${naturalKey}`).digest("hex");
  const { rows } = await sql<SeasonWrite>`
    insert into remote_writes (catalogue, natural_key, idempotency_key, import_job_id, body)
    values (${catalogue}, ${naturalKey}, ${key}, ${importJobId}::uuid, ${JSON.stringify(body)}::json)
    on conflict do nothing returning ${columns}`.execute(db);
  return rows[0];
}

/**
 * Takes over what another row began and does not go on with: its call failed, or its worker is gone. What it has sent is sent
 * again, with its key.
 *
 * @returns undefined while the other one is still at it, or when it is done
 */
export async function takeOverSeasonWrite(
  db: Kysely<Database>,
  { catalogue, naturalKey }: Which,
  { importJobId, body }: Intent,
): Promise<SeasonWrite | undefined> {
  const { rows } = await sql<SeasonWrite>`
    update remote_writes set started_at = clock_timestamp(), import_job_id = ${importJobId}::uuid,
      body = coalesce(body, ${JSON.stringify(body)}::json)
    where catalogue = ${catalogue} and natural_key = ${naturalKey} and record_id is null
      and started_at < clock_timestamp() - ${IN_FLIGHT_SECONDS} * interval '1 second'
    returning ${columns}`.execute(db);
  return rows[0];
}

/**
 * Begins again with a season whose record is gone over there. The key is another one, since the old one would only bring the
 * old answer back.
 *
 * @returns undefined when somebody else was quicker
 */
export async function renewSeasonWrite(
  db: Kysely<Database>,
  gone: SeasonWrite,
  { importJobId, body }: Intent,
): Promise<SeasonWrite | undefined> {
  const { rows } = await sql<SeasonWrite>`
    update remote_writes set record_id = null, started_at = clock_timestamp(), import_job_id = ${importJobId}::uuid,
      idempotency_key = ${nextKey(gone)}, body = ${JSON.stringify(body)}::json
    where catalogue = ${gone.catalogue} and natural_key = ${gone.naturalKey} and record_id = ${gone.recordId}
    returning ${columns}`.execute(db);
  return rows[0];
}

/** The record stands. Nothing is changed when another one has taken the write over since and settled it. */
export async function settleSeasonWrite(
  db: Kysely<Database>,
  write: SeasonWrite,
  recordId: string,
): Promise<void> {
  await db
    .updateTable("remote_writes")
    .set({ record_id: recordId })
    .where("catalogue", "=", write.catalogue)
    .where("natural_key", "=", write.naturalKey)
    .where("idempotency_key", "=", write.idempotencyKey)
    .where("record_id", "is", null)
    .execute();
}

/** The call has ended, and its effect is not known: whoever comes next takes it over at once, and looks first. */
export async function leaveSeasonWrite(db: Kysely<Database>, write: SeasonWrite): Promise<void> {
  await reopen(db, write, {});
}

/** Nothing was written, for certain: whoever comes next begins anew, with what it has to say itself. */
export async function withdrawSeasonWrite(db: Kysely<Database>, write: SeasonWrite): Promise<void> {
  await reopen(db, write, { body: null, idempotency_key: nextKey(write) });
}

async function reopen(
  db: Kysely<Database>,
  write: SeasonWrite,
  changes: { body?: null; idempotency_key?: string },
): Promise<void> {
  await db
    .updateTable("remote_writes")
    .set({ ...changes, started_at: sql<Date>`'-infinity'` })
    .where("catalogue", "=", write.catalogue)
    .where("natural_key", "=", write.naturalKey)
    .where("idempotency_key", "=", write.idempotencyKey)
    .where("record_id", "is", null)
    .execute();
}

const nextKey = (write: SeasonWrite): string =>
  createHash("sha256").update(write.idempotencyKey).digest("hex");
