import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { NormalizedRow } from "#app/imports/normalized-row.ts";

/**
 * A claim that nobody renewed for this long is taken back (decision 4). Renewed every third of it. With a sweep every 15 s,
 * rows whose worker lost its database are in other hands within 60 s, as are those of a worker that died.
 */
export const LEASE_SECONDS = 40;

/** Claims lost with their worker before a row is put aside as the likely cause. */
export const MAX_LOST_CLAIMS = 3;

export interface ClaimedRow {
  rowNumber: number;
  lineNumber: number;
  normalized: NormalizedRow;
  titleKey: string;
  dedupeKey: string;
  attemptCount: number;
  lostClaims: number;
  /** Set by an earlier attempt that may have reached a remote catalogue. */
  writeKey: string | null;
}

export interface Claim {
  jobId: string;
  token: string;
  rows: ClaimedRow[];
}

/**
 * Takes pending rows of a range for one worker. Rows that another worker is just taking are left to it; a job that is no
 * longer processing gives none.
 *
 * @param limit rows at most; 1 while looking for the row that kills its workers
 */
export async function claimRows(
  db: Kysely<Database>,
  range: { jobId: string; fromRow: number; toRow: number },
  workerId: string,
  token: string,
  limit: number,
): Promise<Claim> {
  const { rows } = await sql<ClaimedRow>`
    update import_rows as rows set
      status = 'processing',
      claimed_by = ${workerId},
      claim_token = ${token}::uuid,
      lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second',
      attempt_count = attempt_count + 1,
      updated_at = clock_timestamp()
    from (
      select id from import_rows
      where job_id = ${range.jobId}::uuid and row_number between ${range.fromRow} and ${range.toRow} and status = 'pending'
        and exists (select from import_jobs where id = ${range.jobId}::uuid and status = 'processing')
      order by row_number
      limit ${limit}
      for update skip locked
    ) as free
    where rows.id = free.id
    returning rows.row_number as "rowNumber", rows.line_number as "lineNumber", rows.normalized_payload as normalized,
      rows.title_key as "titleKey", rows.dedupe_key as "dedupeKey", rows.attempt_count as "attemptCount",
      rows.lost_claims as "lostClaims", rows.write_key as "writeKey"`.execute(db);
  return { jobId: range.jobId, token, rows: rows.toSorted((a, b) => a.rowNumber - b.rowNumber) };
}

/** How many workers some row of the range has outlived: from one on, rows are taken singly, so that only the guilty one is blamed. */
export async function mostLostClaims(
  db: Kysely<Database>,
  range: { jobId: string; fromRow: number; toRow: number },
): Promise<number> {
  const row = await db
    .selectFrom("import_rows")
    .select(sql<number>`coalesce(max(lost_claims), 0)`.as("most"))
    .where("job_id", "=", range.jobId)
    .where("row_number", ">=", range.fromRow)
    .where("row_number", "<=", range.toRow)
    .where("status", "=", "pending")
    .executeTakeFirstOrThrow();
  return row.most;
}

/** Keeps a claim for another lease. */
export async function renewClaim(
  db: Kysely<Database>,
  claim: { jobId: string; token: string },
): Promise<void> {
  await sql`
    update import_rows set lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    where job_id = ${claim.jobId}::uuid and status = 'processing' and claim_token = ${claim.token}::uuid`.execute(
    db,
  );
}

/**
 * Gives rows back untouched.
 *
 * @param counted whether the attempt counts: a row that only waited for an upstream's budget has not been tried
 */
export async function releaseRows(
  db: Kysely<Database>,
  claim: { jobId: string; token: string },
  rowNumbers: number[],
  counted: boolean,
): Promise<void> {
  if (rowNumbers.length === 0) return;
  await sql`
    update import_rows set status = 'pending', claimed_by = null, claim_token = null, lease_until = null,
      attempt_count = attempt_count - ${counted ? 0 : 1}, updated_at = clock_timestamp()
    where job_id = ${claim.jobId}::uuid and row_number = any(${rowNumbers}::int[])
      and status = 'processing' and claim_token = ${claim.token}::uuid`.execute(db);
}

/** What became of one row. */
export interface RowOutcome {
  rowNumber: number;
  status: "success" | "failed" | "skipped" | "review";
  errorCode?: string;
  errorMessage?: string;
  /** What stands behind it: the line or record it doubles, the match with its score, candidates. */
  outcome?: Record<string, unknown>;
  workId?: string;
  targetRecordId?: string;
}

/**
 * Writes outcomes and moves the job's counters by the same statement.
 *
 * Guarded by the claim's token and by the job still running: what a fenced-out worker or a cancelled job would write
 * changes nothing, and the caller sees it by the number. Where a cancellation comes between the rows and the counters, it is
 * the caller's rollback that takes the rows back.
 *
 * @param db a transaction, rolled back when the number is not that of `outcomes`
 * @param options.evenIfCancelled for effects in a remote catalogue that have already happened: their outcome is the truth
 * @returns how many rows were moved; fewer than given means that the claim was lost or the job stopped
 */
export async function settleRows(
  db: Kysely<Database>,
  claim: { jobId: string; token: string },
  outcomes: RowOutcome[],
  options: { evenIfCancelled?: boolean } = {},
): Promise<number> {
  if (outcomes.length === 0) return 0;
  const moves = outcomes.map((row) => ({
    n: row.rowNumber,
    s: row.status,
    c: row.errorCode ?? null,
    m: row.errorMessage ?? null,
    o: row.outcome ?? null,
    w: row.workId ?? null,
    t: row.targetRecordId ?? null,
  }));
  const runs = sql`(status = 'processing' or (${options.evenIfCancelled ?? false} and status = 'cancelled'))`;
  const { rows } = await sql<{ moved: number }>`
    with moved as (
      update import_rows as rows set status = move.s, error_code = move.c, error_message = move.m, outcome = move.o,
        work_id = move.w, target_record_id = move.t,
        decision_key = case when move.s = 'review' or move.o->'match'->>'strategy' = 'alias'
          then title_request_key(rows.title_key, rows.normalized_payload) end,
        mismatch_key = case when move.o->'match' ? 'differs'
          then title_request_key(rows.title_key, rows.normalized_payload) end,
        claimed_by = null, claim_token = null, lease_until = null,
        updated_at = clock_timestamp()
      from json_to_recordset(${JSON.stringify(moves)}::json) as move (n int, s text, c text, m text, o jsonb, w bigint, t text)
      where rows.job_id = ${claim.jobId}::uuid and rows.row_number = move.n
        and rows.status = 'processing' and rows.claim_token = ${claim.token}::uuid
        and exists (select from import_jobs where id = ${claim.jobId}::uuid and ${runs})
      returning rows.status
    ), delta as (
      select count(*)::int as total, count(*) filter (where status = 'success')::int as success,
        count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'skipped')::int as skipped,
        count(*) filter (where status = 'review')::int as review
      from moved
    ), counted as (
      update import_jobs as jobs set
        processed_rows = processed_rows + delta.total, success_rows = success_rows + delta.success,
        failed_rows = failed_rows + delta.failed, skipped_rows = skipped_rows + delta.skipped,
        review_rows = review_rows + delta.review, updated_at = clock_timestamp()
      from delta
      -- Reached last, so that the job's row is not locked while its rows are written (by four chunks at once: 2.9 against 6.0
      -- thousand rows/s). Waits for a cancellation under way, and then finds the job stopped.
      where jobs.id = ${claim.jobId}::uuid and delta.total > 0
        and ${runs}
      returning delta.total as moved
    )
    select moved from counted`.execute(db);
  return rows[0]?.moved ?? 0;
}

/**
 * Takes back claims whose lease ran out or whose worker was declared dead. A row that was in hand three times when its
 * worker died fails with a reason instead of killing a fourth.
 *
 * @returns the jobs that have rows to do again
 */
export async function takeBackLostClaims(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ job_id: string }>`
    update import_rows set status = 'pending', claimed_by = null, claim_token = null, lease_until = null,
      lost_claims = lost_claims + 1, updated_at = clock_timestamp()
    where id in (
      select id from import_rows
      where status = 'processing' and (
        lease_until < clock_timestamp()
        or claimed_by in (select id from workers where declared_dead_at is not null or stopped_at is not null)
      )
      limit 10000
      for update skip locked
    )
    returning job_id`.execute(db);
  return [...new Set(rows.map((row) => row.job_id))];
}
