import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { ImportBar, RowsBar } from "#app/routes/imports/import-bar.tsx";
import type { OverviewData } from "#app/routes/overview/load-overview.server.ts";
import classes from "#app/routes/overview/overview.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Status } from "#app/ui/status.tsx";

interface RunningProps {
  running: OverviewData["running"];
  isWorkerAlive: boolean;
}

/** Imports under way, each with how far and how long still. */
export function Running({ running, isWorkerAlive }: RunningProps) {
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
    </ul>
  );
}

type RecentImport = OverviewData["recent"][number];

const importColumns: Column<RecentImport>[] = [
  { id: "file", header: "File", cell: ({ fileName }) => fileName, phone: "title" },
  { id: "source", header: "Source", cell: ({ label }) => label, width: 200, dimmed: true, wideOnly: true },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <Status status={status} />,
    width: 110,
    phone: "aside",
  },
  { id: "rows", header: "Rows", cell: (job) => <RowsBar job={job} />, width: 200, phone: "hidden" },
  { id: "when", header: "Uploaded", cell: ({ createdAt }) => <Ago at={createdAt} />, width: 120 },
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

type FailedRun = OverviewData["failedRuns"][number];

const runColumns: Column<FailedRun>[] = [
  { id: "task", header: "Task", cell: ({ task }) => task, mono: true, width: 200, phone: "title" },
  { id: "outcome", header: "Outcome", cell: () => <Status status="failed" />, width: 96, phone: "aside" },
  {
    id: "error",
    header: "Error",
    cell: ({ errorMessage, errorCode, outcome }) =>
      errorMessage ?? errorCode ?? (outcome === "lost" ? "The worker went away with the job in hand." : "–"),
  },
  { id: "when", header: "Ended", cell: ({ finishedAt }) => <Ago at={finishedAt} />, width: 120 },
];

/** The newest queue jobs that ended without having done their work. */
export function FailedRuns({ runs }: { runs: readonly FailedRun[] }) {
  return (
    <DataTable
      label="Failed queue jobs"
      columns={runColumns}
      rows={runs}
      rowId={({ id }) => String(id)}
      keyboard={false}
      {...(runs.every(({ importJobId }) => importJobId !== null) && {
        rowHref: ({ importJobId }: FailedRun) => `/imports/${importJobId}`,
      })}
      empty={<EmptyState kind="clear" title="No queue job has failed" />}
    />
  );
}
