import { Checkbox, Skeleton, Table } from "@mantine/core";
import { type Cell, type Row, type RowData, useTable } from "@tanstack/react-table";
import { type MouseEvent, type ReactNode, useMemo, useRef } from "react";
import { Link } from "react-router";
import classes from "#app/ui/data-table.module.css";
import { type Column, features, tableColumns } from "#app/ui/data-table-columns.ts";
import { ColumnHeader, type TableSort } from "#app/ui/data-table-header.tsx";
import { Pager, type Paging } from "#app/ui/pager.tsx";
import { useRowKeys } from "#app/ui/row-keys.ts";

export type { Column } from "#app/ui/data-table-columns.ts";

export interface TableSelection {
  selected: readonly string[];
  onChange: (ids: string[]) => void;
}

export interface DataTableProps<Data extends RowData> {
  /** What the rows are, for those who cannot see the table: `Rows of this import`. */
  label: string;
  /** Keep it outside the component, or memoise it. */
  columns: readonly Column<Data>[];
  rows: readonly Data[];
  rowId: (row: Data) => string;
  /** Where a click on the row, or Enter, leads. A query (`?row=4`) keeps the scroll position. */
  rowHref?: (row: Data) => string;
  /** What a row is called in its checkbox's name: `Select line 418`. */
  rowName?: (row: Data) => string;
  /** The row whose drawer is open. */
  activeRow?: string | null;
  /** What stands where rows would: an `EmptyState`. */
  empty: ReactNode;
  sort?: TableSort;
  paging?: Paging;
  selection?: TableSelection;
  /** Draws skeletons of as many rows instead of the rows. */
  loadingRows?: number;
  /** `j` and `k` move through this table; false for a second table on a page. */
  keyboard?: boolean;
}

/** Rows of anything: sorted and paged by the URL, opened by click or key, selected by box. On phones each row takes two lines. */
export function DataTable<Data extends RowData>(props: DataTableProps<Data>) {
  const { label, columns, rows, rowId, selection, sort, empty, loadingRows = 0 } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body, props.keyboard ?? true);
  const defs = useMemo(() => tableColumns(columns), [columns]);
  const ids = useMemo(() => new Set(rows.map(rowId)), [rows, rowId]);
  // A row that went away with an update is no longer selected.
  const kept = selection?.selected.filter((id) => ids.has(id)) ?? [];
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    enableRowSelection: selection !== undefined,
    state: { rowSelection: Object.fromEntries(kept.map((id) => [id, true as const])) },
    onRowSelectionChange: (update) => {
      const before = Object.fromEntries(kept.map((id) => [id, true as const]));
      const after = typeof update === "function" ? update(before) : update;
      selection?.onChange(Object.keys(after));
    },
  });
  if (rows.length === 0 && loadingRows === 0) return empty;
  return (
    <div className={classes.root}>
      <Table className={classes.table} layout="fixed" aria-label={label}>
        <Table.Thead className={classes.head}>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {selection ? (
                <Table.Th className={`${classes.headCell} ${classes.checkCell}`}>
                  <Checkbox
                    aria-label="Select all rows of this page"
                    checked={table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected()}
                    onChange={table.getToggleAllRowsSelectedHandler()}
                  />
                </Table.Th>
              ) : null}
              {group.headers.map((header) => (
                <ColumnHeader key={header.id} header={header} sort={sort} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody ref={body}>
          {loadingRows > 0
            ? Array.from({ length: loadingRows }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all the same
                <SkeletonRow key={index} columns={columns} checkbox={selection !== undefined} />
              ))
            : table.getRowModel().rows.map((row) => <BodyRow key={row.id} row={row} table={props} />)}
        </Table.Tbody>
      </Table>
      {props.paging ? <Pager label={label} paging={props.paging} /> : null}
    </div>
  );
}

interface BodyRowProps<Data extends RowData> {
  row: Row<typeof features, Data>;
  table: DataTableProps<Data>;
}

function BodyRow<Data extends RowData>({ row, table }: BodyRowProps<Data>) {
  const { rowHref, rowName, selection, activeRow } = table;
  const href = rowHref?.(row.original);
  return (
    <Table.Tr
      className={classes.row}
      data-row
      data-clickable={href !== undefined || undefined}
      data-active={activeRow === row.id || undefined}
      data-selected={row.getIsSelected() || undefined}
      tabIndex={href === undefined ? -1 : undefined}
      onClick={href === undefined ? undefined : openRow}
    >
      {selection ? (
        <Table.Td className={classes.checkCell}>
          <Checkbox
            aria-label={`Select ${rowName?.(row.original) ?? row.id}`}
            data-row-check
            checked={row.getIsSelected()}
            disabled={!row.getCanSelect()}
            onChange={() => {}}
            onClick={row.getToggleSelectedHandler()}
          />
        </Table.Td>
      ) : null}
      {row.getAllCells().map((cell) => (
        <BodyCell key={cell.id} cell={cell} href={href} />
      ))}
    </Table.Tr>
  );
}

interface BodyCellProps<Data extends RowData> {
  cell: Cell<typeof features, Data, unknown>;
  href: string | undefined;
}

function BodyCell<Data extends RowData>({ cell, href }: BodyCellProps<Data>) {
  const { columnDef } = cell.column;
  const meta = columnDef.meta;
  const content = typeof columnDef.cell === "function" ? columnDef.cell(cell.getContext()) : null;
  return (
    <Table.Td
      className={classes.cell}
      data-align={meta?.align}
      data-mono={meta?.mono || undefined}
      data-dimmed={meta?.dimmed || undefined}
      data-wide={meta?.wideOnly || undefined}
      data-phone={meta?.phone}
      data-phone-unit={meta?.phoneUnit}
    >
      {href !== undefined && meta?.phone === "title" ? (
        <Link className={classes.link} to={href} preventScrollReset={href.startsWith("?")} data-row-link>
          {content}
        </Link>
      ) : (
        content
      )}
    </Table.Td>
  );
}

/** A click anywhere in a row is a click on its link, unless it was meant for something in it or for selecting text. */
function openRow(event: MouseEvent<HTMLTableRowElement>): void {
  if (!(event.target instanceof Element) || event.target.closest("a, button, input, label, summary")) return;
  if (window.getSelection()?.isCollapsed === false) return;
  const link = event.currentTarget.querySelector<HTMLAnchorElement>("[data-row-link]");
  if (event.metaKey || event.ctrlKey) window.open(link?.href, "_blank", "noopener");
  else link?.click();
}

function SkeletonRow<Data>({ columns, checkbox }: { columns: readonly Column<Data>[]; checkbox: boolean }) {
  return (
    <Table.Tr className={classes.row} aria-hidden>
      {checkbox ? <Table.Td className={classes.checkCell} /> : null}
      {columns.map((column) => (
        <Table.Td
          key={column.id}
          className={classes.cell}
          data-wide={column.wideOnly || undefined}
          data-phone={column.phone ?? "detail"}
        >
          <Skeleton height={10} width="60%" ml={column.align === "right" ? "auto" : undefined} />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
