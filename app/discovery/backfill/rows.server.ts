import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { BackfillField } from "#app/discovery/backfill/fields.ts";

/** Longer than a row's look-ups may take together, budget and retries of calls included. */
const LEASE_SECONDS = 120;

/** A row in the hand of one worker. */
export interface ClaimedRow {
  rowNumber: number;
  workId: string | null;
  recordId: string | null;
  mediaType: "movie" | "tv";
  title: string;
  year: number | null;
  tmdbId: number | null;
  imdbId: string | null;
  lacks: BackfillField[];
  attempts: number;
  claimToken: string;
}

/** What became of a row. `retry`: it comes again. */
export type RowOutcome =
  | { status: "success"; filled: Partial<Record<BackfillField, unknown>> }
  | { status: "skipped" | "failed"; code: string; message: string };

/**
 * Takes the next waiting row of a range, or one whose worker has not been heard of until its lease ran out.
 *
 * @returns null when none is to be had, or the backfill is not running
 */
export async function claimRow(
  db: Kysely<Database>,
  range: { backfillId: string; fromRow: number; toRow: number },
): Promise<ClaimedRow | null> {
  const { rows } = await sql<ClaimedRow>`
    update backfill_rows set status = 'processing', claim_token = ${randomUUID()}::uuid, attempt_count = attempt_count + 1,
      lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second', updated_at = clock_timestamp()
    where backfill_id = ${range.backfillId}::uuid and row_number = (
      select row_number from backfill_rows
      where backfill_id = ${range.backfillId}::uuid and row_number between ${range.fromRow} and ${range.toRow}
        and (status = 'pending' or (status = 'processing' and lease_until < clock_timestamp()))
        and exists (select from backfills where id = ${range.backfillId}::uuid and status = 'processing')
      order by attempt_count, row_number limit 1 for update skip locked)
    returning row_number as "rowNumber", work_id as "workId", record_id as "recordId", media_type as "mediaType", title, year,
      tmdb_id as "tmdbId", imdb_id as "imdbId", lacks, attempt_count as attempts, claim_token as "claimToken"`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Writes a row's outcome and moves the counters in one statement, if the row is still in our hand. */
export async function settleRow(
  db: Kysely<Database>,
  backfillId: string,
  row: ClaimedRow,
  outcome: RowOutcome,
): Promise<void> {
  const filled = outcome.status === "success" ? JSON.stringify(outcome.filled) : null;
  const { code, message } = outcome.status === "success" ? { code: null, message: null } : outcome;
  await sql`
    with settled as (
      update backfill_rows set status = ${outcome.status}, filled = ${filled}::jsonb, error_code = ${code}, error_message = ${message},
        claim_token = null, lease_until = null, updated_at = clock_timestamp()
      where backfill_id = ${backfillId}::uuid and row_number = ${row.rowNumber} and claim_token = ${row.claimToken}::uuid
      returning status
    )
    update backfills set updated_at = clock_timestamp(),
      success_rows = success_rows + (settled.status = 'success')::int,
      failed_rows = failed_rows + (settled.status = 'failed')::int,
      skipped_rows = skipped_rows + (settled.status = 'skipped')::int
    from settled where id = ${backfillId}::uuid`.execute(db);
}

/**
 * Gives a row back.
 *
 * @param counted false: it was not its fault, the try does not count
 */
export async function giveBackRow(
  db: Kysely<Database>,
  backfillId: string,
  row: ClaimedRow,
  counted: boolean,
): Promise<void> {
  await sql`
    update backfill_rows set status = 'pending', claim_token = null, lease_until = null, updated_at = clock_timestamp(),
      attempt_count = attempt_count - ${counted ? 0 : 1}
    where backfill_id = ${backfillId}::uuid and row_number = ${row.rowNumber} and claim_token = ${row.claimToken}::uuid`.execute(
    db,
  );
}

/** How many rows of a range are still open, and when the first lease of others runs out. */
export async function readOpenRows(
  db: Kysely<Database>,
  range: { backfillId: string; fromRow: number; toRow: number },
): Promise<{ pending: number; heldForMs: number | null }> {
  const { rows } = await sql<{ pending: number; heldForMs: number | null }>`
    select count(*) filter (where status = 'pending')::int as pending,
      (extract(epoch from min(lease_until) filter (where status = 'processing') - clock_timestamp()) * 1000)::float8 as "heldForMs"
    from backfill_rows
    where backfill_id = ${range.backfillId}::uuid and row_number between ${range.fromRow} and ${range.toRow}
      and status in ('pending', 'processing')
      and exists (select from backfills where id = ${range.backfillId}::uuid and status = 'processing')`.execute(
    db,
  );
  return rows[0] ?? { pending: 0, heldForMs: null };
}
