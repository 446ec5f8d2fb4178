import { Histogram, type Registry } from "prom-client";

/** What was counted of one kind: how many values lie in each bucket, and what all of them add up to. */
export interface CountedValues<Label extends string> {
  labels: Record<Label, string>;
  /** By index of the bound that the value did not exceed; the index after the last one: beyond all bounds. */
  counts: ReadonlyMap<number, number>;
  sum: number;
}

/** A histogram of values that were counted elsewhere, in the database: prom-client's own counts only what it is shown. */
export class SummedHistogram<Label extends string> extends Histogram<Label> {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #counted: readonly CountedValues<Label>[];

  /** @param options.bounds upper bounds of the buckets, ascending */
  constructor(options: {
    registry: Registry;
    name: string;
    help: string;
    labelNames: Label[];
    bounds: readonly number[];
    counted: readonly CountedValues<Label>[];
  }) {
    const { registry, name, help, labelNames, bounds, counted } = options;
    super({ name, help, labelNames, buckets: [...bounds], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#counted = counted;
  }

  /** What the registry asks, and `get` too; the types of prom-client do not tell. The base class's knows what it was shown. */
  async getForPromString() {
    const values = this.#counted.flatMap((counted) => this.#lines(counted));
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
  }

  #lines({ labels, counts, sum }: CountedValues<Label>) {
    let below = 0;
    const buckets = [...this.#bounds, "+Inf"].map((le, index) => {
      below += counts.get(index) ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: below },
    ];
  }
}
