import type { ReactNode } from "react";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { Count } from "#app/ui/count.tsx";
import type { Column } from "#app/ui/data-table.tsx";
import { Duration } from "#app/ui/duration.tsx";
import { formatCount, formatPercent, NOTHING } from "#app/ui/format.ts";
import { Status } from "#app/ui/status.tsx";
import type { CallFigures } from "#app/upstreams/call-sums.ts";

/** On a telephone a number has no header above it: it says itself what it is. */
function Unit({ children }: { children: ReactNode }) {
  return <span className={classes.onPhone}>{children}</span>;
}

/** The columns of what calls came to: asked, failed, from the cache, how long they took. */
export function figureColumns<Row extends CallFigures>(): Column<Row>[] {
  return [
    {
      id: "asked",
      header: "Calls",
      cell: ({ asked }) => (
        <>
          <Count value={asked} />
          <Unit> {asked === 1 ? "call" : "calls"}</Unit>
        </>
      ),
      width: 84,
      align: "right",
    },
    {
      id: "failed",
      header: "Failed",
      cell: ({ failed, asked }) =>
        failed === 0 ? (
          <span className={classes.notOnPhone}>{NOTHING}</span>
        ) : (
          <Status status="failed" label={`${formatCount(failed)} (${formatPercent(failed, asked)})`} />
        ),
      width: 116,
      align: "right",
      phone: "aside",
    },
    {
      id: "p50",
      header: "p50",
      cell: ({ p50Ms }) => <Duration ms={p50Ms} />,
      width: 72,
      align: "right",
      phone: "hidden",
    },
    {
      id: "p95",
      header: "p95",
      cell: ({ p95Ms }) =>
        p95Ms === null ? (
          <span className={classes.notOnPhone}>{NOTHING}</span>
        ) : (
          <>
            <Unit>p95 </Unit>
            <Duration ms={p95Ms} />
          </>
        ),
      width: 72,
      align: "right",
    },
    {
      id: "cached",
      header: "From cache",
      cell: ({ cached, asked }) =>
        cached === 0 ? (
          <span className={classes.notOnPhone}>{NOTHING}</span>
        ) : (
          <>
            {formatCount(cached)} ({formatPercent(cached, cached + asked)})<Unit> from the cache</Unit>
          </>
        ),
      width: 128,
      align: "right",
    },
  ];
}
