import { type Kysely, sql } from "kysely";
import type { Database } from "#app/db/types.ts";
import type { JobStatus, RowStatus } from "#app/imports/status.ts";

/** Imports of one status, and their rows by status, out of the counters that imports keep. */
export interface ImportTotals {
  status: JobStatus;
  imports: number;
  rows: Record<Exclude<RowStatus, "processing">, number>;
}

/** All imports by status; dry runs are none. One pass over the imports, none over their rows. */
export async function importTotals(db: Kysely<Database>): Promise<ImportTotals[]> {
  const { rows } = await sql<{
    status: JobStatus;
    imports: number;
    pending: number;
    success: number;
    failed: number;
    skipped: number;
    review: number;
  }>`
    select status, count(*)::float8 as imports, sum(total_rows - processed_rows)::float8 as pending,
      sum(success_rows)::float8 as success, sum(failed_rows)::float8 as failed, sum(skipped_rows)::float8 as skipped,
      sum(review_rows)::float8 as review
    from import_jobs where not dry_run group by status`.execute(db);
  return rows.map(({ status, imports, ...byStatus }) => ({ status, imports, rows: byStatus }));
}
