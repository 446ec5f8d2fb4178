import type { Registry } from "prom-client";
import type { Db } from "#app/db/client.server.ts";
import { importTotals } from "#app/imports/import-totals.server.ts";
import { jobStatuses } from "#app/imports/status.ts";
import { addGauge } from "#app/routes/metrics/add-metric.server.ts";

const ROW_STATUSES = ["pending", "success", "failed", "skipped", "review"] as const;

/** Imports and their rows by status. They go down as well, when something is retried or taken back: gauges. */
export async function addImportMetrics(registry: Registry, db: Db): Promise<void> {
  const totals = await importTotals(db);
  addGauge(registry, {
    name: "reeldesk_imports",
    help: "Imports by status, dry runs left out.",
    labelNames: ["status"],
    values: jobStatuses.map((status) => ({
      labels: { status },
      value: totals.find((each) => each.status === status)?.imports ?? 0,
    })),
  });
  addGauge(registry, {
    name: "reeldesk_import_rows",
    help: "Rows of all imports by status, dry runs left out.",
    labelNames: ["status"],
    values: ROW_STATUSES.map((status) => ({
      labels: { status },
      value: totals.reduce((sum, { rows }) => sum + rows[status], 0),
    })),
  });
}
