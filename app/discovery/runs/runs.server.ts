import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

export type RunKind = "discovery" | "refresh";
export type RunSource = "popular" | "now_playing" | "trending" | "mixed" | "refresh";

export interface OpenRun {
  runId: string;
  /** The members were written down before: whoever asks again has nothing left to plan. */
  isPlanned: boolean;
  /** What a predecessor that died has read already. */
  listing: Record<string, unknown>;
  pagesRead: number;
}

/** How many titles a log line names at most. Its members hold them all. */
const MAX_TITLES = 1_000;

/**
 * Opens the run of a queue job, or goes on with it: a job that is tried again, or taken over from a killed worker, has one
 * line in the log.
 */
export async function openRun(
  db: Kysely<Database>,
  run: {
    kind: RunKind;
    source: RunSource;
    triggerType: "scheduled" | "manual";
    parameters: Record<string, unknown>;
    jobId: string;
  },
): Promise<OpenRun> {
  const row = await db
    .insertInto("scheduled_ingestion_log")
    .values({
      kind: run.kind,
      source: run.source,
      trigger_type: run.triggerType,
      parameters: JSON.stringify(run.parameters),
      job_id: run.jobId,
    })
    .onConflict((conflict) =>
      conflict.column("job_id").where("job_id", "is not", null).doUpdateSet({
        // Planned members speak for themselves; what ended before that is opened again.
        status: sql`case when scheduled_ingestion_log.planned_at is null then 'running' else scheduled_ingestion_log.status end`,
        finished_at: sql`case when scheduled_ingestion_log.planned_at is null then null else scheduled_ingestion_log.finished_at end`,
        updated_at: sql<Date>`clock_timestamp()`,
      }),
    )
    .returning(["id", "planned_at", "listing", "pages_read"])
    .executeTakeFirstOrThrow();
  return {
    runId: row.id,
    isPlanned: row.planned_at !== null,
    listing: row.listing,
    pagesRead: row.pages_read,
  };
}

/** Writes down something that went wrong beside single films: a page that could not be read. */
export async function addRunError(
  db: Kysely<Database>,
  runId: string,
  error: { code: string; message: string },
): Promise<void> {
  await sql`
    update scheduled_ingestion_log
    set errors = errors || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'code', ${error.code}::text,
        'message', ${error.message}::text)),
      updated_at = clock_timestamp()
    where id = ${runId}::bigint and not errors @> jsonb_build_array(jsonb_build_object('code', ${error.code}::text,
      'message', ${error.message}::text))`.execute(db);
}

/** Says what a run that goes on waits for, or what is tried again. Its status does not change. */
export async function noteTrouble(
  db: Kysely<Database>,
  runId: string,
  trouble: { code: string; message: string } | null,
): Promise<void> {
  await db
    .updateTable("scheduled_ingestion_log")
    .set({
      error_code: trouble?.code ?? null,
      error_message: trouble?.message ?? null,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", runId)
    .execute();
}

/** The members' titles as the seed keeps them, and the time it took. */
const ended = sql`
  finished_at = clock_timestamp(), updated_at = clock_timestamp(),
  duration_ms = least(extract(epoch from clock_timestamp() - started_at) * 1000, 2147483647)::int,
  ingested_titles = array(select title || coalesce(' (' || year || ')', '') from ingestion_members
    where run_id = scheduled_ingestion_log.id and status = 'ingested' order by position limit ${sql.lit(MAX_TITLES)}),
  failed_titles = array(select title || coalesce(' (' || year || ')', '') || ': ' || coalesce(message, reason, '')
    from ingestion_members where run_id = scheduled_ingestion_log.id and status = 'failed' order by position
    limit ${sql.lit(MAX_TITLES)})`;

/**
 * Ends a run that cannot go on now: `failed`, or `partial` when something was ingested. If its job comes again, or one of its
 * members is settled later, it is opened again.
 */
export async function endRun(
  db: Kysely<Database>,
  runs: RawBuilder<unknown>,
  why: { code: string; message: string },
): Promise<void> {
  await sql`
    update scheduled_ingestion_log set
      status = case when movies_ingested > 0 then 'partial' else 'failed' end,
      error_code = ${why.code}, error_message = ${why.message}, ${ended}
    where id in (${runs}) and status = 'running'`.execute(db);
}

/** Ends one run; see `endRun`. */
export function endThisRun(db: Kysely<Database>, runId: string, why: { code: string; message: string }) {
  return endRun(db, sql`${runId}::bigint`, why);
}

/**
 * Ends the runs whose members are all settled: `completed` when nothing went wrong, `failed` when nothing came of it, else
 * `partial`; and opens again what had been ended too early.
 *
 * Call it in the transaction that settled members or wrote them down.
 */
export async function finishRuns(trx: Kysely<Database>, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await sql`
    update scheduled_ingestion_log set
      status = case
        when movies_failed = 0 and errors = '[]' then 'completed'
        when movies_ingested = 0 and movies_failed > 0 then 'failed'
        when movies_checked = 0 then 'failed'
        else 'partial' end,
      error_code = case when movies_failed > 0 then 'FILMS_FAILED' else errors->0->>'code' end,
      error_message = case when movies_failed > 0 then movies_failed || case movies_failed when 1 then ' film' else ' films' end
        || ' could not be fetched; each says why.' else errors->0->>'message' end,
      ${ended}
    where id = any(${sql.val(runIds)}::bigint[]) and planned_at is not null and movies_not_attempted = 0`.execute(
    trx,
  );
  await sql`
    update scheduled_ingestion_log
    set status = 'running', finished_at = null, error_code = null, error_message = null, updated_at = clock_timestamp()
    where id = any(${sql.val(runIds)}::bigint[]) and planned_at is not null and movies_not_attempted > 0
      and status <> 'running'`.execute(trx);
}
