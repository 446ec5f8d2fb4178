import { Table } from "@mantine/core";
import type { Header, RowData } from "@tanstack/react-table";
import { Link, useLocation } from "react-router";
import classes from "#app/ui/data-table.module.css";
import type { features } from "#app/ui/data-table-columns.ts";
import { nextSort, type Sort, withSearch } from "#app/ui/search-params.ts";

export interface TableSort {
  current: Sort;
  /** What an URL without the parameter means. */
  fallback: Sort;
  /** `sort` when absent. */
  param?: string;
}

interface ColumnHeaderProps<Data extends RowData> {
  header: Header<typeof features, Data, unknown>;
  sort: TableSort | undefined;
}

/** The header of one column; a link where rows can be sorted by it. */
export function ColumnHeader<Data extends RowData>({ header, sort }: ColumnHeaderProps<Data>) {
  const { search } = useLocation();
  const meta = header.column.columnDef.meta;
  const sorted =
    sort && meta?.sort && sort.current.column === header.column.id ? sort.current.direction : null;
  return (
    <Table.Th
      className={classes.headCell}
      style={meta?.width === undefined ? undefined : { width: meta.width }}
      data-align={meta?.align}
      data-wide={meta?.wideOnly || undefined}
      aria-sort={sorted === null ? undefined : sorted === "asc" ? "ascending" : "descending"}
    >
      {sort && meta?.sort ? (
        <Link
          className={classes.sort}
          to={withSearch(search, {
            [sort.param ?? "sort"]: nextSort(sort.current, header.column.id, meta.sort, sort.fallback),
            page: null,
            cursor: null,
          })}
          preventScrollReset
        >
          {meta.header}
          {sorted === null ? null : <span aria-hidden>{sorted === "asc" ? "↑" : "↓"}</span>}
        </Link>
      ) : (
        meta?.header
      )}
    </Table.Th>
  );
}
