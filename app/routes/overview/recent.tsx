import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { ImportBar, RowsBar } from "#app/routes/imports/import-bar.tsx";
import type { OverviewData } from "#app/routes/overview/load-overview.server.ts";
import classes from "#app/routes/overview/overview.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

interface RunningProps {
  running: OverviewData["running"];
  /** There are more of them. */
  hasMore: boolean;
  isWorkerAlive: boolean;
}

/** Imports under way, each with how far and how long still. */
export function Running({ running, hasMore, isWorkerAlive }: RunningProps) {
  if (running.length === 0) return <p className={classes.dimmed}>No import is running.</p>;
  return (
    <ul className={classes.running}>
      {running.map(({ job, eta }) => (
        <li key={job.id}>
          <Anchor component={Link} to={`/imports/${job.id}`} className={classes.file}>
            {job.fileName}
          </Anchor>
          <ImportBar job={job} eta={eta} heldUp={isWorkerAlive ? null : "waits: no worker is running"} />
        </li>
      ))}
      {hasMore ? (
        <li>
          <Anchor component={Link} to="/imports">
            More imports
          </Anchor>
        </li>
      ) : null}
    </ul>
  );
}

type RecentImport = OverviewData["recent"][number];

const importColumns: Column<RecentImport>[] = [
  { id: "file", header: "File", cell: ({ fileName }) => fileName, phone: "title" },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <Status status={status} />,
    width: 110,
    phone: "aside",
  },
  { id: "rows", header: "Rows", cell: (job) => <RowsBar job={job} />, width: 96, phone: "hidden" },
  { id: "when", header: "Uploaded", cell: ({ createdAt }) => <Ago at={createdAt} />, width: 96 },
];

/** The five newest imports. */
export function RecentImports({ jobs }: { jobs: readonly RecentImport[] }) {
  return (
    <DataTable
      label="Recent imports"
      columns={importColumns}
      rows={jobs}
      rowId={({ id }) => id}
      rowHref={({ id }) => `/imports/${id}`}
      empty={
        <EmptyState
          kind="yet"
          title="No import yet"
          action={
            <LinkButton to="/imports/new" tone="primary">
              New import
            </LinkButton>
          }
        >
          Upload an export, for example Letterboxd's <code>watched.csv</code>: it is checked first and shown
          to you before anything is written.
        </EmptyState>
      }
    />
  );
}

type RecentRun = OverviewData["recentRuns"][number];

/** A run's outcome in the colours and words of a status. */
const OUTCOMES: Readonly<Record<RecentRun["outcome"], StatusName>> = {
  completed: "completed",
  retrying: "review",
  postponed: "queued",
  failed: "failed",
  lost: "failed",
  discarded: "cancelled",
};

const runColumns: Column<RecentRun>[] = [
  { id: "task", header: "Task", cell: ({ task }) => task, mono: true, phone: "title" },
  {
    id: "outcome",
    header: "Outcome",
    cell: ({ outcome }) => <Status status={OUTCOMES[outcome]} label={outcome} />,
    width: 110,
    phone: "aside",
  },
  {
    id: "ran",
    header: "Ran",
    cell: ({ durationMs }) => <Duration ms={durationMs} />,
    width: 80,
    align: "right",
  },
  { id: "when", header: "Ended", cell: ({ finishedAt }) => <Ago at={finishedAt} />, width: 96 },
];

/** The runs that ended last. */
export function RecentRuns({ runs }: { runs: readonly RecentRun[] }) {
  return (
    <DataTable
      label="Recent runs"
      columns={runColumns}
      rows={runs}
      rowId={({ id }) => id}
      rowHref={({ jobId }) => `/queue/jobs/${jobId}`}
      keyboard={false}
      empty={
        <EmptyState kind="yet" title="Nothing has run yet">
          What the queue does is listed here, newest first.
        </EmptyState>
      }
    />
  );
}
