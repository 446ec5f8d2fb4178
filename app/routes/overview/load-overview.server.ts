import { type Kysely, sql } from "kysely";
import { failedLists } from "#app/awards/lists/list-lists.server.ts";
import type { AppContext } from "#app/context.server.ts";
import type { Database } from "#app/db/types.ts";
import { lostTitles } from "#app/discovery/lost/list-lost.server.ts";
import { listJobs, listRunningJobs } from "#app/imports/jobs.server.ts";
import { sharedRead } from "#app/live/shared-reads.server.ts";
import { queueFacts } from "#app/queue/console/queue-facts.server.ts";
import { flagLabel } from "#app/queue/job-flags.ts";
import { runsPerHour } from "#app/queue/run-rollup.server.ts";
import { suspiciousFilms } from "#app/quotes/films.server.ts";
import { estimateOf } from "#app/routes/imports/estimate-of.server.ts";
import { formatLabel } from "#app/routes/imports/format-label.server.ts";
import { attentionOf } from "#app/routes/overview/attention.ts";
import { failedJobCount } from "#app/routes/queue/failed-job-count.server.ts";
import { titlesToReview } from "#app/routes/review/titles-to-review.server.ts";
import { readSchedules } from "#app/routes/schedules/read-schedules.server.ts";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";
import { isOn, offSentence, type Service, serviceInfo } from "#app/upstreams/services.ts";

type Desk = Pick<AppContext, "db" | "config">;
export type OverviewData = Awaited<ReturnType<typeof loadOverview>>;

/** Lines of each of the short lists. */
const LINES = 5;
/** Imports under way, each with its bar. */
const MOST_RUNNING = 20;
const CHART_HOURS = 24;

/** A chart of a day may be a little behind. */
const CHART_KEPT_MS = 30_000;

/** Everything that the overview says. Read once for all who look: nothing of it is about the person who asks. */
export async function loadOverview(desk: Desk) {
  const { db } = desk;
  const [state, failedJobs, titles, { schedules, problem }, hours] = await Promise.all([
    sharedRead("overview", () => readState(desk)),
    failedJobCount(db),
    titlesToReview(db),
    readSchedules(db),
    sharedRead("overview:hours", () => runsPerHour(db, { hours: CHART_HOURS }), { keepMs: CHART_KEPT_MS }),
  ]);
  const { facts, ...shown } = state;
  return {
    ...shown,
    attention: attentionOf({
      ...facts,
      failedJobs,
      review: { ...facts.review, titles },
      crontabProblem: problem,
      overdue: schedules.filter((schedule) => schedule.state === "overdue"),
    }),
    hours: hours.map(({ hour, runs }) => ({
      at: hour,
      values: { done: runs.completed ?? 0, failed: (runs.failed ?? 0) + (runs.lost ?? 0) },
    })),
    next: schedules
      .flatMap(({ id, label, next, state }) => (next ? [{ id, label, next, state }] : []))
      .toSorted((a, b) => a.next.getTime() - b.next.getTime())
      .slice(0, LINES),
  };
}

async function readState({ db, config }: Desk) {
  const [underWay, recent, rows, budgets, circuits, queue] = await Promise.all([
    listRunningJobs(db, MOST_RUNNING + 1),
    listJobs(db, {}, { limit: LINES }),
    countRowsThatWait(db),
    readBudgets({ db, config }),
    circuitStates(db),
    queueFacts(db, LINES),
  ]);
  const running = underWay.slice(0, MOST_RUNNING);
  const hasMoreRunning = underWay.length > MOST_RUNNING;
  const paused = circuits.filter((circuit) => circuit.state === "open");
  const alive = queue.workers.filter(({ isSilent }) => !isSilent);
  const isWorkerAlive = alive.length > 0;
  const facts = {
    ...rows,
    isWorkerAlive,
    waitingImports: running.length,
    hasMoreImports: hasMoreRunning,
    pauseCount: queue.pauseCount,
    pauses: queue.pauses.map(({ flag, ...pause }) => ({ ...pause, label: flagLabel(flag) })),
    pausedUpstreams: paused.map(({ service, reason }) => ({
      service,
      reason: reason ?? `${serviceInfo(service).label} is paused.`,
    })),
    offUpstreams: mustBeOn
      .filter((service) => !isOn(service, config))
      .map((service) => ({ service, text: offSentence(service) })),
    usedUp: budgets.flatMap(({ label, off, daily }) =>
      off === null && daily?.left === 0 ? [{ label, until: daily.resetsAt }] : [],
    ),
    silentWorkers: queue.workers
      .filter(({ isSilent }) => isSilent)
      .map(({ host, pid, ...worker }) => ({ ...worker, name: `${host} · ${pid}` })),
  };
  return {
    facts,
    checkedAt: new Date(),
    hasMoreRunning,
    running: running.map((job) => ({ job, eta: estimateOf(job, config) })),
    recent: recent.jobs.map((job) => ({ ...job, label: formatLabel(job) })),
    budgets: budgets.map((budget) => ({
      ...budget,
      pausedReason: paused.find((circuit) => circuit.service === budget.service)?.reason ?? null,
    })),
    workers: {
      count: alive.length,
      busy: alive.reduce((sum, { runningJobs }) => sum + runningJobs, 0),
      slots: alive.reduce((sum, { slots }) => sum + slots, 0),
    },
    isWorkerAlive,
    recentRuns: queue.recentRuns,
  };
}

async function readBudgets({ db, config }: Desk) {
  const budgets = await budgetState(db, config);
  return budgets.map((budget) => ({
    ...budget,
    label: serviceInfo(budget.service).label,
    off: isOn(budget.service, config) ? null : offSentence(budget.service),
  }));
}

/** Without it no title is found; the others only add to what it gives. */
const mustBeOn: readonly Service[] = ["tmdb"];

/** What waits for an operator: doubtful rows whenever they came, failed ones of the last seven days, suspicious films, titles lost at TMDB, lists whose last import failed. */
async function countRowsThatWait(db: Kysely<Database>) {
  const recently = sql<Date>`now() - interval '7 days'`;
  const row = await db
    .selectFrom("import_jobs")
    .select((select) => [
      sql<number>`coalesce(sum(review_rows), 0)::int`.as("reviewRows"),
      sql<number>`count(*) filter (where review_rows > 0)::int`.as("reviewImports"),
      suspiciousFilms().as("suspiciousQuotes"),
      lostTitles().as("lostTitles"),
      failedLists().as("failedLists"),
      select.fn
        .coalesce(
          select.fn.sum<number>("failed_rows").filterWhere("created_at", ">", recently),
          sql<number>`0`,
        )
        .as("failedRows"),
      select.fn
        .countAll<number>()
        .filterWhere("failed_rows", ">", 0)
        .filterWhere("created_at", ">", recently)
        .as("failedImports"),
    ])
    .where((where) => where.or([where("review_rows", ">", 0), where("failed_rows", ">", 0)]))
    // Nothing of an import that was undone waits for anybody.
    .where("undo_status", "is", null)
    .executeTakeFirstOrThrow();
  return {
    review: { rows: row.reviewRows, imports: row.reviewImports },
    failed: { rows: Number(row.failedRows), imports: Number(row.failedImports) },
    suspiciousQuotes: row.suspiciousQuotes,
    lostTitles: row.lostTitles,
    failedLists: row.failedLists,
  };
}
