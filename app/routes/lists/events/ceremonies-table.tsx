import type { CeremonyRow } from "#app/awards/events/read-events.server.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatPercent, NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";

export interface AuditedRow extends CeremonyRow {
  againstMedian: number | null;
  isLow: boolean;
}

/** `−67 %` */
function signedPercent(share: number): string {
  const percent = Math.round(share * 100);
  return percent < 0 ? `−${-percent} %` : `+${percent} %`;
}

const columns: Column<AuditedRow>[] = [
  { id: "name", header: "Ceremony", cell: (one) => one.name, phone: "title" },
  { id: "year", header: "Year", cell: (one) => one.year, width: 80, align: "right", phone: "aside" },
  {
    id: "found",
    header: "Nominations",
    cell: (one) =>
      one.declared === null || one.declared === one.found
        ? formatCount(one.found)
        : `${formatCount(one.found)} of ${formatCount(one.declared)}`,
    phoneUnit: "nominations",
    align: "right",
    width: 130,
  },
  {
    id: "won",
    header: "Won",
    cell: (one) => formatCount(one.won),
    phoneUnit: "won",
    align: "right",
    width: 80,
  },
  {
    id: "linked",
    header: "Linked",
    cell: (one) => (one.linkable === 0 ? NOTHING : formatPercent(one.linked, one.linkable)),
    phoneUnit: "linked",
    align: "right",
    width: 90,
  },
  {
    id: "median",
    header: "Against median",
    cell: (one) => (one.againstMedian === null ? NOTHING : signedPercent(one.againstMedian)),
    align: "right",
    width: 130,
    wideOnly: true,
  },
  {
    id: "quality",
    header: "Quality",
    cell: (one) => {
      const words = [
        one.isLow ? "few for this event" : null,
        one.declared !== null && one.declared > one.found
          ? `${formatCount(one.declared - one.found)} missing`
          : null,
        one.unlinked > 0 ? `${formatCount(one.unlinked)} unlinked` : null,
      ].filter((word) => word !== null);
      return (
        <Status
          status={words.length > 0 ? "review" : "success"}
          label={words.join(", ") || "nothing missing"}
        />
      );
    },
    width: 250,
  },
];

/** Ceremonies of an event, newest first, against their own median. */
export function CeremoniesTable({ ceremonies }: { ceremonies: readonly AuditedRow[] }) {
  return (
    <DataTable
      label="Ceremonies"
      columns={columns}
      rows={ceremonies}
      rowId={(one) => one.id}
      rowHref={(one) => `/lists/ceremonies/${one.id}`}
      empty={<EmptyState kind="yet" title="No ceremonies yet" />}
    />
  );
}
