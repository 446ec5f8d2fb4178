import type { OverviewData } from "#app/routes/overview/load-overview.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

type Worker = OverviewData["workers"][number];

const STATES: Record<Worker["state"], StatusName> = {
  running: "success",
  silent: "review",
  dead: "failed",
  stopped: "cancelled",
};

const columns: Column<Worker>[] = [
  { id: "worker", header: "Worker", cell: ({ host, pid }) => `${host} · ${pid}`, phone: "title" },
  {
    id: "state",
    header: "State",
    cell: ({ state }) => <Status status={STATES[state]} label={state} />,
    width: 96,
    phone: "aside",
  },
  {
    id: "busy",
    header: "Busy",
    cell: ({ runningJobs, concurrency }) => `${runningJobs} of ${concurrency}`,
    width: 80,
    align: "right",
  },
  { id: "heard", header: "Last heard", cell: ({ heartbeatAt }) => <Ago at={heartbeatAt} />, width: 96 },
];

/** The processes that do the work, and whether they have been heard of. */
export function Workers({ workers }: { workers: readonly Worker[] }) {
  return (
    <DataTable
      label="Workers"
      columns={columns}
      rows={workers}
      rowId={({ id }) => id}
      keyboard={false}
      empty={
        <EmptyState kind="yet" title="No worker is running">
          Imports wait until one is. Start it on any machine that reaches the database:{" "}
          <code>npm run worker</code>
        </EmptyState>
      }
    />
  );
}
