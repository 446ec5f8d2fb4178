import { lazy, Suspense } from "react";
import classes from "#app/ui/bar-chart.module.css";
import { formatCount, formatMoment, type Instant } from "#app/ui/format.ts";
import { useIsInBrowser } from "#app/ui/in-browser.ts";
import { Status, type StatusName } from "#app/ui/status.tsx";

export interface BarSeries {
  /** Key of `values`. */
  id: string;
  /** In the legend, the tooltip and the table: `done`. */
  label: string;
  /** Gives the colour. */
  status: StatusName;
}

export interface BarBucket {
  /** When it begins. */
  at: Instant;
  /** By series; absent is 0. */
  values: Readonly<Record<string, number>>;
}

export interface BarChartProps {
  /** What is counted, for those who cannot see it: `Runs per hour, last 24 hours`. */
  label: string;
  /** Stacked in this order, the first at the bottom. */
  series: readonly BarSeries[];
  /** Oldest first. */
  buckets: readonly BarBucket[];
  /** What a bucket is called in the axis; `03:00` when absent. */
  bucketLabel?: (at: Instant) => string;
  /** What a bucket is called in the tooltip and the table; the moment when it begins when absent. */
  bucketName?: (at: Instant) => string;
  /** Pixels that the drawing takes; never changes, so that nothing jumps. */
  height?: number;
  /** Said instead of the drawing when all is 0. */
  empty?: string;
}

// Recharts is heavy and needs a browser's measurements: it comes after the page, into a box that has its size already.
const Drawing = lazy(() => import("#app/ui/bar-chart-drawing.tsx"));

/** Numbers over time as stacked bars with a legend of sums; a table says the same to those who cannot see them. */
export function BarChart(props: BarChartProps) {
  const {
    label,
    series,
    buckets,
    bucketLabel = hourLabel,
    bucketName = formatMoment,
    height = 120,
    empty = "Nothing in this time",
  } = props;
  const isInBrowser = useIsInBrowser();
  const sums = series.map(({ id }) => buckets.reduce((sum, { values }) => sum + (values[id] ?? 0), 0));
  const isEmpty = sums.every((sum) => sum === 0);
  return (
    <figure className={classes.chart} aria-label={label}>
      <ul className={classes.legend} aria-hidden>
        {series.map(({ id, label, status }, index) => (
          <li key={id}>
            <Status status={status} label={label} count={sums[index] ?? 0} />
          </li>
        ))}
      </ul>
      <div className={classes.drawing} style={{ height }} aria-hidden>
        {isEmpty ? <p className={classes.empty}>{empty}</p> : null}
        {isInBrowser && !isEmpty ? (
          <Suspense>
            <Drawing series={series} buckets={buckets} bucketLabel={bucketLabel} bucketName={bucketName} />
          </Suspense>
        ) : null}
      </div>
      <BarTable {...props} />
    </figure>
  );
}

function BarTable({ label, series, buckets, bucketName = formatMoment }: BarChartProps) {
  return (
    // Around the table: one that is as narrow as this would still be as wide as its words.
    <div className="visually-hidden">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets.map(({ at, values }) => (
            <tr key={String(at)}>
              <th scope="row">{bucketName(at)}</th>
              {series.map(({ id }) => (
                <td key={id}>{formatCount(values[id] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `03:00`, in UTC as all times. */
function hourLabel(at: Instant): string {
  return new Date(at).toISOString().slice(11, 16);
}
