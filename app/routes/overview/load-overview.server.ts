import { type Kysely, sql } from "kysely";
import type { AppContext } from "#app/context.server.ts";
import type { Database } from "#app/db/types.ts";
import { listJobs, listRunningJobs } from "#app/imports/jobs.server.ts";
import { isAnyWorkerAlive, listWorkers } from "#app/queue/workers.server.ts";
import { estimateOf } from "#app/routes/imports/estimate-of.server.ts";
import { formatLabel } from "#app/routes/imports/format-label.server.ts";
import { attentionOf } from "#app/routes/overview/attention.ts";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";
import { isOn, offSentence, type Service, serviceInfo } from "#app/upstreams/services.ts";

export type OverviewData = Awaited<ReturnType<typeof loadOverview>>;

/** Everything that the overview says, read at once. */
export async function loadOverview({ db, config }: Pick<AppContext, "db" | "config">) {
  const [running, recent, budgets, circuits, workers, isWorkerAlive, rows, failedRuns, failedRunCount] =
    await Promise.all([
      listRunningJobs(db),
      listJobs(db, {}, { limit: 5 }),
      budgetState(db, config),
      circuitStates(db),
      listWorkers(db),
      isAnyWorkerAlive(db),
      countRowsThatWait(db),
      listFailedRuns(db, 5),
      countFailedRuns(db),
    ]);
  const paused = circuits.filter((circuit) => circuit.state === "open");
  const shownBudgets = budgets.map((budget) => ({
    ...budget,
    label: serviceInfo(budget.service).label,
    off: isOn(budget.service, config) ? null : offSentence(budget.service),
    pausedReason: paused.find((circuit) => circuit.service === budget.service)?.reason ?? null,
  }));
  return {
    checkedAt: new Date(),
    attention: attentionOf({
      ...rows,
      isWorkerAlive,
      waitingImports: running.length,
      failedRuns: failedRunCount,
      pausedUpstreams: paused.map(({ service, reason }) => ({
        service,
        reason: reason ?? `${serviceInfo(service).label} is paused.`,
      })),
      offUpstreams: mustBeOn
        .filter((service) => !isOn(service, config))
        .map((service) => ({
          service,
          text: offSentence(service),
        })),
      usedUp: shownBudgets
        .filter(({ off, daily }) => off === null && daily?.left === 0)
        .map(({ label }) => label),
    }),
    running: running.map((job) => ({ job, eta: estimateOf(job, config) })),
    recent: recent.jobs.map((job) => ({ ...job, label: formatLabel(job) })),
    budgets: shownBudgets,
    workers: workers.filter(({ state }) => state !== "stopped"),
    isWorkerAlive,
    failedRuns,
  };
}

/** Without it no title is found; the others only add to what it gives. */
const mustBeOn: readonly Service[] = ["tmdb"];

/** Rows that wait for an operator: doubtful ones whenever they came, failed ones of the last seven days. */
async function countRowsThatWait(db: Kysely<Database>) {
  const recently = sql<Date>`now() - interval '7 days'`;
  const row = await db
    .selectFrom("import_jobs")
    .select((select) => [
      sql<number>`coalesce(sum(review_rows), 0)::int`.as("reviewRows"),
      sql<number>`count(*) filter (where review_rows > 0)::int`.as("reviewImports"),
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
    .executeTakeFirstOrThrow();
  return {
    review: { rows: row.reviewRows, imports: row.reviewImports },
    failed: { rows: Number(row.failedRows), imports: Number(row.failedImports) },
  };
}

const ended = ["failed", "lost"] as const;

async function countFailedRuns(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom("job_runs")
    .select(sql<number>`count(*)::int`.as("count"))
    .where("outcome", "in", ended)
    .where("finished_at", ">", sql<Date>`now() - interval '24 hours'`)
    .executeTakeFirstOrThrow();
  return row.count;
}

async function listFailedRuns(db: Kysely<Database>, limit: number) {
  return db
    .selectFrom("job_runs")
    .select([
      "id",
      "task",
      "attempt",
      "outcome",
      "error_code as errorCode",
      "error_message as errorMessage",
      "finished_at as finishedAt",
      "import_job_id as importJobId",
    ])
    .where("outcome", "in", ended)
    .orderBy("finished_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}
