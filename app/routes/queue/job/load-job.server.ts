import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { isTaskName } from "#app/queue/catalog.ts";
import { findJob, type JobDetail } from "#app/queue/console/find-job.server.ts";
import { listJobCalls, listTaskRuns } from "#app/queue/console/job-surroundings.server.ts";
import { workerAlive } from "#app/routes/queue/worker-alive.server.ts";

export type JobPageData = Awaited<ReturnType<typeof loadJob>>;

/**
 * Everything that the page of one job shows.
 *
 * @throws AppError JOB_NOT_FOUND (404)
 */
export async function loadJob({ db }: Pick<AppContext, "db">, jobId: string) {
  const { job, calls, subject } = await sharedRead(`queue:job?${jobId}`, () => readJob(db, jobId));
  const [runs, isWorkerAlive] = await Promise.all([
    sharedRead(`queue:task-runs?${job.task}`, () => listTaskRuns(db, job.task)),
    workerAlive(db),
  ]);
  return { job, calls, subject, runs, isWorkerAlive, isTaskKnown: isTaskName(job.task) };
}

async function readJob(db: Db, jobId: string) {
  const job = await findJob(db, jobId);
  const [calls, subject] = await Promise.all([listJobCalls(db, jobId), findSubject(db, job)]);
  return { job, calls, subject };
}

/** What the job serves, by name; null where it is gone, or there is none. */
async function findSubject(db: Db, { importJobId, workId }: JobDetail) {
  const [file, work] = await Promise.all([
    importJobId === null
      ? undefined
      : db.selectFrom("import_jobs").select("file_name").where("id", "=", importJobId).executeTakeFirst(),
    workId === null
      ? undefined
      : db.selectFrom("works").select("title").where("work_id", "=", workId).executeTakeFirst(),
  ]);
  return { importName: file?.file_name ?? null, workTitle: work?.title ?? null };
}
