import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCHEDULE_GRACE_MS, type ScheduleFacts, scheduleState } from "#app/queue/schedule-state.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const now = new Date("2026-11-20T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);

/** A daily line whose tick at 03:00 was met by the run of that tick. */
const met: ScheduleFacts = {
  now,
  previousTick: ago(9 * HOUR),
  knownSince: ago(30 * DAY),
  lastRun: { startedAt: ago(9 * HOUR - 40), runAt: ago(9 * HOUR), outcome: "completed" },
  job: null,
  isPaused: false,
};

const someTime = fc.integer({ min: -2 * DAY, max: 40 * DAY }).map(ago);
const someRun = fc.record({
  startedAt: someTime,
  runAt: someTime,
  outcome: fc.constantFrom("completed", "retrying", "postponed", "failed", "lost"),
});
const someJob = fc.record({
  runAt: someTime,
  attempts: fc.integer({ min: 0, max: 10 }),
  lockedAt: fc.option(someTime, { nil: null }),
});
const someFacts: fc.Arbitrary<ScheduleFacts> = fc.record({
  now: fc.constant(now),
  previousTick: fc.option(fc.integer({ min: SCHEDULE_GRACE_MS, max: 40 * DAY }).map(ago), { nil: null }),
  knownSince: someTime,
  lastRun: fc.option(someRun, { nil: null }),
  job: fc.option(someJob, { nil: null }),
  isPaused: fc.boolean(),
});

describe("J-06 how a schedule stands", () => {
  it("is scheduled when its last tick was met", () => {
    expect(scheduleState(met)).toEqual({ state: "scheduled", since: null });
  });

  it("is overdue since the tick for which nothing ran, though nothing failed", () => {
    const missed = {
      ...met,
      lastRun: { startedAt: ago(33 * HOUR), runAt: ago(33 * HOUR), outcome: "completed" },
    };
    expect(scheduleState(missed)).toEqual({ state: "overdue", since: ago(9 * HOUR) });
    expect(scheduleState({ ...met, lastRun: null })).toEqual({ state: "overdue", since: ago(9 * HOUR) });
  });

  it("takes a run that seems to have begun before its tick for the run of the tick: clocks differ", () => {
    const early = { startedAt: ago(9 * HOUR + 900), runAt: ago(9 * HOUR), outcome: "completed" };
    expect(scheduleState({ ...met, lastRun: early }).state).toBe("scheduled");
  });

  it("does not miss ticks of the time before it was known", () => {
    expect(scheduleState({ ...met, lastRun: null, knownSince: ago(HOUR) }).state).toBe("scheduled");
  });

  it("is overdue when its job has been due for long and nobody takes it up", () => {
    const job = { runAt: ago(9 * HOUR), attempts: 0, lockedAt: null };
    expect(scheduleState({ ...met, job })).toEqual({ state: "overdue", since: job.runAt });
    expect(scheduleState({ ...met, job: { ...job, runAt: ago(1_000) } }).state).toBe("waiting");
    expect(scheduleState({ ...met, job: { ...job, runAt: ago(-1_000), attempts: 2 } }).state).toBe(
      "retrying",
    );
  });

  it("is failed when its last run failed for good", () => {
    const failed = { startedAt: ago(9 * HOUR), runAt: ago(9 * HOUR), outcome: "failed" };
    expect(scheduleState({ ...met, lastRun: failed })).toEqual({ state: "failed", since: ago(9 * HOUR) });
  });

  it("is never overdue while it runs, is paused, or when a run was due at its tick or later", () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const { state } = scheduleState(facts);
        if (facts.job?.lockedAt) expect(state).toBe("running");
        else if (facts.isPaused) expect(state).toBe("paused");
        const { lastRun, previousTick } = facts;
        const ran = lastRun !== null && previousTick !== null && lastRun.startedAt >= previousTick;
        if (ran && facts.job === null) expect(state).not.toBe("overdue");
      }),
    );
  });

  it("is overdue whenever a known tick has passed and there is neither run nor job nor pause", () => {
    fc.assert(
      fc.property(someFacts, fc.integer({ min: 0, max: 40 * DAY }), (facts, before) => {
        fc.pre(facts.previousTick !== null);
        const knownSince = new Date(facts.previousTick!.getTime() - before);
        const silent = { ...facts, knownSince, lastRun: null, job: null, isPaused: false };
        expect(scheduleState(silent)).toEqual({ state: "overdue", since: facts.previousTick });
      }),
    );
  });

  it("stays overdue as time goes by", () => {
    fc.assert(
      fc.property(someFacts, fc.integer({ min: 0, max: 40 * DAY }), (facts, later) => {
        fc.pre(scheduleState(facts).state === "overdue");
        const then = { ...facts, now: new Date(now.getTime() + later) };
        expect(scheduleState(then).state).toBe("overdue");
      }),
    );
  });
});
