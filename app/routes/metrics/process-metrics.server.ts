import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { queriesSent } from "#app/db/query-count.server.ts";
import { liveUpdates } from "#app/routes/live/live-updates-of-process.server.ts";

let registry: Registry | null = null;

/** This web process's own figures: the event loop, memory, statements, live streams. Kept from scrape to scrape. */
export function processRegistry(): Registry {
  registry ??= createRegistry();
  return registry;
}

function createRegistry(): Registry {
  const created = new Registry();
  collectDefaultMetrics({ register: created });
  new Gauge({
    name: "reeldesk_live_streams",
    help: "Live pages that listen to this web process.",
    registers: [created],
    collect() {
      this.set(liveUpdates.listeners);
    },
  });
  new Counter({
    name: "reeldesk_web_database_queries_total",
    help: "Statements that this web process has sent to the database.",
    registers: [created],
    collect() {
      this.reset();
      this.inc(queriesSent());
    },
  });
  return created;
}
