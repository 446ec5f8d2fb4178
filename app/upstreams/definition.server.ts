import type { UpstreamConfig } from "#app/upstreams/context.ts";
import type { Judge } from "#app/upstreams/judge.server.ts";
import type { Budget } from "#app/upstreams/reserve.server.ts";
import type { Service } from "#app/upstreams/services.ts";

/** How one service is reached and read. */
export interface Upstream {
  service: Service;
  baseUrl(config: UpstreamConfig): string;
  /** Empty when unset. */
  key(config: UpstreamConfig): string;
  credentials(key: string): { headers?: Record<string, string>; query?: Record<string, string> };
  budget(config: UpstreamConfig): Budget | null;
  judge: Judge;
}
