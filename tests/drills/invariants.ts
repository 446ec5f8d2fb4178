import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#app/db/client.server.ts";
import { findJob } from "#app/imports/jobs.server.ts";
import type { Sandbox } from "#sandbox/server.ts";

/**
 * What must be true of a finished import whatever happened on the way (issue 1 of 4, must hold 3). Works on imports of
 * `generatedExport`: every row is another film.
 *
 * @returns one sentence for each that is broken
 */
export async function brokenInvariants(db: Db, jobId: string, remote?: Sandbox): Promise<string[]> {
  const broken = [...(await brokenCounters(db, jobId)), ...(await brokenQueue(db, jobId))];
  broken.push(...(remote ? await brokenRemote(db, jobId, remote) : await brokenViewings(db, jobId)));
  return broken;
}

async function brokenCounters(db: Db, jobId: string): Promise<string[]> {
  const job = await findJob(db, jobId);
  const rows = await db
    .selectFrom("import_rows")
    .select(["status", sql<number>`count(*)::int`.as("count")])
    .where("job_id", "=", jobId)
    .groupBy("status")
    .execute();
  const counts = new Map(rows.map((row) => [row.status, row.count]));
  const of = (status: "pending" | "processing" | "success" | "failed" | "skipped" | "review") =>
    counts.get(status) ?? 0;
  const broken: string[] = [];
  const check = (what: string, counter: number, counted: number) => {
    if (counter !== counted) broken.push(`${what}: the counter says ${counter}, the rows ${counted}`);
  };
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  check("total", job.totalRows, total);
  check("processed", job.processedRows, total);
  check("success", job.successRows, of("success"));
  check("failed", job.failedRows, of("failed"));
  check("skipped", job.skippedRows, of("skipped"));
  check("review", job.reviewRows, of("review"));
  const open = of("pending") + of("processing");
  if (open > 0) broken.push(`${open} rows have no outcome`);
  return broken;
}

/** How long the last chunks may take to be acknowledged after the last row's outcome. */
const REST_MS = 10_000;

/** Nothing may be left in the queue: neither locked nor waiting. */
async function brokenQueue(db: Db, jobId: string): Promise<string[]> {
  const deadline = performance.now() + REST_MS;
  for (;;) {
    const { rows } = await sql<{ left: number; locked: number }>`
      select count(*)::int as left, count(locked_by)::int as locked
      from graphile_worker._private_jobs where payload->>'importJobId' = ${jobId}`.execute(db);
    const { left = 0, locked = 0 } = rows[0] ?? {};
    if (left === 0) return [];
    if (performance.now() > deadline)
      return [`${left} queue jobs of the finished import are left, ${locked} of them locked`];
    await delay(100);
  }
}

/** Queue jobs that some worker still holds, living or dead. */
export async function lockedJobs(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from graphile_worker._private_jobs where locked_by is not null`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Built-in catalogue: one viewing per succeeded row, of the film and day that the row names, and no other. */
async function brokenViewings(db: Db, jobId: string): Promise<string[]> {
  const { rows } = await sql<{ success: number; exact: number; viewings: number; films: number }>`
    select
      (select count(*)::int from import_rows where job_id = ${jobId}::uuid and status = 'success') as success,
      (select count(*)::int from import_rows as rows
        join viewings on viewings.import_job_id = rows.job_id and viewings.row_number = rows.row_number
          and viewings.work_id = rows.work_id and viewings.viewed_on = (rows.normalized_payload->>'date')::date
        join works on works.work_id = viewings.work_id and works.title = rows.normalized_payload->>'title'
        where rows.job_id = ${jobId}::uuid and rows.status = 'success') as exact,
      (select count(*)::int from viewings where import_job_id = ${jobId}::uuid) as viewings,
      (select count(distinct work_id)::int from viewings where import_job_id = ${jobId}::uuid) as films`.execute(
    db,
  );
  const [found] = rows;
  if (!found) return ["the viewings could not be counted"];
  const { success, exact, viewings, films } = found;
  const broken: string[] = [];
  if (exact !== success) broken.push(`${success} rows succeeded, ${exact} of them have their own viewing`);
  if (viewings !== success) broken.push(`${success} rows succeeded, ${viewings} viewings are there`);
  if (films !== viewings) broken.push(`${viewings} viewings are of ${films} films; each is another one`);
  return broken;
}

/** Remote catalogue: one record per succeeded row, no film and day twice, each row with its own record's id. */
async function brokenRemote(db: Db, jobId: string, sandbox: Sandbox): Promise<string[]> {
  const rows = await db
    .selectFrom("import_rows")
    .select(["target_record_id as recordId", sql<string>`normalized_payload->>'title'`.as("title")])
    .where("job_id", "=", jobId)
    .where("status", "=", "success")
    .execute();
  const { movies } = sandbox.control.catalogue();
  const byId = new Map(movies.map((movie) => [String(movie.id), movie]));
  const distinct = new Set(movies.map((movie) => `${movie.tmdbId} ${movie.viewingDate}`));
  const broken: string[] = [];
  if (distinct.size !== movies.length)
    broken.push(`${movies.length - distinct.size} records stand twice in the remote catalogue`);
  if (movies.length !== rows.length)
    broken.push(`${rows.length} rows succeeded, the remote catalogue holds ${movies.length} records`);
  const strangers = rows.filter((row) => byId.get(row.recordId ?? "")?.title !== row.title).length;
  if (strangers > 0) broken.push(`${strangers} rows do not name their own record`);
  return broken;
}
