import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";

const { db } = await testDatabase();
const root = path.resolve(import.meta.dirname, "../..");

/** All that may know them: the settlement of attempts, and the console. */
const MAY_KNOW = /^app\/queue\/(?:job-settlement\.server\.ts$|console\/)/;

/** Every file of ours that runs in production, from the project's root. */
async function sources(): Promise<string[]> {
  const files = await Promise.all(
    ["app", "tasks", "scripts", "migrations", "sandbox"].map((folder) =>
      readdir(path.join(root, folder), { recursive: true, withFileTypes: true }),
    ),
  );
  return files
    .flat()
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"));
}

// `job-settlement.server.ts` puts jobs back and frees lost ones in graphile-worker's own tables, the console reads them; they may
// change in any release. When this fails after an upgrade: read its release notes, then mend those files, then this list.
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

  it("call a job available that is not locked and has attempts left, and order those by an index", async () => {
    const { rows } = await sql<{ expression: string }>`
      select generation_expression as expression from information_schema.columns
      where table_schema = 'graphile_worker' and table_name = '_private_jobs' and column_name = 'is_available'`.execute(
      db,
    );
    expect(rows).toEqual([{ expression: "((locked_at IS NULL) AND (attempts < max_attempts))" }]);
    const { rows: indexes } = await sql<{ definition: string }>`
      select indexdef as definition from pg_indexes where schemaname = 'graphile_worker' and indexname = 'jobs_main_index'`.execute(
      db,
    );
    expect(indexes[0]?.definition).toMatch(/\(priority, run_at\) INCLUDE .* WHERE \(is_available = true\)/);
  });

  it("are acted on through functions that leave alone what a worker has", async () => {
    const { rows } = await sql<{ name: string; source: string }>`
      select proname as name, prosrc as source from pg_proc
      where pronamespace = 'graphile_worker'::regnamespace and proname in ('complete_jobs', 'reschedule_jobs')
      order by proname`.execute(db);
    expect(rows.map(({ name }) => name)).toEqual(["complete_jobs", "reschedule_jobs"]);
    for (const { source } of rows) expect(source).toMatch(/locked_at is null/i);
  });

  it("are named by the settlement and the console alone", async () => {
    const strangers: string[] = [];
    for (const file of await sources())
      if (!MAY_KNOW.test(file) && /\b_private_/.test(await readFile(path.join(root, file), "utf8")))
        strangers.push(file);
    expect(strangers).toEqual([]);
  });
});

describe("must hold 5: the queue knows nothing of films", () => {
  it("imports nothing from the rooms of work and the rooms they share", async () => {
    const upward = /from "#app\/(?:imports|discovery|quotes|awards|matching|works|routes|ui)\//;
    const strangers: string[] = [];
    for (const file of await sources())
      if (file.startsWith("app/queue/") && upward.test(await readFile(path.join(root, file), "utf8")))
        strangers.push(file);
    expect(strangers).toEqual([]);
  });
});
