import type { ChangedWork } from "#app/discovery/refresh/list-changed.server.ts";
import { changeText, fieldWords } from "#app/routes/library/change-words.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";

const diffText = (work: ChangedWork): string =>
  work.fields.map((change) => `${fieldWords[change.field]}: ${changeText(change)}`).join(" · ");

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
      const text = diffText(work);
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
