import fc from "fast-check";
import { parseCrontab } from "graphile-worker";
import { describe, expect, it } from "vitest";
import { cronTicks, minuteOf } from "#app/queue/cron-ticks.ts";
import { cronWords } from "#app/queue/cron-words.ts";

const MINUTE = 60_000;
/** How far the slow search looks: minute by minute, as the queue itself does. */
const HORIZON = 9 * 24 * 60;

function ticksOf(expression: string) {
  const [item] = parseCrontab(`${expression} some_task`);
  return { ticks: cronTicks(expression, item!.match), matches: item!.match };
}

/** A cron field in the queue's own grammar: numbers, ranges, wildcards with a step, lists of them. */
function field(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max }).map(String);
  const range = fc
    .tuple(fc.integer({ min, max: max - 1 }), fc.integer({ min: 1, max: max - min }))
    .map(([from, more]) => `${from}-${Math.min(from + more, max)}`);
  const step = fc.integer({ min: 1, max: max - min + 1 }).map((by) => `*/${by}`);
  const part = fc.oneof(number, range, step, fc.constant("*"), fc.constant(`${min}-${max}`));
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(","));
}

const expression = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), fc.oneof(fc.constant("*"), field(1, 12)), field(0, 6))
  .map((fields) => fields.join(" "));
const instant = fc.date({ min: new Date("2026-01-01"), max: new Date("2029-12-31"), noInvalidDate: true });

const flooredTo = (ms: number) => Math.floor(ms / MINUTE) * MINUTE;

describe("J-06 ticks of a crontab line", () => {
  it("are those at which the queue's own matcher fires, forwards and backwards", () => {
    fc.assert(
      fc.property(expression, instant, (text, from) => {
        const { ticks, matches } = ticksOf(text);
        const start = flooredTo(from.getTime());
        const find = (first: number, step: number) => {
          for (let tries = 0, at = first; tries < HORIZON; tries++, at += step)
            if (matches(minuteOf(new Date(at)))) return new Date(at);
          return null;
        };
        const next = find(start + MINUTE, MINUTE);
        const previous = find(start, -MINUTE);
        if (next) expect(ticks.next(from)).toEqual(next);
        else expect(ticks.next(from)?.getTime() ?? Infinity).toBeGreaterThan(start + HORIZON * MINUTE);
        if (previous) expect(ticks.previous(from)).toEqual(previous);
        else
          expect(ticks.previous(from)?.getTime() ?? -Infinity).toBeLessThanOrEqual(start - HORIZON * MINUTE);
      }),
      { numRuns: 150 },
    );
  });

  it("include the moment itself backwards, never forwards", () => {
    const { ticks } = ticksOf("0 3 * * *");
    const tick = new Date("2026-11-20T03:00:00Z");
    expect(ticks.previous(tick)).toEqual(tick);
    expect(ticks.next(tick)).toEqual(new Date("2026-11-21T03:00:00Z"));
    expect(ticks.previous(new Date(tick.getTime() - 1))).toEqual(new Date("2026-11-19T03:00:00Z"));
  });

  it("take a full range of days for any day, as the queue does and croner does not", () => {
    const { ticks } = ticksOf("0 0 1-31 * 1");
    expect(ticks.next(new Date("2026-11-20T12:00:00Z"))).toEqual(new Date("2026-11-23T00:00:00Z"));
  });

  it("are none for a day that never comes", () => {
    const { ticks } = ticksOf("0 0 30 2 *");
    expect(ticks.next(new Date("2026-11-20T12:00:00Z"))).toBeNull();
    expect(ticks.previous(new Date("2026-11-20T12:00:00Z"))).toBeNull();
  });

  it("are said in plain words", () => {
    expect(cronWords("30 2 * * *")).toBe("At 02:30, every day");
    expect(cronWords("0 10 * * 0")).toBe("At 10:00, only on Sunday");
    expect(cronWords("*/15 * * * *")).toBe("Every 15 minutes");
  });
});
