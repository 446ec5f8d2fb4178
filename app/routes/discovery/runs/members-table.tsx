import type { listMembers } from "#app/discovery/runs/list-runs.server.ts";
import { skipLabel } from "#app/routes/discovery/runs/skip-label.ts";
import { sourceLabel } from "#app/routes/discovery/runs/source-label.ts";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Status, type StatusName } from "#app/ui/status.tsx";

type Member = Awaited<ReturnType<typeof listMembers>>["members"][number];

const STATUS: Readonly<Record<Member["status"], { status: StatusName; label: string }>> = {
  pending: { status: "pending", label: "not yet" },
  ingested: { status: "success", label: "stored" },
  skipped: { status: "skipped", label: "skipped" },
  failed: { status: "failed", label: "failed" },
};

const columns: Column<Member>[] = [
  {
    id: "status",
    header: "Status",
    cell: (one) => <Status {...STATUS[one.status]} />,
    width: 110,
    phone: "aside",
  },
  {
    id: "title",
    header: "Title",
    cell: (one) => (one.year ? `${one.title} (${one.year})` : one.title),
    phone: "title",
  },
  { id: "source", header: "Why it is here", cell: (one) => sourceLabel(one.source), width: 170 },
  {
    id: "reason",
    header: "What came of it",
    cell: (one) => one.message ?? (one.reason ? skipLabel(one.reason) : "–"),
    dimmed: true,
  },
  {
    id: "settled",
    header: "When",
    cell: (one) => (one.settledAt ? <Ago at={one.settledAt} /> : "–"),
    width: 110,
    wideOnly: true,
  },
];

/** What a run planned, and what came of each. */
export function MembersTable({ members, isFiltered }: { members: readonly Member[]; isFiltered: boolean }) {
  return (
    <DataTable
      label="Films of this run"
      columns={columns}
      rows={members}
      rowId={(one) => String(one.position)}
      rowHref={(one) =>
        one.workId ? `/library/${one.workId}` : `https://www.themoviedb.org/${one.mediaType}/${one.tmdbId}`
      }
      empty={
        isFiltered ? (
          <EmptyState kind="match" clearTo="?" />
        ) : (
          <EmptyState kind="clear" title="Nothing was planned">
            What this run looked at was known and fresh, or it is still being planned.
          </EmptyState>
        )
      }
    />
  );
}
