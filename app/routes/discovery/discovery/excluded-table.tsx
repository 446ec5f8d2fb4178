import type { listExcluded } from "#app/discovery/excluded/excluded-titles.server.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { PostButton } from "#app/ui/post-button.tsx";

type ExcludedTitle = Awaited<ReturnType<typeof listExcluded>>["titles"][number];

const columns: Column<ExcludedTitle>[] = [
  {
    id: "title",
    header: "Title",
    cell: (one) => (one.year ? `${one.title} (${one.year})` : one.title),
    phone: "title",
  },
  { id: "reason", header: "Why", cell: (one) => one.reason ?? "–", dimmed: true, wideOnly: true },
  { id: "by", header: "By", cell: (one) => one.excludedBy, width: 190 },
  { id: "at", header: "When", cell: (one) => <Ago at={one.excludedAt} />, width: 120, phone: "aside" },
  {
    id: "include",
    header: "Allow again",
    width: 130,
    align: "right",
    cell: (one) => (
      <PostButton
        fields={{ intent: "include", mediaType: one.mediaType, tmdbId: String(one.tmdbId) }}
        tone="quiet"
      >
        Allow again
      </PostButton>
    ),
  },
];

/** Titles that discovery never takes. */
export function ExcludedTable({ titles }: { titles: readonly ExcludedTitle[] }) {
  return (
    <DataTable
      label="Excluded titles"
      columns={columns}
      rows={titles}
      rowId={(one) => `${one.mediaType}/${one.tmdbId}`}
      keyboard={false}
      empty={
        <EmptyState kind="clear" title="No title is excluded">
          A preview lists what a run would take; what is not wanted is excluded there.
        </EmptyState>
      }
    />
  );
}
