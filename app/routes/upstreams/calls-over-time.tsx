import { ByEndpoint, ByError, ByTask } from "#app/routes/upstreams/breakdowns.tsx";
import type { UpstreamsData } from "#app/routes/upstreams/load-upstreams.server.ts";
import { RANGE_WORDS } from "#app/routes/upstreams/range-words.ts";
import classes from "#app/routes/upstreams/upstreams.module.css";
import { BarChart } from "#app/ui/bar-chart.tsx";
import { FilterChips } from "#app/ui/filter-chips.tsx";
import { formatDay, type Instant } from "#app/ui/format.ts";
import { Section } from "#app/ui/page.tsx";
import { CALL_RANGES, type CallRange } from "#app/upstreams/call-sums.ts";

const SERIES = [
  { id: "ok", label: "answered", status: "success" },
  { id: "cached", label: "from the cache", status: "pending" },
  { id: "failed", label: "failed", status: "failed" },
] as const;

const PER: Record<CallRange, string> = { "1h": "minute", "24h": "hour", "7d": "6 hours", "90d": "day" };

const hour = (at: Instant) => new Date(at).toISOString().slice(11, 16);
const day = (at: Instant) => formatDay(at).replace(/ \d+$/, "");

/** What was asked in a range: over time, by endpoint, by task, and what went wrong most. */
export function CallsOverTime({ data }: { data: UpstreamsData }) {
  const { range, service, bars, upstreams } = data;
  return (
    <>
      <Section title="Calls">
        <div className={classes.filters}>
          <FilterChips
            label="Calls by time"
            param="range"
            current={range === "24h" ? null : range}
            chips={CALL_RANGES.map((each) => ({
              value: each === "24h" ? null : each,
              label: RANGE_WORDS[each],
            }))}
          />
          <FilterChips
            label="Calls by service"
            param="service"
            current={service}
            chips={upstreams.map((each) => ({ value: each.service, label: each.label }))}
          />
        </div>
        <BarChart
          label={`Calls per ${PER[range]}, ${RANGE_WORDS[range]}`}
          series={SERIES}
          buckets={bars.map(({ at, ok, cached, failed }) => ({ at, values: { ok, cached, failed } }))}
          bucketLabel={range === "1h" || range === "24h" ? hour : day}
          empty={`No call in the ${RANGE_WORDS[range]}`}
        />
      </Section>
      <ByEndpoint data={data} />
      <ByTask data={data} />
      <ByError data={data} />
    </>
  );
}
