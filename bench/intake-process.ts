/**
 * One intake in a process of its own, so that its memory and its event loop are measured and nobody else's: it answers
 * `/healthz` over HTTP meanwhile, as a web process does.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createDatabase } from "#app/db/client.server.ts";
import { takeIn } from "#app/imports/intake.server.ts";

const [databaseUrl = "", file = ""] = process.argv.slice(2);
const database = createDatabase(databaseUrl);

async function intake(bytes: Uint8Array<ArrayBuffer>): Promise<{ jobId: string; ms: number }> {
  const started = performance.now();
  const { jobId } = await database.db.transaction().execute((trx) =>
    takeIn(
      trx,
      { bytes, fileName: "watched.csv" },
      {
        type: "movies",
        dryRun: false,
        skipDuplicates: true,
        parseOptions: {},
        uploadedBy: "bench",
        idempotencyKey: null,
        catalogue: "builtin",
      },
    ),
  );
  return { jobId, ms: performance.now() - started };
}

const server = createServer((_request, response) => response.end("ok"));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
process.send?.({ port: (server.address() as AddressInfo).port });

// A web process has served requests and taken files in before: what it loads once is no growth.
const warmUp = await readFile(file);
await intake(new Uint8Array(warmUp.subarray(0, warmUp.indexOf("\n", 20_000) + 1)));

/** How long this process waits for its turn on this machine while it does nothing: what the longest delay is to be seen against. */
async function idleDelayMs(forMs: number): Promise<number> {
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await delay(forMs);
  idle.disable();
  return idle.max / 1e6;
}

process.on("message", async () => {
  const longestIdleMs = await idleDelayMs(3_000);
  const bytes = new Uint8Array(await readFile(file));
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  loop.enable();
  const { jobId, ms } = await intake(bytes);
  loop.disable();
  clearInterval(sampler);
  process.send?.({ jobId, ms, growthBytes: peak - before, longestDelayMs: loop.max / 1e6, longestIdleMs });
});
process.send?.({ ready: true });
