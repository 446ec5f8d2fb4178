import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingWindowLog } from "#sandbox/rate-limit.ts";
import { startSandbox } from "#sandbox/server.ts";
import { call, tmdb } from "./running-sandbox.ts";

const LIMIT = { requests: 40, perMs: 10_000 };

/** The most times that fall into any window of `perMs`. */
function fullestWindow(times: readonly number[], perMs: number): number {
  const inWindowFrom = (start: number) =>
    times.filter((time) => time >= start && time < start + perMs).length;
  return Math.max(0, ...times.map(inWindowFrom));
}

describe("T-08 Sandbox rate limit", () => {
  it("never admits more than the limit in any window, and refuses only when the window is full", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 300 });
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 40 }),
      perMs: fc.integer({ min: 1, max: 10_000 }),
    });
    fc.assert(
      fc.property(steps, limits, (waits, limit) => {
        let now = 1_000_000;
        const log = new SlidingWindowLog(limit, () => now);
        const admitted: number[] = [];
        for (const wait of waits) {
          now += wait;
          const inWindow = admitted.filter((time) => now - time < limit.perMs).length;
          const admission = log.admit();
          expect(admission.admitted).toBe(inWindow < limit.requests);
          if (admission.admitted) admitted.push(now);
          else expect(admission.retryAfterMs).toBeGreaterThan(0);
        }
        expect(fullestWindow(admitted, limit.perMs)).toBeLessThanOrEqual(limit.requests);
      }),
    );
  });

  it("answers the 41st request with 429, code 25 and Retry-After, over both ways of signing in together", async () => {
    let now = 1_700_000_000_000;
    await using sandbox = await disposable({ rateLimit: LIMIT, now: () => now });
    const headers = { authorization: `Bearer ${sandbox.keys.tmdbBearer}` };
    const asks = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? call(tmdb(sandbox, "/movie/550")) : call(`${sandbox.tmdbUrl}/movie/550`, { headers }),
    );
    expect((await Promise.all(asks)).map((answer) => answer.status)).toEqual(Array(40).fill(200));
    now += 4_000;
    const over = await call(tmdb(sandbox, "/movie/550"));
    expect(over.status).toBe(429);
    expect(over.headers.get("retry-after")).toBe("6");
    expect(over.body).toEqual({
      success: false,
      status_code: 25,
      status_message: "Your request count (41) is over the allowed limit of (40).",
    });
    now += 5_999;
    expect((await call(tmdb(sandbox, "/movie/550"))).status).toBe(429);
    now += 1;
    expect((await call(tmdb(sandbox, "/movie/550"))).status).toBe(200);
  });

  it("counts TMDB alone: pictures, OMDb and the catalogue are not held back", async () => {
    await using sandbox = await disposable({ rateLimit: { requests: 1, perMs: 60_000 } });
    expect((await call(tmdb(sandbox, "/movie/550"))).status).toBe(200);
    expect((await call(tmdb(sandbox, "/movie/550"))).status).toBe(429);
    expect((await call(`${sandbox.omdbUrl}?apikey=${sandbox.keys.omdb}&i=tt0137523`)).status).toBe(200);
    expect((await fetch(`${sandbox.tmdbImageUrl}/w92/a.jpg`)).status).toBe(200);
    expect((await call(`${sandbox.catalogueUrl}/movies`)).status).toBe(200);
  });
});

async function disposable(options: Parameters<typeof startSandbox>[0]) {
  const sandbox = await startSandbox(options);
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() };
}
