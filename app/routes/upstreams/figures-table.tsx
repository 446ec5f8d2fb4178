import { callsHref } from "#app/routes/upstreams/calls-filter.ts";
import { figureColumns } from "#app/routes/upstreams/figure-columns.tsx";
import type { UpstreamView } from "#app/routes/upstreams/load-upstreams.server.ts";
import { RANGE_WORDS } from "#app/routes/upstreams/range-words.ts";
import { type Column, DataTable } from "#app/ui/data-table.tsx";
import type { CallFigures, CallRange } from "#app/upstreams/call-sums.ts";

type Row = CallFigures & { service: string; range: CallRange };

const columns: Column<Row>[] = [
  { id: "range", header: "Time", cell: ({ range }) => RANGE_WORDS[range], phone: "title" },
  ...figureColumns<Row>(),
];

/** A service's calls of the last hour and day; each row opens the log. */
export function FiguresTable({ upstream: { service, label, hour, day } }: { upstream: UpstreamView }) {
  const rows: Row[] = [
    { service, range: "1h", ...hour },
    { service, range: "24h", ...day },
  ];
  return (
    <DataTable
      label={`Calls of ${label}`}
      columns={columns}
      rows={rows}
      rowId={({ range }) => range}
      rowHref={({ range }) => callsHref({ service, range })}
      keyboard={false}
      empty={null}
    />
  );
}
