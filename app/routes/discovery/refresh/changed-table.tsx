import type { ChangedWork } from "#app/discovery/refresh/list-changed.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";

const SHORT = 60;

function short(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** `runtime_minutes` → "runtime minutes" */
const fieldName = (field: string): string =>
  field.replaceAll("_", " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2");

function diffText(changes: Record<string, unknown>): string {
  return Object.entries(changes)
    .map(([field, change]) => {
      const isPair = typeof change === "object" && change !== null && "before" in change && "after" in change;
      return isPair
        ? `${fieldName(field).toLowerCase()}: ${short(change.before)} → ${short(change.after)}`
        : fieldName(field).toLowerCase();
    })
    .join(" · ");
}

const columns: Column<ChangedWork>[] = [
  {
    id: "title",
    header: "Work",
    cell: (work) => (work.year ? `${work.title} (${work.year})` : work.title),
    width: 260,
    phone: "title",
  },
  { id: "at", header: "When", cell: (work) => <Ago at={work.at} />, width: 110, phone: "aside" },
  {
    id: "changes",
    header: "What changed",
    cell: (work) => {
      const text = diffText(work.changes);
      return <span title={text}>{text}</span>;
    },
  },
];

/** What refreshes have changed, field by field. */
export function ChangedTable({ works }: { works: readonly ChangedWork[] }) {
  return (
    <DataTable
      label="Works that a refresh has changed"
      columns={columns}
      rows={works}
      rowId={(work) => work.id}
      rowHref={(work) => `/library/${work.workId}`}
      empty={
        <EmptyState kind="yet" title="No refresh has changed anything yet">
          When TMDB says something else than before, the fields stand here, before and after.
        </EmptyState>
      }
    />
  );
}
