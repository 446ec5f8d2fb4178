import type { LeftRecord } from "#app/imports/undo/foretell-undo.server.ts";
import { kindWord, reasonSentence } from "#app/imports/undo/undo-reasons.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatCount } from "#app/ui/format.ts";

type Left = Omit<LeftRecord, "reason"> & { reason: string | null };

const columns: Column<Left>[] = [
  {
    id: "line",
    header: "Line",
    cell: ({ lineNumber }) => formatCount(lineNumber),
    width: 72,
    align: "right",
    dimmed: true,
    phone: "hidden",
  },
  { id: "title", header: "Title", cell: ({ title }) => title, phone: "title" },
  { id: "kind", header: "What", cell: ({ kind }) => kindWord(kind), width: 120, phone: "aside" },
  {
    id: "reason",
    header: "Why it is left",
    cell: ({ reason }) => {
      const sentence = reason === null ? "" : reasonSentence(reason);
      return <span title={sentence}>{sentence}</span>;
    },
  },
];

interface LeftTableProps {
  label: string;
  importId: string;
  left: readonly Left[];
  /** On all pages; more than are shown say so. */
  count: number;
}

/** What an undo leaves, by line; each opens its row. */
export function LeftTable({ label, importId, left, count }: LeftTableProps) {
  return (
    <>
      <DataTable
        label={label}
        columns={columns}
        rows={left}
        rowId={({ rowNumber, kind }) => `${rowNumber} ${kind}`}
        rowHref={({ rowNumber }) => `/imports/${importId}?row=${rowNumber}`}
        empty={<EmptyState kind="yet" title="Nothing is left" />}
      />
      {count > left.length ? (
        <p>
          The first {formatCount(left.length)} of {formatCount(count)}; the downloaded list has them all.
        </p>
      ) : null}
    </>
  );
}
