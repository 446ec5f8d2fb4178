import type { LackingWork } from "#app/discovery/backfill/choose-works.server.ts";
import { fieldList } from "#app/discovery/backfill/fields.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";

const columns: Column<LackingWork>[] = [
  { id: "title", header: "Title", cell: (work) => work.title, phone: "title" },
  { id: "year", header: "Year", cell: (work) => work.year ?? "–", width: 80, align: "right", phone: "aside" },
  { id: "kind", header: "Kind", cell: (work) => (work.mediaType === "tv" ? "series" : "film"), width: 90 },
  { id: "lacks", header: "Lacks", cell: (work) => fieldList(work.lacks), dimmed: true },
];

/** Works that lack something that is chosen, with all that they lack. */
export function WorksTable({ works }: { works: readonly LackingWork[] }) {
  return (
    <DataTable
      label="Works that lack what is chosen"
      columns={columns}
      rows={works}
      rowId={(work) => work.workId}
      rowHref={(work) => `/library/${work.workId}`}
      empty={<EmptyState kind="clear" title="No work lacks what is chosen" />}
    />
  );
}
