import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { listEvents } from "#app/imports/events.server.ts";
import { findJob, type ImportJobView } from "#app/imports/jobs.server.ts";
import { groupFailures, listRows } from "#app/imports/row-queries.server.ts";
import { isFinished } from "#app/imports/status.ts";
import { isAnyWorkerAlive } from "#app/queue/workers.server.ts";
import { estimateOf } from "#app/routes/imports/estimate-of.server.ts";
import { formatLabel } from "#app/routes/imports/format-label.server.ts";
import { failureLabel } from "#app/routes/imports/show/failure-label.ts";
import { loadRowDetail } from "#app/routes/imports/show/load-row-detail.server.ts";
import { rowLine } from "#app/routes/imports/show/row-line.ts";
import { type RowsView, readRowsView, writeRowCursor } from "#app/routes/imports/show/rows-filter.ts";
import { circuitStates } from "#app/upstreams/circuit.server.ts";

const PAGE_SIZE = 50;
const EVENTS_SHOWN = 200;

export type ImportPageData = Awaited<ReturnType<typeof loadImport>>;
export type ImportPageJob = ImportPageData["job"];
export type FailureGroupView = ImportPageData["groups"][number];

/**
 * Everything that the page of one import shows for its URL.
 *
 * @throws AppError IMPORT_NOT_FOUND (404)
 */
export async function loadImport(
  app: Pick<AppContext, "db" | "config">,
  jobId: string,
  params: URLSearchParams,
) {
  const { db, config } = app;
  const view = readRowsView(params);
  const job = await findJob(db, jobId);
  const [groups, heldUp, rows, events, options, detail] = await Promise.all([
    job.failedRows > 0 ? groupFailures(db, job.id) : [],
    isFinished(job.status) ? null : whyHeldUp(db),
    view.tab === "rows" ? loadRows(db, job, view) : null,
    view.tab === "events" ? listEvents(db, job.id, EVENTS_SHOWN) : null,
    view.tab === "options" ? loadOptions(db, job.id) : null,
    view.tab === "rows" && view.openRow !== null ? loadRowDetail(app, job, view.openRow) : null,
  ]);
  const retryable = groups.filter((group) => group.retryable).reduce((sum, { count }) => sum + count, 0);
  return {
    view,
    job: { ...job, label: formatLabel(job), isFinished: isFinished(job.status), retryableRows: retryable },
    eta: estimateOf(job, config),
    heldUp,
    groups: groups.map((group) => ({ ...group, label: failureLabel(group.errorCode, group.message) })),
    rows,
    events,
    options,
    detail,
  };
}

/** Why a running import does not move, where that is known; null when it does. */
async function whyHeldUp(db: Db): Promise<string | null> {
  if (!(await isAnyWorkerAlive(db))) return "waits: no worker is running. Start one with npm run worker";
  const paused = (await circuitStates(db)).find(
    ({ state, service }) => state === "open" && service === "tmdb",
  );
  return paused ? `TMDB is paused: ${paused.reason ?? "it does not take calls at the moment."}` : null;
}

async function loadRows(db: Db, job: ImportJobView, view: RowsView) {
  const page = await listRows(db, job.id, view.filter, { limit: PAGE_SIZE, cursor: view.cursor });
  return { lines: page.rows.map(rowLine), next: writeRowCursor(page.next) };
}

/** How the file was read: frozen when it was taken in. */
async function loadOptions(db: Db, jobId: string) {
  const { parse_options } = await db
    .selectFrom("import_jobs")
    .select("parse_options")
    .where("id", "=", jobId)
    .executeTakeFirstOrThrow();
  const { encoding, delimiter, preambleLines } = parse_options;
  return { encoding, delimiter, preambleLines: typeof preambleLines === "number" ? preambleLines : 0 };
}
