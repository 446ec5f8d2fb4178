import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createDatabase } from "#app/db/client.server.ts";
import {
  MARGIN,
  MAX_PUSH_BACK_MS,
  pushBack,
  reserveSlots,
  retryAfterMs,
  slotIntervalMs,
  spendDaily,
  untilMidnightUtc,
} from "#app/upstreams/budget.server.ts";
import { budgetState } from "#app/upstreams/budget-state.server.ts";
import { BudgetWait } from "#app/upstreams/errors.ts";
import { reserve } from "#app/upstreams/reserve.server.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { failureOf } from "#tests/upstreams/upstream-context.ts";

const { db, url } = await testDatabase();
const others = [1, 2].map(() => createDatabase(url, { max: 4, applicationName: "other process" }));
const processes = [db, ...others.map((other) => other.db)];
afterAll(async () => {
  for (const other of others) await other.close();
});
beforeEach(async () => {
  await sql`truncate upstream_budgets`.execute(db);
});

const FORTY = { requests: 40, perMs: 10_000 };

async function slotsOf(rate: typeof FORTY, sizes: readonly number[]): Promise<number[]> {
  const given = await Promise.all(
    sizes.map(async (slots, index) => {
      const one = await reserveSlots(processes[index % processes.length]!, "tmdb", rate, {
        slots,
        maxWaitMs: 86_400_000,
      });
      if (!one.granted) throw new Error("refused");
      return Array.from({ length: slots }, (_, slot) => one.firstAtMs + slot * one.intervalMs);
    }),
  );
  return given.flat().sort((a, b) => a - b);
}

describe("T-08 one budget for all processes", () => {
  it("gives slots of which no window holds more than the limit, and leaves none of them out", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          requests: fc.integer({ min: 1, max: 60 }),
          perMs: fc.integer({ min: 1_000, max: 60_000 }),
        }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 20, maxLength: 80 }),
        async (rate, sizes) => {
          // Work waits: the next free slot is always ahead of the clock, so that only the algorithm decides the gaps.
          await sql`
            insert into upstream_budgets (service, next_at) values ('tmdb', now() + interval '1 hour')
            on conflict (service) do update set next_at = excluded.next_at`.execute(db);
          const slots = await slotsOf(rate, sizes);
          const intervalMs = slotIntervalMs(rate);
          for (let first = 0; first + rate.requests < slots.length; first += 1)
            // n+1 requests, each moved by less than half the margin, still need more than one window.
            expect(slots[first + rate.requests]! - slots[first]!).toBeGreaterThan(
              rate.perMs * (1 + MARGIN * 0.95),
            );
          const gaps = slots.slice(1).map((slot, index) => slot - slots[index]!);
          expect(Math.min(...gaps)).toBeGreaterThan(intervalMs * 0.999 - 0.01);
          // While work waits, every slot is given: the pace is the interval, 95 % of the limit.
          expect(Math.max(...gaps)).toBeLessThan(intervalMs * 1.001 + 0.01);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("uses more than 90 % of the limit while work waits", async () => {
    const slots = await slotsOf(
      FORTY,
      Array.from({ length: 2_000 }, () => 1),
    );
    const perWindow = (FORTY.perMs * (slots.length - 1)) / (slots.at(-1)! - slots[0]!);
    expect(perWindow / FORTY.requests).toBeGreaterThan(0.95);
    expect(perWindow).toBeLessThan(FORTY.requests);
  });

  it("saves nothing up while idle: there is no burst afterwards", async () => {
    await slotsOf(FORTY, [1]);
    await sql`update upstream_budgets set next_at = now() - interval '1 hour'`.execute(db);
    const slots = await slotsOf(FORTY, [1, 1, 1]);
    expect(slots[2]! - slots[0]!).toBeGreaterThan(2 * slotIntervalMs(FORTY) - 1);
  });

  it("reserves nothing when the wait would be longer than the caller's patience", async () => {
    await slotsOf(FORTY, [40]);
    const before = await sql`select next_at from upstream_budgets`.execute(db);
    const refused = await reserveSlots(db, "tmdb", FORTY, { slots: 1, maxWaitMs: 1_000 });
    expect(refused).toMatchObject({ granted: false, blocked: false });
    expect((await sql`select next_at from upstream_budgets`.execute(db)).rows).toEqual(before.rows);
  });

  it("after a 429 nobody gets a slot until its time has passed, and screens can say so", async () => {
    await pushBack(db, "tmdb", 60_000);
    for (const each of processes) {
      const error = await failureOf(
        reserve(each, "tmdb", { rate: FORTY }, { priority: "interactive", maxWaitMs: 5_000 }),
      );
      expect(error).toBeInstanceOf(BudgetWait);
      expect(error).toMatchObject({ reason: "BLOCKED", service: "tmdb" });
      expect((error as BudgetWait).retryAfterMs).toBeGreaterThan(50_000);
    }
    const states = await budgetState(db, {
      TMDB_RATE_LIMIT: FORTY,
      OMDB_DAILY_LIMIT: 5,
      TMDB_BASE_URL: "",
      OMDB_BASE_URL: "",
      TABSTACK_RATE_LIMIT: FORTY,
      TABSTACK_BASE_URL: "",
      IMDB_BASE_URL: "",
    });
    const state = states.find((each) => each.service === "tmdb")!;
    expect(state.blockedUntil).toBeInstanceOf(Date);
    expect(state.waitMs).toBeGreaterThan(50_000);
  });

  it("believes no Retry-After of years", async () => {
    await pushBack(db, "tmdb", 1e12);
    const { rows } = await sql<{ wait: number }>`
      select (extract(epoch from blocked_until - now()) * 1000)::float8 as wait from upstream_budgets`.execute(
      db,
    );
    expect(rows[0]!.wait).toBeLessThanOrEqual(MAX_PUSH_BACK_MS);
  });

  it.each([
    ["7", 7_000],
    ["0", 0],
    ["1.5", 1_500],
    ["1000000000", MAX_PUSH_BACK_MS],
    ["Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
    ["Fri, 20 Nov 2020 12:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("reads Retry-After %j as %j ms", (header, expected) => {
    expect(retryAfterMs(header, new Date("2026-11-20T12:00:00Z"))).toBe(expected);
  });
});

describe("T-08 who gets the next slot", () => {
  const slow = { requests: 1, perMs: 60_000 };
  const quick = { requests: 500, perMs: 1_000 };

  it("interactive callers go before bulk ones, each in their order", async () => {
    const order: string[] = [];
    const ask = (name: string, priority: "bulk" | "interactive") =>
      reserve(db, "tmdb", { rate: quick }, { priority, maxWaitMs: 20_000 }).then(() => order.push(name));
    await Promise.all([
      ask("bulk 1", "bulk"),
      ask("bulk 2", "bulk"),
      ask("interactive 1", "interactive"),
      ask("bulk 3", "bulk"),
      ask("interactive 2", "interactive"),
    ]);
    expect(order).toEqual(["interactive 1", "interactive 2", "bulk 1", "bulk 2", "bulk 3"]);
  });

  it("turns away at once who would wait too long, and says when to come again", async () => {
    const stop = new AbortController();
    const asked = Array.from({ length: 10 }, () =>
      reserve(
        processes[1]!,
        "catalogue",
        { rate: { requests: 1, perMs: 10_000 } },
        { priority: "bulk", maxWaitMs: 35_000, signal: stop.signal },
      ).catch((error: unknown) => error),
    );
    const turnedAway = await Promise.all(asked.slice(-6));
    for (const error of turnedAway) expect(error).toBeInstanceOf(BudgetWait);
    expect((turnedAway[0] as BudgetWait).retryAfterMs).toBeGreaterThan(35_000);
    stop.abort(new Error("enough"));
    await Promise.all(asked);
  });

  it("a caller who breaks off leaves its place to the next, and takes nothing", async () => {
    const stop = new AbortController();
    await reserve(db, "tmdb", { rate: slow }, { priority: "bulk", maxWaitMs: 1_000 });
    const waiting = reserve(
      db,
      "tmdb",
      { rate: slow },
      { priority: "bulk", maxWaitMs: 70_000, signal: stop.signal },
    );
    stop.abort(new Error("cancelled"));
    expect(await failureOf(waiting)).toMatchObject({ message: "cancelled" });
  });

  it("passes a database that is away on to whoever waits", async () => {
    const gone = createDatabase("postgres://nobody@127.0.0.1:1/none");
    await expect(
      reserve(gone.db, "tmdb", { rate: quick }, { priority: "bulk", maxWaitMs: 1_000 }),
    ).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await gone.close();
  });
});

describe("T-08 a budget per day", () => {
  it("never gives more than the day's number, whoever asks", async () => {
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, index) => spendDaily(processes[index % 3]!, "omdb", 25)),
    );
    expect(taken.filter(Boolean)).toHaveLength(25);
    const error = await failureOf(
      reserve(db, "omdb", { perDay: 25 }, { priority: "bulk", maxWaitMs: 5_000 }),
    );
    expect(error).toMatchObject({ reason: "DAILY" });
  });

  it("begins again on the next UTC day", async () => {
    expect(await spendDaily(db, "omdb", 1)).toBe(true);
    expect(await spendDaily(db, "omdb", 1)).toBe(false);
    await sql`update upstream_budgets set day = day - 1`.execute(db);
    expect(await spendDaily(db, "omdb", 1)).toBe(true);
    expect(await spendDaily(db, "omdb", 0)).toBe(false);
    expect(untilMidnightUtc(new Date("2026-11-20T23:59:00Z"))).toBe(60_000);
  });
});
