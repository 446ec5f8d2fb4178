import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { RunKind, RunSource } from "#app/discovery/runs/runs.server.ts";
import { AppError } from "#app/errors.ts";

const columns = [
  "id",
  "kind",
  "source",
  "status",
  "trigger_type as triggerType",
  "parameters",
  "movies_checked as checked",
  "movies_skipped as skipped",
  "movies_ingested as ingested",
  "movies_failed as failed",
  "movies_not_attempted as notAttempted",
  "pages_read as pagesRead",
  "errors",
  "error_code as errorCode",
  "error_message as errorMessage",
  "duration_ms as durationMs",
  "job_id as jobId",
  "planned_at as plannedAt",
  "started_at as startedAt",
  "finished_at as finishedAt",
  "updated_at as updatedAt",
] as const;

export type RunView = Awaited<ReturnType<typeof findRun>>;

export interface RunFilter {
  kind?: RunKind | undefined;
  source?: RunSource | undefined;
  status?: "running" | "completed" | "partial" | "failed" | undefined;
}

/**
 * Runs, newest first (T-07).
 *
 * @param page.before id of the last one of the page before
 */
export async function listRuns(
  db: Kysely<Database>,
  filter: RunFilter,
  page: { limit: number; before?: string | undefined },
): Promise<{ runs: RunView[]; next: string | null }> {
  let query = db
    .selectFrom("scheduled_ingestion_log")
    .select(columns)
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (filter.kind) query = query.where("kind", "=", filter.kind);
  if (filter.source) query = query.where("source", "=", filter.source);
  if (filter.status) query = query.where("status", "=", filter.status);
  if (page.before) query = query.where("id", "<", page.before);
  const rows = await query.execute();
  const runs = rows.slice(0, page.limit);
  return { runs, next: rows.length > page.limit ? (runs.at(-1)?.id ?? null) : null };
}

/** @throws AppError RUN_NOT_FOUND (404) */
export async function findRun(db: Kysely<Database>, runId: string) {
  const run = /^\d{1,18}$/.test(runId)
    ? await db
        .selectFrom("scheduled_ingestion_log")
        .select(columns)
        .where("id", "=", runId)
        .executeTakeFirst()
    : undefined;
  if (!run)
    throw new AppError("RUN_NOT_FOUND", 404, "There is no run with this number. It may have been mistyped.");
  return run;
}

/**
 * Members of a run in the order in which they were planned.
 *
 * @param page.after position of the last one of the page before
 */
export async function listMembers(
  db: Kysely<Database>,
  runId: string,
  filter: { status?: "pending" | "ingested" | "skipped" | "failed" | undefined },
  page: { limit: number; after?: number | undefined },
) {
  let query = db
    .selectFrom("ingestion_members")
    .select([
      "position",
      "media_type as mediaType",
      "tmdb_id as tmdbId",
      "work_id as workId",
      "title",
      "year",
      "source",
      "status",
      "reason",
      "message",
      "settled_at as settledAt",
    ])
    .where("run_id", "=", runId)
    .orderBy("position")
    .limit(page.limit + 1);
  if (filter.status) query = query.where("status", "=", filter.status);
  if (page.after) query = query.where("position", ">", page.after);
  const rows = await query.execute();
  const members = rows.slice(0, page.limit);
  return { members, next: rows.length > page.limit ? (members.at(-1)?.position ?? null) : null };
}

/** What runs of one kind came to per day, oldest first, days without any left out: a chart. */
export async function runsPerDay(
  db: Kysely<Database>,
  kind: RunKind,
  days: number,
): Promise<{ day: string; runs: number; ingested: number; skipped: number; failed: number }[]> {
  const { rows } = await sql<{
    day: string;
    runs: number;
    ingested: number;
    skipped: number;
    failed: number;
  }>`
    select to_char(created_at at time zone 'utc', 'YYYY-MM-DD') as day, count(*)::int as runs,
      sum(movies_ingested)::int as ingested, sum(movies_skipped)::int as skipped, sum(movies_failed)::int as failed
    from scheduled_ingestion_log
    where kind = ${kind} and created_at > clock_timestamp() - ${days} * interval '1 day'
    group by 1 order by 1`.execute(db);
  return rows;
}
