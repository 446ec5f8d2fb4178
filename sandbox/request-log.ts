import type { FaultKind, Service } from "./faults.ts";

export type RecordedRequest = {
  /** Arrival, milliseconds since 1970 by the sandbox's clock. */
  at: number;
  service: Service | "unknown";
  method: string;
  /** Path within the service, without query. */
  path: string;
  /** Query parameters without keys. */
  query: Record<string, string>;
  /** Status sent; null while it runs and when the connection was cut without one. */
  status: number | null;
  idempotencyKey: string | null;
  durationMs: number | null;
  /** The fault that was played, if any. */
  fault: FaultKind | null;
};

const SECRET_PARAMETERS = new Set(["api_key", "apikey"]);

/** Query parameters as an object, without the keys. */
export function queryWithoutKeys(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => !SECRET_PARAMETERS.has(name.toLowerCase())));
}

/** The last requests in order of arrival, at most `bound` of them: a load test must not fill the memory. */
export class RequestLog {
  readonly #bound: number;
  #records: RecordedRequest[] = [];
  #total = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  add(record: RecordedRequest): void {
    this.#total += 1;
    this.#records.push(record);
    // Cut in one go at twice the bound: shifting one by one is quadratic on long arrays.
    if (this.#records.length >= this.#bound * 2) this.#records = this.#records.slice(-this.#bound);
  }

  /** Copies, oldest first. */
  list(service?: string): RecordedRequest[] {
    const kept = this.#records.slice(-this.#bound);
    return (service === undefined ? kept : kept.filter((one) => one.service === service)).map((one) => ({
      ...one,
    }));
  }

  /** Requests since the start or the last clear, also those no longer kept. */
  get total(): number {
    return this.#total;
  }

  clear(): void {
    this.#records = [];
    this.#total = 0;
  }
}
