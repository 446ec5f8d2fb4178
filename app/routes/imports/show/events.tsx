import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

export interface ImportEvent {
  id: string;
  level: "info" | "warn" | "error";
  kind: string;
  message: string;
  meta: Record<string, unknown> | null;
  createdAt: Date;
}

const LEVELS: Record<ImportEvent["level"], StatusName> = { info: "pending", warn: "review", error: "failed" };

const columns: Column<ImportEvent>[] = [
  {
    id: "kind",
    header: "Event",
    cell: ({ level, kind }) => <Status status={LEVELS[level]} label={kind.replaceAll("_", " ")} />,
    width: 180,
    phone: "title",
  },
  { id: "message", header: "What happened", cell: ({ message }) => <span title={message}>{message}</span> },
  {
    id: "facts",
    header: "Facts",
    cell: ({ meta }) => <span title={factsText(meta)}>{factsText(meta)}</span>,
    mono: true,
    dimmed: true,
    phone: "hidden",
  },
  { id: "when", header: "When", cell: ({ createdAt }) => <Ago at={createdAt} />, width: 120, phone: "aside" },
];

/** The life of an import, newest first. */
export function Events({ events }: { events: readonly ImportEvent[] }) {
  return (
    <DataTable
      label="Events of this import, newest first"
      columns={columns}
      rows={events}
      rowId={({ id }) => id}
      empty={<EmptyState kind="yet" title="No events yet" />}
    />
  );
}

function factsText(meta: Record<string, unknown> | null): string {
  return Object.entries(meta ?? {})
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.slice(0, 10).join(",") : String(value)}`)
    .join(" ");
}
