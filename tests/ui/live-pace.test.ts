import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "#app/ui/live-pace.ts";

/** A clock that only moves when told, with the timers that hang on it. */
function manualClock() {
  let time = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => time,
    schedule: (callback: () => void, ms: number) => {
      const timer = { at: time + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (ms: number) => {
      time += ms;
      const due = timers.filter((timer) => timer.at <= time);
      timers = timers.filter((timer) => timer.at > time);
      for (const timer of due) timer.callback();
    },
  };
}

function pacedRuns() {
  const clock = manualClock();
  const runs: { at: number; finish: () => void }[] = [];
  const state = { busy: false };
  const pace = new Pace({
    interval: 1_000,
    busy: () => state.busy,
    now: clock.now,
    schedule: clock.schedule,
    run: () => new Promise<void>((resolve) => runs.push({ at: clock.now(), finish: resolve })),
  });
  return { clock, runs, state, pace };
}

/** Lets promise callbacks run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("I-11 live updates keep their pace", () => {
  it("runs the first change at once and many more as one", async () => {
    const { clock, runs, pace } = pacedRuns();
    pace.request();
    runs[0]!.finish();
    await settle();
    for (let i = 0; i < 50; i += 1) pace.request();
    expect(runs.length).toBe(1);
    clock.advance(999);
    expect(runs.length).toBe(1);
    clock.advance(1);
    expect(runs.map((run) => run.at)).toEqual([0, 1_000]);
  });

  it("never runs two at a time, and runs once more after a change in between", async () => {
    const { clock, runs, pace } = pacedRuns();
    pace.request();
    clock.advance(5_000);
    pace.request();
    expect(runs.length).toBe(1);
    runs[0]!.finish();
    await settle();
    expect(runs.length).toBe(2);
    runs[1]!.finish();
    await settle();
    clock.advance(5_000);
    expect(runs.length).toBe(2);
  });

  it("waits while a navigation is under way", () => {
    const { runs, state, pace } = pacedRuns();
    state.busy = true;
    pace.request();
    expect(runs.length).toBe(0);
    state.busy = false;
    pace.attempt();
    expect(runs.length).toBe(1);
  });

  it("forgets what was wanted when it is stopped", async () => {
    const { clock, runs, pace } = pacedRuns();
    pace.request();
    runs[0]!.finish();
    await settle();
    pace.request();
    pace.stop();
    clock.advance(10_000);
    expect(runs.length).toBe(1);
  });

  it("keeps a second between runs and loses no change, whenever changes come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 20 }), async (gaps) => {
        const { clock, runs, pace } = pacedRuns();
        let lastRequest = 0;
        for (const gap of gaps) {
          clock.advance(gap);
          lastRequest = clock.now();
          pace.request();
          runs.at(-1)?.finish();
          await settle();
        }
        clock.advance(2_000);
        for (const [index, run] of runs.entries()) {
          if (index > 0) expect(run.at - runs[index - 1]!.at).toBeGreaterThanOrEqual(1_000);
        }
        if (gaps.length > 0) expect(runs.at(-1)!.at).toBeGreaterThanOrEqual(lastRequest);
      }),
      { numRuns: 50 },
    );
  });
});
