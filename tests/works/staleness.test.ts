import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEED_RULES } from "#app/works/refresh-rules.ts";
import { SCHEMA_VERSION } from "#app/works/schema-version.ts";
import { backoffMs, type DueFacts, dayNumber, dayNumberOf, dueOf, staleDay } from "#app/works/staleness.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The seed's table (002 §3) as it stands there, and our rule for what is further away than it speaks of. */
function intervalBySeed(ageDays: number): number {
  if (ageDays < -30) return 7;
  if (ageDays <= 30) return 2;
  if (ageDays <= 180) return 7;
  return ageDays <= 365 ? 14 : 30;
}

/** Days between two calendar days, by a calendar and not by milliseconds. */
function daysBetween(from: Date, to: Date): number {
  let days = 0;
  const walk = new Date(from);
  while (walk < to) {
    walk.setUTCDate(walk.getUTCDate() + 1);
    days += 1;
  }
  return days;
}

const facts = (given: Partial<DueFacts>): DueFacts => ({
  tmdbId: 603,
  releaseDate: "2020-02-29",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  lastRefreshedAt: new Date("2026-11-01T03:05:00Z"),
  schemaVersion: SCHEMA_VERSION,
  changedAt: null,
  attemptedAt: null,
  lastResult: "stored",
  failures: 0,
  ...given,
});
const due = (given: Partial<DueFacts>) => dueOf(facts(given), SEED_RULES);

const day = fc
  .date({ min: new Date("1995-01-01"), max: new Date("2045-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const moment = fc.date({
  min: new Date("1995-01-01"),
  max: new Date("2045-12-31"),
  noInvalidDate: true,
});

describe("T-04 staleness by the seed's table", () => {
  it("holds on every day of a film's life, whenever it was refreshed last, across leap years", () => {
    // From 400 days before a release on the leap day to three years after it, each day refreshed at 03:05.
    const release = dayNumberOf("2024-02-29");
    for (let refreshed = release - 400; refreshed <= release + 1_100; refreshed += 1) {
      const { dueAt, reason } = due({
        releaseDate: "2024-02-29",
        lastRefreshedAt: new Date(refreshed * DAY_MS + 3 * HOUR_MS + 300_000),
      });
      expect(reason).toBe("age");
      const dueDay = dayNumber(dueAt!);
      expect(dueAt!.getTime() % DAY_MS).toBe(0);
      // Stale by the table on that day, and on none of the days before it.
      expect(dueDay - refreshed).toBeGreaterThanOrEqual(intervalBySeed(dueDay - release));
      for (let before = refreshed + 1; before < dueDay; before += 1)
        expect(before - refreshed).toBeLessThan(intervalBySeed(before - release));
    }
  });

  it("counts calendar days in UTC for any release and any moment, whatever the machine's zone", () => {
    fc.assert(
      fc.property(day, moment, (releaseDate, lastRefreshedAt) => {
        const { dueAt } = due({ releaseDate, lastRefreshedAt });
        const refreshedDay = new Date(`${lastRefreshedAt.toISOString().slice(0, 10)}T00:00:00Z`);
        const waited = daysBetween(refreshedDay, dueAt!);
        const age = dayNumber(dueAt!) - dayNumberOf(releaseDate);
        expect(waited).toBeGreaterThanOrEqual(intervalBySeed(age));
        expect(waited).toBeLessThanOrEqual(30);
      }),
    );
  });

  it.each(["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Berlin"])(
    "says the same in %s, also on the night when clocks change",
    (zone) => {
      const given = { releaseDate: "2026-03-29", lastRefreshedAt: new Date("2026-03-29T00:30:00Z") };
      const here = due(given);
      const before = process.env.TZ;
      process.env.TZ = zone;
      try {
        expect(due(given)).toEqual(here);
      } finally {
        if (before === undefined) delete process.env.TZ;
        else process.env.TZ = before;
      }
      expect(here.dueAt).toEqual(new Date("2026-03-31T00:00:00Z"));
    },
  );

  it("is never due earlier for having been refreshed later, nor sooner for being older", () => {
    fc.assert(
      fc.property(day, moment, fc.integer({ min: 0, max: 800 }), (releaseDate, at, later) => {
        const first = due({ releaseDate, lastRefreshedAt: at }).dueAt!;
        const second = due({ releaseDate, lastRefreshedAt: new Date(at.getTime() + later * DAY_MS) }).dueAt!;
        expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime());
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 2_000 }), (age, more) => {
        const wait = (days: number) => staleDay(20_000 - days, 20_000, SEED_RULES);
        expect(wait(age + more)).toBeGreaterThanOrEqual(wait(age));
      }),
    );
  });

  it("refreshes what is not released: every 7 days, every 2 from 30 days before the release on", () => {
    const last = new Date("2026-11-01T03:05:00Z");
    expect(due({ releaseDate: "2028-01-01", lastRefreshedAt: last }).dueAt).toEqual(new Date("2026-11-08"));
    expect(due({ releaseDate: "2026-11-20", lastRefreshedAt: last }).dueAt).toEqual(new Date("2026-11-03"));
    // Refreshed 33 days ahead: 30 days ahead it is the release's time, three days later.
    expect(due({ releaseDate: "2026-12-04", lastRefreshedAt: last }).dueAt).toEqual(new Date("2026-11-04"));
  });

  it("treats a work without a release date like an old one", () => {
    expect(due({ releaseDate: null }).dueAt).toEqual(new Date("2026-12-01"));
  });
});

describe("T-04 what else makes a work due", () => {
  const now = new Date("2026-11-20T09:00:00Z");

  it("is due at once without details, and when its details are of an older version", () => {
    expect(due({ lastRefreshedAt: null, schemaVersion: null })).toEqual({
      dueAt: new Date("2026-01-01T00:00:00Z"),
      reason: "details_missing",
    });
    expect(due({ schemaVersion: SCHEMA_VERSION - 1 })).toEqual({
      dueAt: new Date("2026-11-01T03:05:00Z"),
      reason: "schema_behind",
    });
  });

  it("is due at once when TMDB's feed named it after its last refresh, not when before it", () => {
    const lastRefreshedAt = new Date("2026-11-10T03:05:00Z");
    expect(due({ lastRefreshedAt, changedAt: new Date("2026-11-11T00:00:00Z") })).toEqual({
      dueAt: new Date("2026-11-11T00:00:00Z"),
      reason: "changed",
    });
    expect(due({ lastRefreshedAt, changedAt: new Date("2026-11-10T00:00:00Z") }).reason).toBe("age");
  });

  it("waits 1 hour after a failure, doubled with each, and never more than 7 days", () => {
    const hours = Array.from({ length: 12 }, (_, index) => backoffMs(index + 1) / HOUR_MS);
    expect(hours).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 168, 168, 168, 168]);
    expect(backoffMs(5_000)).toBe(7 * DAY_MS);
    expect(due({ failures: 3, lastResult: "failed", attemptedAt: now, schemaVersion: null })).toEqual({
      dueAt: new Date(now.getTime() + 4 * HOUR_MS),
      reason: "failed",
    });
  });

  it("is never due by itself when TMDB has given its id up, or it has none", () => {
    const reasons = [{ lastResult: "missing" }, { lastResult: "merged" }, { tmdbId: null }] as const;
    expect(reasons.map((given) => due({ ...given, failures: 1, attemptedAt: now }))).toEqual([
      { dueAt: null, reason: "lost" },
      { dueAt: null, reason: "lost" },
      { dueAt: null, reason: "no_tmdb_id" },
    ]);
  });
});
