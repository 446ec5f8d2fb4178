import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { DueWork } from "#app/discovery/refresh/list-due.server.ts";
import { workColumns } from "#app/routes/discovery/refresh/work-columns.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount } from "#app/ui/format.ts";

const columns: Column<DueWork>[] = [
  ...workColumns,
  {
    id: "failures",
    header: "In a row",
    cell: (work) => formatCount(work.failures),
    phoneUnit: "failures in a row",
    width: 90,
    align: "right",
  },
  {
    id: "again",
    header: "Tried again",
    cell: (work) =>
      work.reason === "lost" ? (
        <Anchor component={Link} to="/discovery/lost">
          waits for a decision
        </Anchor>
      ) : (
        <Ago at={work.dueAt} />
      ),
    width: 170,
    phone: "aside",
  },
  { id: "error", header: "Why", cell: (work) => work.lastError ?? "–" },
];

/** Works whose last refreshes failed, with when they are tried again. */
export function FailingTable({ works }: { works: readonly DueWork[] }) {
  return (
    <DataTable
      label="Works whose refresh fails"
      columns={columns}
      rows={works}
      rowId={(work) => work.workId}
      rowHref={(work) => `/library/${work.workId}`}
      empty={<EmptyState kind="clear" title="No refresh fails" />}
    />
  );
}
