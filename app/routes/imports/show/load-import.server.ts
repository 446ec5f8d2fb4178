import type { AppContext } from "#app/context.server.ts";
import type { Db } from "#app/db/client.server.ts";
import { listEvents } from "#app/imports/events.server.ts";
import { findJob, type ImportJobView } from "#app/imports/jobs.server.ts";
import { groupFailures, listRows } from "#app/imports/row-queries.server.ts";
import { isFinished } from "#app/imports/status.ts";
import { flagsOf } from "#app/queue/enqueue.server.ts";
import { flagLabel, flagOf } from "#app/queue/job-flags.ts";
import { findPauses } from "#app/queue/pauses.server.ts";
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
export type ImportPause = ImportPageData["pauses"][number];
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
  const isOver = isFinished(job.status);
  const [groups, isWorkerAlive, pauses, circuit, rows, events, options, detail] = await Promise.all([
    job.failedRows > 0 ? groupFailures(db, job.id) : [],
    isOver || isAnyWorkerAlive(db),
    loadPauses(db, job, isOver),
    isOver ? null : openTmdbCircuit(db),
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
    isWorkerAlive,
    pauses,
    heldUp: isOver ? null : heldUpBy({ isWorkerAlive, pauses, circuit }),
    groups: groups.map((group) => ({ ...group, label: failureLabel(group.errorCode, group.message) })),
    rows,
    events,
    options,
    detail,
  };
}

/** What holds its jobs: a pause of the import itself, of a task or of an upstream. Only the first matters when it is over. */
async function loadPauses(db: Db, job: { id: string; catalogue: string }, isOver: boolean) {
  const payload = { importJobId: job.id };
  const flags = new Set([...flagsOf("process_import", payload), ...flagsOf("process_import_rows", payload)]);
  if (job.catalogue !== "builtin") flags.add(flagOf({ kind: "upstream", service: "catalogue" }));
  const pauses = await findPauses(db, [...flags]);
  return pauses
    .map((pause) => ({ ...pause, isOwn: pause.flag.startsWith("import:"), label: flagLabel(pause.flag) }))
    .filter(({ isOwn }) => isOwn || !isOver);
}

async function openTmdbCircuit(db: Db): Promise<string | null> {
  const circuits = await circuitStates(db);
  const open = circuits.find(({ state, service }) => state === "open" && service === "tmdb");
  return open ? `TMDB is paused: ${open.reason ?? "it does not take calls at the moment."}` : null;
}

/** Why a running import does not move, where that is known; null when it does. */
function heldUpBy(holds: {
  isWorkerAlive: boolean;
  pauses: readonly { isOwn: boolean; label: string }[];
  circuit: string | null;
}): string | null {
  const [pause] = holds.pauses;
  if (pause) return pause.isOwn ? "paused" : `${pause.label} is paused`;
  return holds.isWorkerAlive ? holds.circuit : "waits for a worker";
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
