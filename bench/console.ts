import { sql } from "kysely";
import { config } from "#app/config.server.ts";
import { createDatabase, type Db } from "#app/db/client.server.ts";
import { forgetSharedReads } from "#app/live/shared-reads.server.ts";
import { listBulkActions } from "#app/queue/bulk-actions.server.ts";
import { scrape } from "#app/routes/metrics/scrape.server.ts";
import { loadFailureGroup, loadFailures } from "#app/routes/queue/failures/load-failures.server.ts";
import { loadJob } from "#app/routes/queue/job/load-job.server.ts";
import { loadJobs } from "#app/routes/queue/jobs/load-jobs.server.ts";
import { loadPauses } from "#app/routes/queue/pauses/load-pauses.server.ts";
import { loadWorkers } from "#app/routes/queue/workers/load-workers.server.ts";
import { readSchedules } from "#app/routes/schedules/read-schedules.server.ts";
import { loadAudit } from "#app/routes/settings/audit/load-audit.server.ts";
import { startRestartableServer } from "#tests/drills/restartable-server.ts";
import { atMost, type Figure, median, shown } from "./figure.ts";
import { fillQueue, samples } from "./fill-queue.ts";

const LARGE = { runs: 1_000_000, jobs: 100_000 };
const SMALL = { runs: 1_000, jobs: 100 };
/** Server time of any page, in milliseconds (issue "The queue console", must hold 1). */
const LIMIT_MS = 100;
const REPEATS = 11;

interface ConsolePage {
  what: string;
  load: () => Promise<unknown>;
}

/** Every page of the console over a full queue, without what shared reads spare: each time all of it is read. */
export async function measureConsole(): Promise<Figure[]> {
  const server = await startRestartableServer();
  const large = createDatabase(await server.createDatabase("console_large"));
  const small = createDatabase(await server.createDatabase("console_small"));
  try {
    await fillQueue(large.db, LARGE);
    await fillQueue(small.db, SMALL);
    const figures: Figure[] = [];
    const smallPages = await pagesOf(small.db);
    for (const [index, { what, load }] of (await pagesOf(large.db)).entries()) {
      const ms = await medianMs(load);
      const smallMs = await medianMs(smallPages[index]?.load ?? load);
      figures.push(
        atMost(what, ms, LIMIT_MS, "ms", 1),
        shown(`${what}: to a small queue`, ms / smallMs, "times", 1),
      );
    }
    return figures;
  } finally {
    await large.close();
    await small.close();
    await server.close();
  }
}

async function pagesOf(db: Db): Promise<ConsolePage[]> {
  const app = { db };
  const jobs = (query: string) => ({
    what: `jobs ${query || "(default)"}`,
    load: () => loadJobs(app, new URLSearchParams(query)),
  });
  const deep = async (state: string) => {
    let cursor = "";
    for (let page = 0; page < 5; page++)
      cursor = (await loadJobs(app, new URLSearchParams({ state, cursor }))).nextCursor ?? cursor;
    return {
      what: `jobs state=${state}, sixth page`,
      load: () => loadJobs(app, new URLSearchParams({ state, cursor })),
    };
  };
  const group = await db
    .selectFrom("failure_groups")
    .select("fingerprint")
    .limit(1)
    .executeTakeFirstOrThrow();
  const completed = await sql<{ id: string }>`
    select job_id as id from job_runs where outcome = 'completed' order by id desc limit 1`.execute(db);
  return [
    jobs(""),
    ...["retrying", "running", "queued", "scheduled", "paused", "completed"].map((state) =>
      jobs(`state=${state}`),
    ),
    await deep("failed"),
    await deep("completed"),
    jobs("state=failed&q=task:ingest_movie"),
    jobs("state=failed&q=tmdbId:603"),
    jobs("state=failed&q=options.pages:3"),
    jobs(`state=queued&q=import:${samples.importJobId}`),
    jobs("state=failed&q=error:answered 4"),
    jobs('state=failed&q=error:"nobody says this"'),
    jobs("state=failed&q=since:24h"),
    jobs(`state=failed&q=fingerprint:${samples.fingerprint}`),
    jobs(`state=running&q=worker:${samples.workerId}`),
    jobs("state=completed&q=task:refresh_work"),
    jobs("state=completed&q=tmdbId:603"),
    jobs("state=completed&q=options.pages:3"),
    jobs("state=completed&q=options.pages:4"),
    jobs(`state=completed&q=import:${samples.importJobId}`),
    jobs(`state=completed&q=work:${samples.workId}`),
    jobs(`state=completed&q=worker:${samples.workerId} since:7d`),
    // Two that never meet.
    jobs(`state=completed&q=worker:${samples.workerId} task:fetch_imdb_quotes`),
    { what: "job, failed", load: () => loadJob(app, "76") },
    { what: "job, running", load: () => loadJob(app, "7") },
    { what: "job, completed", load: () => loadJob(app, completed.rows[0]?.id ?? "") },
    { what: "bulk actions", load: () => listBulkActions(db, { limit: 50 }) },
    { what: "failures", load: () => loadFailures(app, new URLSearchParams()) },
    { what: "failure group", load: () => loadFailureGroup(app, group.fingerprint) },
    { what: "pauses", load: () => loadPauses(app, new URLSearchParams()) },
    { what: "workers", load: () => loadWorkers(app) },
    { what: "schedules", load: () => readSchedules(db) },
    { what: "metrics", load: () => scrape({ db, config: config() }) },
    { what: "audit log", load: () => loadAudit(db, new URLSearchParams()) },
  ];
}

async function medianMs(load: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  // The first turns fill PostgreSQL's cache and warm up our own code.
  for (let turn = -3; turn < REPEATS; turn++) {
    forgetSharedReads();
    const started = performance.now();
    await load();
    if (turn >= 0) times.push(performance.now() - started);
  }
  return median(times);
}
