import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, feedPlan, halve } from "#app/discovery/refresh/feed-windows.ts";

const TODAY = "2028-03-01";
const back = (days: number) => addDays(TODAY, -days);

describe("T-05 the windows of the change feed", () => {
  it("cover every day from the cursor to today once, in windows of 14 days at most, gap included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (days) => {
        const { gap, windows } = feedPlan(back(days), back(900), TODAY, 14);
        const ranges = [...(gap ? [gap] : []), ...windows];
        expect(ranges[0]!.from).toBe(back(days));
        expect(ranges.at(-1)).toEqual({ from: TODAY, to: TODAY, isPartial: true });
        for (const [index, range] of ranges.entries())
          if (index > 0) expect(range.from).toBe(addDays(ranges[index - 1]!.to, 1));
        for (const window of windows) {
          expect(window.to <= addDays(window.from, 13)).toBe(true);
          expect(window.from >= back(14)).toBe(true);
        }
        expect(gap !== null).toBe(days > 14);
      }),
    );
  });

  it("begin where the oldest details are, when nothing was ever read", () => {
    expect(feedPlan(null, back(3), TODAY, 14).windows[0]).toMatchObject({ from: back(3), to: back(1) });
    expect(feedPlan(null, back(90), TODAY, 14)).toMatchObject({
      gap: null,
      windows: [{ from: back(14) }, {}],
    });
  });

  it("are halved without losing or doubling a day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 14 }), (days) => {
        const window = { from: back(days), to: back(1), isPartial: false };
        const [first, second] = halve(window)!;
        expect([first.from, second.to]).toEqual([window.from, window.to]);
        expect(second.from).toBe(addDays(first.to, 1));
        expect(first.to >= first.from && second.to >= second.from).toBe(true);
      }),
    );
    expect(halve({ from: TODAY, to: TODAY, isPartial: true })).toBeNull();
  });
});
