import { Counter, Gauge, type Registry } from "prom-client";

export interface MetricValues<Label extends string> {
  name: string;
  help: string;
  labelNames: Label[];
  values: readonly { labels: Record<Label, string>; value: number }[];
}

/** A figure that goes up and down. */
export function addGauge<Label extends string = never>(
  registry: Registry,
  { name, help, labelNames, values }: MetricValues<Label>,
): void {
  const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
  for (const { labels, value } of values) gauge.set(labels, value);
}

/** A figure that only grows: read from sums that are never taken back. */
export function addCounter<Label extends string = never>(
  registry: Registry,
  { name, help, labelNames, values }: MetricValues<Label>,
): void {
  const counter = new Counter({ name, help, labelNames, registers: [registry] });
  for (const { labels, value } of values) counter.inc(labels, value);
}
