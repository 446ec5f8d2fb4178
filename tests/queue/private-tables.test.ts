import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();

// `job-settlement.server.ts` puts jobs back and frees lost ones in graphile-worker's own tables, which may change in any
// release. When this fails after an upgrade: read its release notes, then mend that file, then this list.
describe("graphile-worker's private tables", () => {
  it("have the columns, types and guards that our SQL relies on", async () => {
    const { rows } = await sql<{ name: string; type: string }>`
      select table_name || '.' || column_name as name, data_type as type from information_schema.columns
      where table_schema = 'graphile_worker' and table_name in ('_private_jobs', '_private_tasks')
      order by table_name, ordinal_position`.execute(db);
    expect(Object.fromEntries(rows.map((row) => [row.name, row.type]))).toEqual({
      "_private_jobs.id": "bigint",
      "_private_jobs.job_queue_id": "integer",
      "_private_jobs.task_id": "integer",
      "_private_jobs.payload": "json",
      "_private_jobs.priority": "smallint",
      "_private_jobs.run_at": "timestamp with time zone",
      "_private_jobs.attempts": "smallint",
      "_private_jobs.max_attempts": "smallint",
      "_private_jobs.last_error": "text",
      "_private_jobs.created_at": "timestamp with time zone",
      "_private_jobs.updated_at": "timestamp with time zone",
      "_private_jobs.key": "text",
      "_private_jobs.locked_at": "timestamp with time zone",
      "_private_jobs.locked_by": "text",
      "_private_jobs.revision": "integer",
      "_private_jobs.flags": "jsonb",
      "_private_jobs.is_available": "boolean",
      "_private_tasks.id": "integer",
      "_private_tasks.identifier": "text",
    });
  });

  it("are failed by graphile-worker only while its pool holds the job: what was put back stays as it was put back", async () => {
    const { batchFailJobs } = await import("../../node_modules/graphile-worker/dist/sql/failJobs.js");
    const source = String(batchFailJobs);
    expect(source.match(/locked_by = \$1::text/g)?.length).toBeGreaterThanOrEqual(3);
  });
});
