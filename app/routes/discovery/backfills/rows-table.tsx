import type { BackfillRowView } from "#app/discovery/backfill/backfills.server.ts";
import { type BackfillField, fieldLabel, fieldList } from "#app/discovery/backfill/fields.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { PostButton } from "#app/ui/post-button.tsx";
import { Status } from "#app/ui/status.tsx";

/** "poster, genre": the values themselves stand on the work's page and in the export. */
function outcome(row: BackfillRowView): string {
  if (row.status !== "success") return row.errorMessage ?? "–";
  const filled = Object.keys(row.filled ?? {}) as BackfillField[];
  const short = Object.entries(row.filled ?? {}).map(([field, value]) =>
    ["poster", "overview"].includes(field)
      ? fieldLabel[field as BackfillField]
      : `${fieldLabel[field as BackfillField] ?? field} ${String(value)}`,
  );
  const left = row.lacks.filter((field) => !filled.some((one) => one === field));
  return left.length > 0 ? `${short.join(", ")}; still lacks ${fieldList(left)}` : short.join(", ");
}

const columns: Column<BackfillRowView>[] = [
  {
    id: "row",
    header: "#",
    cell: (row) => row.rowNumber,
    width: 70,
    align: "right",
    dimmed: true,
    phone: "hidden",
  },
  {
    id: "status",
    header: "Status",
    cell: (row) => (
      <Status
        status={row.status}
        label={row.status === "success" ? "filled" : row.status === "skipped" ? "nothing known" : row.status}
      />
    ),
    width: 140,
    phone: "aside",
  },
  {
    id: "title",
    header: "Title",
    cell: (row) => (row.year ? `${row.title} (${row.year})` : row.title),
    phone: "title",
  },
  { id: "lacked", header: "Lacked", cell: (row) => fieldList(row.lacks), dimmed: true, wideOnly: true },
  { id: "outcome", header: "What came of it", cell: outcome },
  {
    id: "retry",
    header: "Retry",
    width: 100,
    align: "right",
    phone: "hidden",
    cell: (row) =>
      row.status === "failed" ? (
        <PostButton fields={{ intent: "retry-row", row: String(row.rowNumber) }} tone="quiet">
          Retry
        </PostButton>
      ) : null,
  },
];

/** The rows of a backfill in their order. */
export function RowsTable({ rows, isFiltered }: { rows: readonly BackfillRowView[]; isFiltered: boolean }) {
  return (
    <DataTable
      label="Rows of this backfill"
      columns={columns}
      rows={rows}
      rowId={(row) => String(row.rowNumber)}
      rowHref={(row) => (row.workId ? `/library/${row.workId}` : "?")}
      empty={
        isFiltered ? (
          <EmptyState kind="match" clearTo="?" />
        ) : (
          <EmptyState kind="yet" title="No rows yet">
            The works are chosen when a worker begins. If none lacks anything, the backfill ends at once.
          </EmptyState>
        )
      }
    />
  );
}
