import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { ImportJobView } from "#app/imports/jobs.server.ts";
import { RowsBar } from "#app/routes/imports/import-bar.tsx";
import classes from "#app/routes/imports/imports.module.css";
import { Ago } from "#app/ui/ago.tsx";
import { Count } from "#app/ui/count.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LinkButton } from "#app/ui/link-button.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

export type ListedImport = ImportJobView & { label: string };

const columns: Column<ListedImport>[] = [
  {
    id: "file",
    header: "File",
    cell: ({ fileName, dryRun, undoStatus, label }) => (
      <>
        {fileName}
        {dryRun ? <span className={classes.mark}>dry run</span> : null}
        {undoStatus === null ? null : <span className={classes.mark}>undone</span>}
        <span className={classes.source}>{label}</span>
      </>
    ),
    phone: "title",
  },
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <Status status={status} />,
    width: 104,
    phone: "aside",
  },
  { id: "rows", header: "Rows", cell: (job) => <RowsCell job={job} />, width: 296 },
  {
    id: "took",
    header: "Took",
    cell: ({ startedAt, completedAt }) => <Duration from={startedAt} to={completedAt} />,
    width: 92,
    align: "right",
    phone: "hidden",
  },
  { id: "uploaded", header: "Uploaded", cell: ({ createdAt }) => <Ago at={createdAt} />, width: 100 },
  {
    id: "by",
    header: "By",
    cell: ({ uploadedBy }) => <span title={uploadedBy ?? undefined}>{uploadedBy ?? "–"}</span>,
    width: 120,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
];

/** The bar, and beside it the numbers that a reader of a list looks for: all, failed, to review. */
function RowsCell({ job }: { job: ListedImport }) {
  const waiting: { status: StatusName; count: number }[] = [
    { status: "failed", count: job.failedRows },
    { status: "review", count: job.reviewRows },
  ];
  return (
    <span className={classes.rows}>
      <span className={classes.bar}>
        <RowsBar job={job} />
      </span>
      <Count value={job.totalRows} />
      {waiting.map(({ status, count }) =>
        count > 0 ? <Status key={status} status={status} count={count} label={status} /> : null,
      )}
    </span>
  );
}

/** Imports, newest first; each opens its page. */
export function ImportsTable({ jobs, isFiltered }: { jobs: readonly ListedImport[]; isFiltered: boolean }) {
  return (
    <DataTable
      label="Imports"
      columns={columns}
      rows={jobs}
      rowId={({ id }) => id}
      rowHref={({ id }) => `/imports/${id}`}
      empty={
        isFiltered ? (
          <EmptyState kind="match" title="No import matches these filters" clearTo="/imports" />
        ) : (
          nothingYet
        )
      }
    />
  );
}

const nothingYet = (
  <EmptyState
    kind="yet"
    title="No import yet"
    action={
      <LinkButton to="/imports/new" tone="primary">
        New import
      </LinkButton>
    }
  >
    Upload the CSV export of your film diary. It is checked and shown to you before anything is written.{" "}
    <Anchor component={Link} to="/help/sources" underline="always">
      Where do I get my export?
    </Anchor>
  </EmptyState>
);
