import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  documentTitle,
  formatAgo,
  formatBytes,
  formatCount,
  formatDay,
  formatDuration,
  formatEstimate,
  formatMoment,
  formatPercent,
  formatQuantity,
} from "#app/ui/format.ts";

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
/** Non-breaking spaces are for the eye; the tests read plain ones. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("UI times", () => {
  it("writes moments in full, in UTC", () => {
    expect(formatMoment("2026-11-12T03:00:07Z")).toBe("12 Nov 2026, 03:00 UTC");
    expect(formatMoment("2026-11-12T03:00:07Z", { seconds: true })).toBe("12 Nov 2026, 03:00:07 UTC");
    expect(formatMoment("2026-09-01T01:30:00+02:00")).toBe("31 Aug 2026, 23:30 UTC");
  });

  it("takes a calendar date as it is", () => {
    expect(formatDay("2016-02-08")).toBe("8 Feb 2016");
  });

  it.each([null, undefined, "", "not a date", Number.NaN])("shows a dash for %s", (value) => {
    expect(formatMoment(value)).toBe("–");
    expect(formatDay(value)).toBe("–");
    expect(formatAgo(value, NOW)).toBe("–");
  });

  it.each([
    [0, "just now"],
    [999, "just now"],
    [-400, "just now"],
    [8_000, "8 s ago"],
    [59_999, "59 s ago"],
    [60_000, "1 min ago"],
    [4 * 60_000 + 59_000, "4 min ago"],
    [3_600_000, "1 h ago"],
    [86_400_000, "1 day ago"],
    [2 * 86_400_000, "2 days ago"],
    [-3 * 3_600_000, "in 3 h"],
    [31 * 86_400_000, "20 Oct 2026"],
  ])("says %i ms back as %s", (distance, words) => {
    expect(plain(formatAgo(NOW - distance, NOW))).toBe(words);
  });
});

describe("UI durations", () => {
  it.each([
    [0, "0 ms"],
    [340, "340 ms"],
    [1_240, "1.2 s"],
    [9_999, "9.9 s"],
    [34_000, "34 s"],
    [252_000, "4 min 12 s"],
    [7_500_000, "2 h 05 min"],
    [86_400_000 * 3 + 4 * 3_600_000, "3 d 4 h"],
  ])("writes %i ms as %s", (ms, words) => {
    expect(plain(formatDuration(ms))).toBe(words);
  });

  it("never shows a negative span, whatever two clocks say", () => {
    fc.assert(
      fc.property(fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }), (ms) => {
        expect(plain(formatDuration(ms))).toBe("0 ms");
      }),
    );
  });

  it("never carries a unit over its limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (ms) => {
        const [, minutes, seconds] = /(\d+) min(?: (\d+) s)?$/.exec(plain(formatDuration(ms))) ?? [];
        expect(Number(minutes ?? 0)).toBeLessThan(60);
        expect(Number(seconds ?? 0)).toBeLessThan(60);
      }),
    );
  });

  it.each([
    [12, "less than a minute"],
    [240, "about 4 min"],
    [7_200, "about 2 h"],
    [3 * 86_400, "about 3 days"],
  ])("estimates %i s as %s", (seconds, words) => {
    expect(plain(formatEstimate(seconds))).toBe(words);
  });

  it("shows a dash for an unknown duration", () => {
    expect(formatDuration(null)).toBe("–");
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe("–");
    expect(formatEstimate(null)).toBe("–");
  });
});

describe("UI numbers", () => {
  it("groups thousands and keeps every digit", () => {
    expect(formatCount(12_408)).toBe("12,408");
    expect(formatCount(9_007_199_254_740_993n)).toBe("9,007,199,254,740,993");
    expect(formatCount(null)).toBe("–");
    expect(formatCount(Number.NaN)).toBe("–");
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(formatCount(value).replaceAll(",", ""))).toBe(value);
      }),
    );
  });

  it("puts a noun behind a number", () => {
    expect(formatQuantity(1, "row")).toBe("1 row");
    expect(formatQuantity(0, "row")).toBe("0 rows");
    expect(formatQuantity(1_302, "entry", "entries")).toBe("1,302 entries");
  });

  it("says 100 % for all alone and 0 % for nothing alone", () => {
    expect(plain(formatPercent(812, 1_302))).toBe("62 %");
    expect(formatPercent(1, 0)).toBe("–");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (whole, share) => {
          const part = Math.floor(whole * share);
          const percent = Number.parseInt(formatPercent(part, whole), 10);
          expect(percent === 100).toBe(part === whole);
          expect(percent === 0).toBe(part === 0);
        },
      ),
    );
  });

  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [1_024, "1 KiB"],
    [1_536, "1.5 KiB"],
    [10_485_760, "10 MiB"],
    [10_276_044, "9.8 MiB"],
  ])("writes %i bytes as %s", (bytes, words) => {
    expect(plain(formatBytes(bytes))).toBe(words);
  });

  it("puts what needs a person first in the tab's title", () => {
    expect(documentTitle("Imports", "3 failed")).toBe("(3 failed) Imports · Reeldesk");
    expect(documentTitle("Imports")).toBe("Imports · Reeldesk");
  });
});
