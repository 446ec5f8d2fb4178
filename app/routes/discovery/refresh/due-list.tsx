import type { DueWork } from "#app/discovery/refresh/list-due.server.ts";
import type { DueFilter } from "#app/routes/discovery/refresh/load-refresh.server.ts";
import { reasonLabel, tierLabel } from "#app/routes/discovery/refresh/words.ts";
import { workColumns } from "#app/routes/discovery/refresh/work-columns.tsx";
import { Ago } from "#app/ui/ago.tsx";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { Section } from "#app/ui/page.tsx";
import { Status } from "#app/ui/status.tsx";
import { AGE_TIERS, type DueReason } from "#app/works/staleness.ts";

const columns: Column<DueWork>[] = [
  ...workColumns,
  { id: "due", header: "Due since", cell: (work) => <Ago at={work.dueAt} />, width: 120, phone: "aside" },
  { id: "why", header: "Why", cell: (work) => reasonLabel[work.reason], width: 200 },
  {
    id: "planned",
    header: "State",
    cell: (work) =>
      work.isPlanned ? (
        <Status status="running" label="under way" />
      ) : (
        <Status status="queued" label="next refresh" />
      ),
    width: 130,
  },
];

export interface DueListProps {
  /** Counting stops here. */
  mostCounted: number;
  due: { works: readonly DueWork[]; next: string | null };
  counts: readonly { reason: DueReason; works: number }[];
  filter: DueFilter;
}

/** What is due, by reason and age. */
export function DueList({ due, counts, filter, mostCounted }: DueListProps) {
  return (
    <Section title="Due">
      {counts.length > 0 ? (
        <FilterChips
          label="Due works by reason"
          param="reason"
          current={filter.reason}
          chips={counts.map(({ reason, works }) => ({
            value: reason,
            label: works > mostCounted ? `${reasonLabel[reason]} (and more)` : reasonLabel[reason],
            count: Math.min(works, mostCounted),
          }))}
        />
      ) : null}
      <FilterChips
        label="Due works by age"
        param="tier"
        current={filter.tier}
        chips={AGE_TIERS.map((tier) => ({ value: tier, label: tierLabel[tier] }))}
      />
      <DataTable
        label="Works that are due"
        columns={columns}
        rows={due.works}
        rowId={(work) => work.workId}
        rowHref={(work) => `/library/${work.workId}`}
        empty={
          filter.reason || filter.tier ? (
            <EmptyState kind="match" clearTo="?" />
          ) : (
            <EmptyState kind="clear" title="Nothing is due">
              Every work is as fresh as the rules ask for.
            </EmptyState>
          )
        }
      />
      <KeysetPager label="Due works" next={due.next} shown={due.works.length} />
    </Section>
  );
}
