import { Count } from "#app/ui/count.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { formatCount, formatPercent, NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";
import type { CallFigures } from "#app/upstreams/call-sums.ts";

/** The columns of what calls came to: asked, failed, from the cache, how long they took. */
export function figureColumns<Row extends CallFigures>(): Column<Row>[] {
  return [
    { id: "asked", header: "Calls", cell: ({ asked }) => <Count value={asked} />, width: 84, align: "right" },
    {
      id: "failed",
      header: "Failed",
      cell: ({ failed, asked }) =>
        failed === 0 ? (
          NOTHING
        ) : (
          <Status status="failed" label={`${formatCount(failed)} (${formatPercent(failed, asked)})`} />
        ),
      width: 128,
      align: "right",
      phone: "aside",
    },
    {
      id: "p50",
      header: "p50",
      cell: ({ p50Ms }) => <Duration ms={p50Ms} />,
      width: 72,
      align: "right",
    },
    {
      id: "p95",
      header: "p95",
      cell: ({ p95Ms }) => <Duration ms={p95Ms} />,
      width: 72,
      align: "right",
    },
    {
      id: "cached",
      header: "From cache",
      cell: ({ cached, asked }) =>
        cached === 0 ? NOTHING : `${formatCount(cached)} (${formatPercent(cached, cached + asked)})`,
      width: 136,
      align: "right",
    },
  ];
}
