import type { RunView } from "#app/discovery/runs/list-runs.server.ts";
import { sourceLabel } from "#app/routes/discovery/runs/source-label.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount } from "#app/ui/format.ts";
import { SegmentedBar } from "#app/ui/segmented-bar.tsx";
import { Status } from "#app/ui/status.tsx";

const columns: Column<RunView>[] = [
  { id: "started", header: "Started", cell: (run) => <Ago at={run.startedAt} />, width: 110, phone: "title" },
  { id: "source", header: "Source", cell: (run) => sourceLabel(run.source), width: 150 },
  {
    id: "trigger",
    header: "Trigger",
    cell: (run) => (run.triggerType === "scheduled" ? "schedule" : "by hand"),
    width: 90,
    wideOnly: true,
  },
  {
    id: "status",
    header: "Status",
    cell: (run) => <Status status={run.status} />,
    width: 120,
    phone: "aside",
  },
  {
    id: "checked",
    header: "Checked",
    cell: (run) => formatCount(run.checked),
    phoneUnit: "checked",
    align: "right",
    width: 80,
  },
  {
    id: "stored",
    header: "Stored",
    cell: (run) => formatCount(run.ingested),
    phoneUnit: "stored",
    align: "right",
    width: 80,
  },
  {
    id: "skipped",
    header: "Skipped",
    cell: (run) => formatCount(run.skipped),
    phoneUnit: "skipped",
    align: "right",
    width: 80,
  },
  {
    id: "failed",
    header: "Failed",
    cell: (run) => formatCount(run.failed),
    phoneUnit: "failed",
    align: "right",
    width: 80,
  },
  {
    id: "bar",
    header: "Films",
    phone: "hidden",
    cell: (run) => (
      <SegmentedBar
        label="Films of this run"
        total={run.checked}
        segments={[
          { status: "success", count: run.ingested, label: "stored" },
          { status: "skipped", count: run.skipped },
          { status: "failed", count: run.failed },
        ]}
      />
    ),
  },
  {
    id: "took",
    header: "Took",
    cell: (run) => <Duration from={run.startedAt} to={run.finishedAt} />,
    align: "right",
    width: 90,
    wideOnly: true,
  },
];

/** Runs of discovery or refresh, newest first. */
export function RunsTable({
  runs,
  label,
  empty,
}: {
  runs: readonly RunView[];
  label: string;
  empty: string;
}) {
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={runs}
      rowId={(run) => run.id}
      rowHref={(run) => `/discovery/runs/${run.id}`}
      empty={
        <EmptyState kind="yet" title={empty}>
          Runs start by schedule or by hand, and each leaves a line here with what it checked, stored and
          could not store.
        </EmptyState>
      }
    />
  );
}
