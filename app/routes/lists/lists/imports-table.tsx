import type { ListImportView } from "#app/awards/imports/read-imports.server.ts";
import { formatYears } from "#app/awards/lists/years.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

const triggers = { fetch: "fetched", upload_page: "saved page", upload_csv: "CSV export" } as const;

const columns: Column<ListImportView>[] = [
  { id: "at", header: "Started", cell: (one) => <Ago at={one.startedAt} />, width: 120, phone: "title" },
  {
    id: "status",
    header: "Status",
    cell: (one) => <Status status={one.status} />,
    width: 120,
    phone: "aside",
  },
  {
    id: "how",
    header: "How",
    cell: (one) =>
      one.years.length > 0 ? `${triggers[one.trigger]}, ${formatYears(one.years)}` : triggers[one.trigger],
    width: 150,
  },
  {
    id: "pages",
    header: "Pages",
    cell: (one) => `${formatCount(one.pagesDone)} of ${formatCount(one.pagesTotal)}`,
    phoneUnit: "pages",
    align: "right",
    width: 90,
  },
  {
    id: "found",
    header: "Found",
    cell: (one) =>
      one.declared === null
        ? formatCount(one.found)
        : `${formatCount(one.found)} of ${formatCount(one.declared)}`,
    phoneUnit: "found",
    align: "right",
    width: 100,
  },
  {
    id: "changes",
    header: "New · gone",
    cell: (one) => `${formatCount(one.added)} · ${formatCount(one.gone)}`,
    align: "right",
    width: 90,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "why",
    header: "Why not all",
    cell: (one) => <span title={one.errorMessage ?? undefined}>{one.errorMessage ?? NOTHING}</span>,
  },
  {
    id: "took",
    header: "Took",
    cell: (one) => <Duration from={one.startedAt} to={one.finishedAt} />,
    align: "right",
    width: 90,
    wideOnly: true,
  },
  {
    id: "by",
    header: "By",
    cell: (one) => one.requestedBy,
    width: 130,
    dimmed: true,
    wideOnly: true,
    phone: "hidden",
  },
];

/** Imports of a list, newest first. */
export function ImportsTable({ imports }: { imports: readonly ListImportView[] }) {
  return (
    <DataTable
      label="Imports of this list"
      columns={columns}
      rows={imports}
      rowId={(one) => one.id}
      keyboard={false}
      empty={<EmptyState kind="yet" title="Not imported yet" />}
    />
  );
}
