import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { systemActor } from "#app/accounts/actor.ts";
import { createApiKey, revokeApiKey } from "#app/accounts/api-keys.server.ts";
import { enqueue } from "#app/queue/enqueue.server.ts";
import { csv, csvFile, errorOf, startWebApp } from "#tests/api/web-app.ts";
import { drainQueue } from "#tests/setup/drain.ts";

const app = await startWebApp();

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads the text format strictly: every sample must belong to a metric that was announced with help and type. */
function parse(text: string): { samples: Sample[]; types: Map<string, string> } {
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === "HELP") helped.add(name!);
    else if (kind === "TYPE") types.set(name!, rest!);
    else if (line !== "") {
      const [, sample, labels = "", value] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (!sample) throw new Error(`Not a sample: ${line}`);
      const family = types.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, "");
      if (!types.has(family) || !helped.has(family)) throw new Error(`Not announced: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
      samples.push({
        name: sample,
        labels: Object.fromEntries(pairs),
        value: Number(value!.replace("Inf", "Infinity")),
      });
    }
  }
  return { samples, types };
}

async function scrape() {
  const response = await app.call("/metrics");
  expect(response.status).toBe(200);
  const text = await response.text();
  const { samples, types } = parse(text);
  return {
    text,
    samples,
    types,
    /** The one sample of this name with these labels. */
    value: (name: string, labels: Record<string, string> = {}): number | undefined => {
      const found = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
      );
      expect(found.length).toBeLessThanOrEqual(1);
      return found[0]?.value;
    },
  };
}

describe("/metrics", () => {
  test("is for API keys alone", async () => {
    const { key, apiKey } = await createApiKey(app.db, {
      name: "prometheus",
      createdBy: systemActor("test"),
    });
    const ask = (headers: Record<string, string>) => fetch(`${app.origin}/metrics`, { headers });
    const answers: [Response, number, string][] = [
      [await ask({}), 401, "NO_API_KEY"],
      [await ask({ cookie: app.cookie }), 401, "NO_API_KEY"],
      [await ask({ authorization: "Bearer nonsense" }), 401, "BAD_API_KEY"],
    ];
    for (const [answer, status, code] of answers)
      expect([answer.status, (await errorOf(answer)).code]).toEqual([status, code]);
    const allowed = await ask({ authorization: `Bearer ${key}` });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(allowed.headers.get("cache-control")).toBe("no-store");
    await allowed.text();
    await revokeApiKey(app.db, { id: apiKey.id }, systemActor("test"));
    const revoked = await ask({ authorization: `Bearer ${key}` });
    expect([revoked.status, (await errorOf(revoked)).code]).toEqual([403, "API_KEY_REVOKED"]);
  });

  test("says 0 of what there is none of, and follows Prometheus's names", async () => {
    const { value, types, text } = await scrape();
    expect(value("reeldesk_queue_jobs", { task: "prune_history", state: "failed" })).toBe(0);
    expect(value("reeldesk_workers", { state: "running" })).toBe(0);
    expect(value("reeldesk_upstream_circuit_open", { service: "tmdb" })).toBe(0);
    expect(value("reeldesk_import_rows", { status: "failed" })).toBe(0);
    expect(value("reeldesk_queue_oldest_due_seconds")).toBe(0);
    expect(value("nodejs_eventloop_lag_p99_seconds")).toBeDefined();
    for (const [name, type] of types) {
      if (name.startsWith("reeldesk_")) expect(name.endsWith("_total")).toBe(type === "counter");
      expect(name).not.toMatch(/_(ms|millis|kb|mb)(_|$)/);
    }
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test("counts jobs, runs and their durations as they are", async () => {
    for (let job = 0; job < 3; job += 1) await enqueue(app.db, "prune_history", {});
    await enqueue(app.db, "refresh_work", { workId: 1 }, { delayMs: 3_600_000 });
    const before = await scrape();
    // The key of `prune_history` makes one job of three.
    expect(before.value("reeldesk_queue_jobs", { task: "prune_history", state: "queued" })).toBe(1);
    expect(before.value("reeldesk_queue_jobs", { task: "refresh_work", state: "scheduled" })).toBe(1);
    expect(before.value("reeldesk_runs_total", { task: "prune_history" })).toBeUndefined();
    await drainQueue(app.url, {});
    const after = await scrape();
    expect(after.value("reeldesk_queue_jobs", { task: "prune_history", state: "queued" })).toBe(0);
    expect(after.value("reeldesk_runs_total", { task: "prune_history", outcome: "completed" })).toBe(1);
    expect(after.value("reeldesk_run_duration_seconds_count", { task: "prune_history" })).toBe(1);
    expect(after.value("reeldesk_run_duration_seconds_bucket", { task: "prune_history", le: "+Inf" })).toBe(
      1,
    );
    expect(after.value("reeldesk_run_duration_seconds_sum", { task: "prune_history" })).toBeGreaterThan(0);
    const buckets = after.samples
      .filter(({ name }) => name === "reeldesk_run_duration_seconds_bucket")
      .map(({ value }) => value);
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
  });

  test("its counters do not fall when history is pruned", async () => {
    await app.pool.query(
      `insert into job_runs (job_id, task, payload, attempt, max_attempts, enqueued_at, run_at, started_at, finished_at, outcome)
       select n, 'refresh_work', '{}', 1, 10, at, at, at, at + interval '2 seconds', 'completed'
       from generate_series(1, 10) as n, (values (now() - interval '100 days')) as old (at)`,
    );
    await app.pool.query(
      `insert into upstream_call_sums (grain, starts_at, service, endpoint, task, outcome, cached, bucket, calls, duration_ms)
       values ('day', date_trunc('day', now() - interval '200 days'), 'tmdb', '/search/movie', '', 'OK', false, 3, 7, 180)`,
    );
    const runs = { task: "refresh_work", outcome: "completed" };
    const before = await scrape();
    expect(before.value("reeldesk_runs_total", runs)).toBe(10);
    expect(before.value("reeldesk_run_duration_seconds_bucket", { task: "refresh_work", le: "1" })).toBe(0);
    expect(before.value("reeldesk_run_duration_seconds_bucket", { task: "refresh_work", le: "2.5" })).toBe(
      10,
    );
    await enqueue(app.db, "prune_history", {});
    await drainQueue(app.url, {});
    const after = await scrape();
    expect(after.value("reeldesk_runs_total", runs)).toBe(10);
    expect(after.value("reeldesk_upstream_calls_total", { service: "tmdb", endpoint: "/search/movie" })).toBe(
      7,
    );
    expect(after.value("reeldesk_upstream_call_duration_seconds_sum", { service: "tmdb" })).toBeCloseTo(0.18);
    // Bucket 3 is what took less than 30 ms.
    expect(
      after.value("reeldesk_upstream_call_duration_seconds_bucket", { service: "tmdb", le: "0.02" }),
    ).toBe(0);
    expect(
      after.value("reeldesk_upstream_call_duration_seconds_bucket", { service: "tmdb", le: "0.03" }),
    ).toBe(7);
  });

  test("knows imports by their counters, workers by their heartbeats, circuits and pauses", async () => {
    const upload = await app.upload(csvFile(csv("2024-02-08,The Matrix,1999,x", "nonsense,Heat,1995,x")));
    expect(upload.status).toBe(202);
    await app.pool.query(
      `insert into workers (id, host, pid, version, concurrency, running_jobs, memory_bytes, heartbeat_at) values
         ('w1', 'h', 1, '1', 8, 3, 1000, now() - interval '5 seconds'),
         ('w2', 'h', 2, '1', 8, 0, 1000, now() - interval '50 seconds'),
         ('w3', 'h', 3, '1', 8, 0, 1000, now() - interval '2 hours')`,
    );
    await app.pool.query(
      "insert into upstream_circuits (service, state, reason_code, reason, opened_at) values ('tmdb', 'open', 'KEY_REFUSED', 'r', now())",
    );
    await app.pool.query("insert into queue_pauses (flag, reason, paused_by) values ('task:x', 'r', 'anna')");
    const { value } = await scrape();
    expect(value("reeldesk_imports", { status: "queued" })).toBe(1);
    expect(value("reeldesk_import_rows", { status: "pending" })).toBe(1);
    expect(value("reeldesk_import_rows", { status: "failed" })).toBe(1);
    expect(value("reeldesk_workers", { state: "running" })).toBe(1);
    expect(value("reeldesk_workers", { state: "silent" })).toBe(1);
    expect(value("reeldesk_worker_busy_slots", { worker: "w1" })).toBe(3);
    expect(value("reeldesk_worker_heartbeat_age_seconds", { worker: "w2" })).toBeGreaterThanOrEqual(50);
    expect(value("reeldesk_worker_slots", { worker: "w3" })).toBeUndefined();
    expect(value("reeldesk_upstream_circuit_open", { service: "tmdb" })).toBe(1);
    expect(value("reeldesk_queue_pauses")).toBe(1);
  });

  test("scrapes that come together share one answer", async () => {
    const sent = async () => (await scrape()).value("reeldesk_web_database_queries_total") ?? 0;
    const [first, second] = [await sent(), await sent()];
    const before = await sent();
    await Promise.all(Array.from({ length: 8 }, () => app.call("/metrics").then((each) => each.text())));
    // Each request asks for its key and its allowance; the figures are read far fewer than eight times more.
    expect((await sent()) - before).toBeLessThan((second - first) * 6);
  });

  test.each(["deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yml"])(
    "every metric that %s names is there",
    async (file) => {
      const names = new Set(readFileSync(file, "utf8").match(/\b(reeldesk|nodejs|process)_[a-z0-9_]+/g));
      expect(names.size).toBeGreaterThan(5);
      const { types } = await scrape();
      const known = new Set(
        [...types].flatMap(([name, type]) =>
          type === "histogram" ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
        ),
      );
      expect([...names].filter((name) => !known.has(name))).toEqual([]);
    },
  );

  test("the dashboard shows every metric of ours, and can be imported", async () => {
    const source = readFileSync("deploy/grafana-dashboard.json", "utf8");
    const dashboard = JSON.parse(source);
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ type: "datasource", query: "prometheus" }),
    );
    const ids = dashboard.panels.map((panel: { id: number }) => panel.id);
    expect(new Set(ids).size).toBe(ids.length);
    const { types } = await scrape();
    const ours = [...types.keys()].filter((name) => name.startsWith("reeldesk_"));
    expect(ours.filter((name) => !source.includes(name))).toEqual([]);
  });
});
