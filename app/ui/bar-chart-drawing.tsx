import "@mantine/charts/styles.layer.css";
import { BarChart as MantineBarChart } from "@mantine/charts";
import classes from "#app/ui/bar-chart.module.css";
import type { BarChartProps } from "#app/ui/bar-chart.tsx";
import { formatCount, type Instant } from "#app/ui/format.ts";
import { Status, type StatusName, statusTone } from "#app/ui/status.tsx";

type DrawingProps = Required<Pick<BarChartProps, "series" | "buckets" | "bucketLabel" | "bucketName">>;

/** Axes compare by value: dates would be new ones with each update. */
const iso = (at: Instant) => new Date(at).toISOString();
const LEAST_PX = 2;
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** As in the segmented bar: what was not done is drawn faintly. */
function colorOf(status: StatusName): string {
  const tone = statusTone(status);
  const isFaint = tone === "skipped" || tone === "cancelled";
  return isFaint ? "color-mix(in srgb, var(--status-pending) 45%, var(--ground))" : `var(--status-${tone})`;
}

/** The drawing alone, loaded by `BarChart` when the page stands. */
export default function BarChartDrawing({ series, buckets, bucketLabel, bucketName }: DrawingProps) {
  const data = buckets.map(({ at, values }) => ({ at: iso(at), ...values }));
  return (
    <MantineBarChart
      className={classes.plot}
      data={data}
      dataKey="at"
      type="stacked"
      // The table beside it is what screen readers and keys get.
      accessibilityLayer={false}
      series={series.map(({ id, label, status }) => ({
        name: id,
        label,
        color: colorOf(status),
      }))}
      gridColor="var(--line)"
      textColor="var(--mantine-color-dimmed)"
      cursorFill="var(--ground-hover)"
      strokeDasharray="0"
      tickLine="none"
      maxBarWidth={24}
      barChartProps={{ margin: { top: 4, right: 0, bottom: 0, left: 0 }, barCategoryGap: "20%" }}
      // A single failure beside thousands that went well must still be seen.
      barProps={({ name }) => ({
        minPointSize: (_, index) => ((buckets[index]?.values[name] ?? 0) > 0 ? LEAST_PX : 0),
      })}
      xAxisProps={{ tickFormatter: bucketLabel, minTickGap: 24, height: 24 }}
      yAxisProps={{
        width: 36,
        tickCount: 3,
        allowDecimals: false,
        tickFormatter: (value: number) => compact.format(value),
      }}
      tooltipProps={{
        content: ({ label }) => (
          <BucketTooltip at={label} series={series} buckets={buckets} bucketName={bucketName} />
        ),
      }}
    />
  );
}

interface BucketTooltipProps extends Pick<DrawingProps, "series" | "buckets" | "bucketName"> {
  at: unknown;
}

function BucketTooltip({ at, series, buckets, bucketName }: BucketTooltipProps) {
  const bucket = buckets.find((each) => iso(each.at) === at);
  if (!bucket) return null;
  return (
    <div className={classes.tooltip}>
      <span className={classes.tooltipTitle}>{bucketName(bucket.at)}</span>
      {series.toReversed().map(({ id, label, status }) => (
        <Status key={id} status={status} label={`${label} ${formatCount(bucket.values[id] ?? 0)}`} />
      ))}
    </div>
  );
}
