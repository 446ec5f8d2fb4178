import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import type { FormatId } from "#app/imports/sources/adapter.ts";
import { failureLabel } from "#app/routes/imports/show/failure-label.ts";
import type { ImportPageJob } from "#app/routes/imports/show/load-import.server.ts";
import type { RowLine } from "#app/routes/imports/show/row-line.ts";
import { isRowsFiltered, type RowsView } from "#app/routes/imports/show/rows-filter.ts";
import classes from "#app/routes/imports/show/show.module.css";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatDay, formatQuantity } from "#app/ui/format.ts";
import { KeysetPager } from "#app/ui/keyset-pager.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { withSearch } from "#app/ui/search-params.ts";
import { Status } from "#app/ui/status.tsx";
import { Toolbar } from "#app/ui/toolbar.tsx";

export interface RowsProps {
  job: ImportPageJob;
  view: RowsView;
  lines: readonly RowLine[];
  next: string | null;
}

/** The rows of an import with the counters that filter them: failed and doubtful first, then by line. */
export function Rows({ job, view, lines, next }: RowsProps) {
  const { search } = useLocation();
  return (
    <>
      <Toolbar search={<SearchField label="Search titles" />}>
        <RowCounters job={job} view={view} />
        {view.filter.errorCode ? <CodeFilter code={view.filter.errorCode} /> : null}
      </Toolbar>
      <DataTable
        label="Rows of this import"
        columns={columnsOf(job.format)}
        rows={lines}
        rowId={({ rowNumber }) => String(rowNumber)}
        rowHref={({ rowNumber }) => withSearch(search, { row: rowNumber })}
        activeRow={view.openRow === null ? null : String(view.openRow)}
        empty={<NoRows job={job} view={view} />}
      />
      <KeysetPager label="Rows of this import" next={next} shown={lines.length} />
    </>
  );
}

function RowCounters({ job, view }: Pick<RowsProps, "job" | "view">) {
  return (
    <FilterChips
      label="Rows by status"
      param="status"
      current={view.filter.status ?? null}
      chips={[
        { value: null, label: "all", count: job.totalRows },
        { value: "success", status: "success", label: "success", count: job.successRows },
        { value: "failed", status: "failed", label: "failed", count: job.failedRows },
        { value: "skipped", status: "skipped", label: "skipped", count: job.skippedRows },
        { value: "review", status: "review", label: "review", count: job.reviewRows },
        { value: "pending", status: "pending", label: "pending", count: job.totalRows - job.processedRows },
      ]}
    />
  );
}

/** The failure group that is shown, and the way out of it. */
function CodeFilter({ code }: { code: string }) {
  const { search } = useLocation();
  return (
    <p className={classes.codeFilter}>
      Only: {failureLabel(code, code)}{" "}
      <Anchor
        component={Link}
        to={withSearch(search, { code: null, cursor: null })}
        underline="always"
        preventScrollReset
      >
        Show all reasons
      </Anchor>
    </p>
  );
}

function NoRows({ job, view }: Pick<RowsProps, "job" | "view">) {
  const { status, search, errorCode } = view.filter;
  if (status === "failed" && search === undefined && errorCode === undefined)
    return (
      <EmptyState kind="clear" title="No row has failed">
        {job.isFinished ? null : "So far, that is: the import is not finished yet."}
      </EmptyState>
    );
  if (isRowsFiltered(view.filter) || view.cursor !== null)
    return <EmptyState kind="match" title="No row matches" clearTo="?" />;
  return (
    <EmptyState kind="yet" title="No rows">
      The file holds {formatQuantity(job.totalRows, "row")}.
    </EmptyState>
  );
}

/** What the date of a row means depends on the export. */
const dateHeaders: Partial<Record<FormatId, string>> = {
  "letterboxd-watchlist": "Added",
  "letterboxd-ratings": "Rated",
  "letterboxd-list": "Listed",
};

const byHeader = new Map<string, Column<RowLine>[]>();

/** The same array for the same header, so that the table keeps its columns over live updates. */
function columnsOf(format: string): Column<RowLine>[] {
  const [, header = "Watched"] = Object.entries(dateHeaders).find(([id]) => id === format) ?? [];
  const columns = byHeader.get(header) ?? makeColumns(header);
  byHeader.set(header, columns);
  return columns;
}

function makeColumns(dateHeader: string): Column<RowLine>[] {
  return [
    {
      id: "line",
      header: "Line",
      cell: ({ lineNumber }) => lineNumber,
      width: 60,
      align: "right",
      phone: "hidden",
    },
    {
      id: "status",
      header: "Status",
      cell: ({ status }) => <Status status={status} />,
      width: 104,
      phone: "aside",
    },
    { id: "name", header: "Name", cell: ({ title }) => title, phone: "title" },
    { id: "year", header: "Year", cell: ({ year }) => year ?? "–", width: 64 },
    {
      id: "date",
      header: dateHeader,
      cell: ({ date }) => day(date),
      width: 112,
      wideOnly: true,
      phone: "hidden",
    },
    {
      id: "found",
      header: "Title found",
      cell: (line) => <FoundTitle line={line} />,
      width: 190,
      phone: "hidden",
    },
    {
      id: "reason",
      header: "Reason",
      cell: ({ reason }) => (reason === null ? "–" : <span title={reason}>{reason}</span>),
      dimmed: true,
    },
  ];
}

/** The title found, leading to its work once that is written. */
function FoundTitle({ line: { found, workId } }: { line: RowLine }) {
  if (found === null || workId === null) return found ?? "–";
  return (
    <Anchor component={Link} to={`/library/${workId}`}>
      {found}
    </Anchor>
  );
}

function day(date: string | null): string {
  return date !== null && /^\d{4}-\d\d-\d\d$/.test(date) ? formatDay(date) : (date ?? "–");
}
