import { Registry } from "prom-client";
import { appContext } from "#app/context.server.ts";
import { byMethod } from "#app/routes/api/by-method.ts";
import { scrape } from "#app/routes/metrics/scrape.server.ts";

const methods = byMethod({ GET: metrics });
export const loader = methods;
export const action = methods;

/** Scrapes that come together, of two Prometheus servers for one, share one answer. */
let scraping: Promise<string> | null = null;

/** `GET /metrics`: Prometheus text, for API keys. */
async function metrics(): Promise<Response> {
  scraping ??= scrape(appContext()).finally(() => {
    scraping = null;
  });
  return new Response(await scraping, {
    headers: { "content-type": Registry.PROMETHEUS_CONTENT_TYPE, "cache-control": "no-store" },
  });
}
