import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";

/** One attempt of a fetch. */
export interface QuoteRun {
  runId: string;
  jobId: string;
  workId: string | null;
  /** Of the film; null when it is gone. */
  title: string | null;
  outcome: string;
  statistics: Record<string, unknown> | null;
  errorMessage: string | null;
  startedAt: Date | null;
  finishedAt: Date;
}

/** The latest fetches that came to an end, one way or another; those that were only put back are left out. */
export async function listQuoteRuns(db: Kysely<Database>, limit: number): Promise<QuoteRun[]> {
  const { rows } = await sql<QuoteRun>`
    select run.id as "runId", run.job_id as "jobId", run.work_id as "workId", works.title, run.outcome, run.statistics,
      run.error_message as "errorMessage", run.started_at as "startedAt", run.finished_at as "finishedAt"
    from job_runs as run left join works on works.work_id = run.work_id
    where run.task = 'fetch_imdb_quotes' and run.outcome in ('completed', 'failed', 'retrying')
    order by run.finished_at desc limit ${limit}`.execute(db);
  return rows;
}
