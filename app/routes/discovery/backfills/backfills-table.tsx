import type { BackfillView } from "#app/discovery/backfill/backfills.server.ts";
import { fieldList } from "#app/discovery/backfill/fields.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

const columns: Column<BackfillView>[] = [
  {
    id: "started",
    header: "Asked for",
    cell: (one) => <Ago at={one.createdAt} />,
    width: 130,
    phone: "aside",
  },
  { id: "fields", header: "Fields", cell: (one) => fieldList(one.fields), phone: "title" },
  {
    id: "into",
    header: "Into",
    cell: (one) => (one.catalogue ? "remote catalogue" : "built-in catalogue"),
    width: 150,
    wideOnly: true,
  },
  { id: "status", header: "Status", cell: (one) => <Status status={one.status} />, width: 120 },
  {
    id: "rows",
    header: "Filled · nothing known · failed",
    cell: (one) =>
      `${formatCount(one.successRows)} · ${formatCount(one.skippedRows)} · ${formatCount(one.failedRows)} of ${formatCount(one.totalRows)}`,
    align: "right",
    width: 240,
  },
  {
    id: "took",
    header: "Took",
    cell: (one) => (one.startedAt ? <Duration from={one.startedAt} to={one.completedAt} /> : "–"),
    align: "right",
    width: 90,
    wideOnly: true,
  },
  { id: "by", header: "By", cell: (one) => one.requestedBy, width: 170, dimmed: true, wideOnly: true },
];

/** Backfills, newest first. */
export function BackfillsTable({ backfills }: { backfills: readonly BackfillView[] }) {
  return (
    <DataTable
      label="Backfills"
      columns={columns}
      rows={backfills}
      rowId={(one) => one.id}
      rowHref={(one) => `/discovery/backfills/${one.id}`}
      keyboard={false}
      empty={
        <EmptyState kind="yet" title="No backfill yet">
          Choose fields above and start one: every work that lacks them is looked up, and each row says what
          came of it.
        </EmptyState>
      }
    />
  );
}
