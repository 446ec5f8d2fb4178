import { type BackfillField, backfillFields, fieldLabel } from "#app/discovery/backfill/fields.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount, formatPercent } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";

interface FieldRow {
  field: BackfillField;
  lacking: number;
  works: number;
}

const columns: Column<FieldRow>[] = [
  { id: "field", header: "Field", cell: (row) => fieldLabel[row.field], width: 140, phone: "title" },
  {
    id: "lacking",
    header: "Lack it",
    cell: (row) => formatCount(row.lacking),
    phoneUnit: "lack it",
    align: "right",
    width: 110,
    phone: "aside",
  },
  {
    id: "share",
    header: "Have it",
    cell: (row) => formatPercent(row.works - row.lacking, row.works),
    phoneUnit: "have it",
    align: "right",
    width: 90,
  },
  {
    id: "bar",
    header: "Coverage",
    phone: "hidden",
    cell: (row) => (
      <ProgressBar
        label={`Works that have a ${fieldLabel[row.field]}`}
        value={row.works - row.lacking}
        total={row.works}
        tone="neutral"
      >
        {null}
      </ProgressBar>
    ),
  },
];

export interface FieldsTableProps {
  counts: { works: number; lacking: Record<BackfillField, number> };
  chosen: readonly BackfillField[];
  onChoose: (fields: readonly string[]) => void;
}

/** Fields by how many works lack them; those that are ticked are chosen. */
export function FieldsTable({ counts, chosen, onChoose }: FieldsTableProps) {
  return (
    <DataTable
      label="Fields that works may lack"
      columns={columns}
      rows={
        counts.works === 0
          ? []
          : backfillFields.map((field) => ({ field, lacking: counts.lacking[field], works: counts.works }))
      }
      rowId={(row) => row.field}
      rowName={(row) => fieldLabel[row.field]}
      selection={{ selected: chosen, onChange: onChoose }}
      keyboard={false}
      empty={
        <EmptyState kind="yet" title="No works yet">
          Import a file or run a discovery: what its works lack is counted here.
        </EmptyState>
      }
    />
  );
}
