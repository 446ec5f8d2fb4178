import type { ReactNode } from "react";
import type { ListRow } from "#app/awards/lists/list-lists.server.ts";
import { importStatus, sourceWords } from "#app/routes/lists/words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { formatCount, formatPercent, formatQuantity, NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

/** What is wrong with a list, in few words; null when nothing is. */
function flags({ missing, gaps, unlinked, sourceType }: ListRow): string | null {
  const words = [
    missing > 0 ? `${formatCount(missing)} missing` : null,
    gaps > 0 ? (sourceType === "imdb" ? formatQuantity(gaps, "gap") : `${formatCount(gaps)} short`) : null,
    unlinked > 0 ? `${formatCount(unlinked)} unlinked` : null,
  ].filter((word) => word !== null);
  return words.length > 0 ? words.join(", ") : null;
}

const columns: Column<ListRow>[] = [
  { id: "name", header: "Name", cell: (list) => list.name, phone: "title" },
  { id: "kind", header: "Kind", cell: (list) => sourceWords[list.sourceType], width: 70 },
  {
    id: "category",
    header: "Category",
    cell: (list) => list.category,
    width: 100,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "entries",
    header: "Entries",
    cell: (list) => formatCount(list.present),
    phoneUnit: "entries",
    align: "right",
    width: 80,
  },
  {
    id: "linked",
    header: "Linked",
    cell: (list) => (list.linkable === 0 ? NOTHING : formatPercent(list.linked, list.linkable)),
    phoneUnit: "linked",
    align: "right",
    width: 80,
  },
  {
    id: "status",
    header: "Last import",
    cell: (list) => <Status {...importStatus(list.lastImportStatus)} />,
    width: 125,
    phone: "aside",
  },
  {
    id: "at",
    header: "When",
    cell: (list) => <Ago at={list.lastImportAt} />,
    width: 110,
    wideOnly: true,
    phone: "hidden",
  },
  {
    id: "quality",
    header: "Quality",
    cell: (list) => {
      const words = flags(list);
      if (list.present === 0) return NOTHING;
      return <Status status={words ? "review" : "success"} label={words ?? "nothing missing"} />;
    },
    width: 200,
  },
];

/** Lists by name. */
export function ListsTable({ lists, empty }: { lists: readonly ListRow[]; empty: ReactNode }) {
  return (
    <DataTable
      label="Lists and events"
      columns={columns}
      rows={lists}
      rowId={(list) => list.sourceKey}
      rowHref={(list) => `/lists/${list.sourceKey}`}
      empty={empty}
    />
  );
}
