import { BarChart } from "#app/ui/bar-chart.tsx";
import { formatDay, type Instant } from "#app/ui/format.ts";

const SERIES = [
  { id: "ingested", label: "stored", status: "success" },
  { id: "skipped", label: "skipped", status: "skipped" },
  { id: "failed", label: "failed", status: "failed" },
] as const;

export interface PerDayChartProps {
  label: string;
  /** Oldest first; days without a run are left out. */
  days: readonly { day: string; ingested: number; skipped: number; failed: number }[];
}

/** What runs came to, per day. */
export function PerDayChart({ label, days }: PerDayChartProps) {
  if (days.length === 0) return null;
  return (
    <BarChart
      label={label}
      series={SERIES}
      buckets={days.map(({ day, ...values }) => ({ at: `${day}T00:00:00Z`, values }))}
      bucketLabel={dayLabel}
      height={96}
    />
  );
}

const dayLabel = (at: Instant): string => formatDay(at);
