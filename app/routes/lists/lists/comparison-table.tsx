import type { ComparedRow } from "#app/awards/convert/compare-titles.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

const where = {
  both: { status: "success", label: "in both" },
  list: { status: "review", label: "only in the list" },
  event: { status: "pending", label: "only in the event" },
} as const;

const columns: Column<ComparedRow>[] = [
  { id: "title", header: "Title", cell: (row) => row.title, phone: "title" },
  { id: "year", header: "Year", cell: (row) => row.year ?? NOTHING, width: 90, align: "right" },
  { id: "id", header: "At IMDb", cell: (row) => row.imdbId, mono: true, width: 130, wideOnly: true },
  { id: "side", header: "Where", cell: (row) => <Status {...where[row.side]} />, width: 170, phone: "aside" },
];

/** Titles of an award list and of an event, each with the side that has it. */
export function ComparisonTable({ rows }: { rows: readonly ComparedRow[] }) {
  return (
    <DataTable
      label="Titles of the list and of the event"
      columns={columns}
      rows={rows}
      rowId={(row) => row.imdbId}
      rowHref={(row) =>
        row.workId === null ? `https://www.imdb.com/title/${row.imdbId}/` : `/library/${row.workId}`
      }
      empty={<EmptyState kind="match" title="No title is there" clearTo="?" />}
    />
  );
}
