import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EtaCounters, estimate } from "#app/imports/eta.ts";
import { jobStatuses } from "#app/imports/status.ts";

const now = new Date("2026-11-20T12:00:00Z");
const tmdb = { requests: 40, perMs: 10_000 };

const job = (over: Partial<EtaCounters> & { ranSeconds?: number }): EtaCounters => ({
  status: "processing",
  totalRows: 1_000,
  processedRows: 0,
  successRows: 0,
  skippedRows: 0,
  reviewRows: 0,
  distinctTitles: 1_000,
  startedAt: new Date(now.getTime() - (over.ranSeconds ?? 0) * 1_000),
  ...over,
});

describe("I-11 ETA", () => {
  test("before an import has a pace, its upstream's limit tells: two calls for each title", () => {
    expect(estimate(job({ status: "queued", startedAt: null }), { rateLimit: tmdb, now })).toEqual({
      seconds: 500,
      limitedBy: "upstream",
    });
    expect(estimate(job({ distinctTitles: 10 }), { rateLimit: tmdb, now })).toEqual({
      seconds: 5,
      limitedBy: "upstream",
    });
  });

  test("without a limit and without a pace nothing is said", () => {
    expect(
      estimate(job({ processedRows: 5, successRows: 5, ranSeconds: 60 }), { rateLimit: null, now }),
    ).toBeNull();
  });

  test("an import at its upstream's limit says so", () => {
    const half = job({ processedRows: 500, successRows: 500, ranSeconds: 255 });
    expect(estimate(half, { rateLimit: tmdb, now })).toEqual({ seconds: 255, limitedBy: "upstream" });
  });

  test("cached titles are faster than the limit: then the worker is what it waits for", () => {
    const half = job({ processedRows: 500, successRows: 500, ranSeconds: 10 });
    expect(estimate(half, { rateLimit: tmdb, now })).toEqual({ seconds: 10, limitedBy: "worker" });
  });

  test("rows that were refused when the file was read do not count as pace", () => {
    const refused = job({ processedRows: 600, successRows: 100, ranSeconds: 50 });
    expect(estimate(refused, { rateLimit: null, now })).toEqual({ seconds: 200, limitedBy: "worker" });
  });

  test("a pace over a night's pause is not believed", () => {
    const retried = job({ processedRows: 900, successRows: 900, ranSeconds: 40_000 });
    expect(estimate(retried, { rateLimit: tmdb, now })).toEqual({ seconds: 50, limitedBy: "upstream" });
  });

  test("any job: a whole number of seconds or nothing, and nothing when it is finished", () => {
    const counters = fc.record({
      status: fc.constantFrom(...jobStatuses),
      done: fc.nat(1_000_000),
      open: fc.nat(1_000_000),
      titles: fc.nat(1_000_000),
      ranSeconds: fc.integer({ min: -10, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(
        counters,
        fc.constantFrom(null, tmdb),
        ({ status, done, open, titles, ranSeconds }, rateLimit) => {
          const eta = estimate(
            job({
              status,
              totalRows: done + open,
              processedRows: done,
              successRows: done,
              distinctTitles: titles,
              ranSeconds,
            }),
            { rateLimit, now },
          );
          if (status !== "queued" && status !== "processing") expect(eta).toBeNull();
          if (eta) expect(Number.isSafeInteger(eta.seconds) && eta.seconds >= 0).toBe(true);
        },
      ),
    );
  });
});
