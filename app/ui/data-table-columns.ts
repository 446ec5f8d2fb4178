import {
  type ColumnDef,
  createColumnHelper,
  metaHelper,
  type RowData,
  rowSelectionFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";
import type { Sort } from "#app/ui/search-params.ts";

/** Where a column goes on a phone: first line left, first line right, second line, or nowhere. */
export type PhonePlace = "title" | "aside" | "detail" | "hidden";

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Width in px. Columns without one share what is left; one at least should have none. */
  width?: number;
  /** Numbers go right. */
  align?: "left" | "right";
  /** Ids, codes and task names. */
  mono?: boolean;
  /** Secondary facts in the dimmed colour. */
  dimmed?: boolean;
  /** The direction that a first click sorts by; absent: not sortable. */
  sort?: Sort["direction"];
  /** Left out of windows narrower than 1,100 px. */
  wideOnly?: boolean;
  /** `detail` when absent. The `title` column carries the row's link. */
  phone?: PhonePlace;
  /** Said after the value on a phone, where the header is not: `38 checked`. */
  phoneUnit?: string;
}

interface Meta {
  width: number | undefined;
  align: "left" | "right";
  mono: boolean;
  dimmed: boolean;
  sort: Sort["direction"] | undefined;
  wideOnly: boolean;
  phone: PhonePlace;
  phoneUnit: string | undefined;
  header: string;
}

/** What of TanStack Table is used: rows, columns and selection. Sorting and paging happen in the database. */
export const features = tableFeatures({ rowSelectionFeature, columnMeta: metaHelper<Meta>() });

export type TableColumn<Row extends RowData> = ColumnDef<typeof features, Row, unknown>;

/**
 * TanStack's definitions of our columns.
 */
export function tableColumns<Row extends RowData>(columns: readonly Column<Row>[]): TableColumn<Row>[] {
  const helper = createColumnHelper<typeof features, Row>();
  return columns.map((column) =>
    helper.display({
      id: column.id,
      header: column.header,
      cell: ({ row }) => column.cell(row.original),
      meta: {
        width: column.width,
        align: column.align ?? "left",
        mono: column.mono ?? false,
        dimmed: column.dimmed ?? false,
        sort: column.sort,
        wideOnly: column.wideOnly ?? false,
        phone: column.phone ?? "detail",
        phoneUnit: column.phoneUnit,
        header: column.header,
      },
    }),
  );
}
