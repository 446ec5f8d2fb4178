import type { Coverage } from "#app/discovery/refresh/freshness.server.ts";
import { tierLabel } from "#app/routes/discovery/refresh/words.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatPercent } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import type { RefreshRules } from "#app/works/refresh-rules.ts";
import { everyDays } from "#app/works/staleness.ts";

type Row = Coverage & { rules: RefreshRules };

function ageText({ tier, rules }: Row): string {
  switch (tier) {
    case "upcoming":
      return `more than ${rules.newDays} days ahead`;
    case "new":
      return `up to ${rules.newDays} days old or ahead`;
    case "recent":
      return `up to ${rules.recentDays} days`;
    case "settled":
      return `up to ${rules.settledDays} days`;
    case "older":
      return `more than ${rules.settledDays} days`;
    case "undated":
      return "unknown";
  }
}

const columns: Column<Row>[] = [
  { id: "tier", header: "Release", cell: (row) => tierLabel[row.tier], width: 150, phone: "title" },
  { id: "age", header: "Age", cell: ageText, width: 210, dimmed: true, phone: "hidden" },
  {
    id: "every",
    header: "Refreshed",
    cell: (row) => `every ${everyDays(row.tier, row.rules)} days`,
    width: 130,
    align: "right",
  },
  {
    id: "works",
    header: "Works",
    phoneUnit: "works",
    cell: (row) => formatCount(row.works),
    width: 100,
    align: "right",
  },
  {
    id: "due",
    header: "Due",
    cell: (row) => formatCount(row.due),
    phoneUnit: "due",
    width: 90,
    align: "right",
    phone: "aside",
  },
  {
    id: "fresh",
    header: "Fresh",
    phone: "hidden",
    cell: (row) =>
      row.works === 0 ? (
        "–"
      ) : (
        <ProgressBar
          label={`Fresh works, ${tierLabel[row.tier]}`}
          value={row.works - row.due}
          total={row.works}
          tone="neutral"
        >
          {formatPercent(row.works - row.due, row.works)}
        </ProgressBar>
      ),
  },
];

/** How much of the catalogue is fresh, by age of the release. */
export function CoverageTable({ coverage, rules }: { coverage: readonly Coverage[]; rules: RefreshRules }) {
  const isEmpty = coverage.every(({ works }) => works === 0);
  return (
    <DataTable
      label="Fresh works by age of the release"
      columns={columns}
      rows={isEmpty ? [] : coverage.map((row) => ({ ...row, rules }))}
      rowId={(row) => row.tier}
      keyboard={false}
      empty={
        <EmptyState kind="yet" title="No work has a TMDB id yet">
          Import a file or run a discovery: what it adds is kept fresh from then on.
        </EmptyState>
      }
    />
  );
}
