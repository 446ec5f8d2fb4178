import { Registry } from "prom-client";
import type { AppContext } from "#app/context.server.ts";
import { addImportMetrics } from "#app/routes/metrics/import-metrics.server.ts";
import { processRegistry } from "#app/routes/metrics/process-metrics.server.ts";
import { addQueueMetrics } from "#app/routes/metrics/queue-metrics.server.ts";
import { addUpstreamMetrics } from "#app/routes/metrics/upstream-metrics.server.ts";

/**
 * All figures as Prometheus reads them. Those of the house come from the database and are the same whichever web process is
 * asked; those of the process are its own.
 */
export async function scrape({ db, config }: Pick<AppContext, "db" | "config">): Promise<string> {
  // Fresh every time: a worker or an outcome that is no more leaves no line behind.
  const registry = new Registry();
  await Promise.all([
    addQueueMetrics(registry, db),
    addUpstreamMetrics(registry, { db, config }),
    addImportMetrics(registry, db),
  ]);
  const texts = await Promise.all([registry.metrics(), processRegistry().metrics()]);
  return texts.join("\n");
}
