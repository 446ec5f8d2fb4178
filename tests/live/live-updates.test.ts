import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type LiveTopic, parseTopic } from "#app/live/live-topic.ts";
import { type Listener, LiveUpdates, MOST_STREAMS } from "#app/live/live-updates.server.ts";
import type { Change } from "#app/live/watch.ts";

/** A hub whose clock and timers the test moves by hand, over changes that the test makes up. */
function desk() {
  let now = 1_000_000;
  let looks = 0;
  let away = false;
  let renewals = 0;
  let consoleLooks = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const ended = new Set<string>();
  let changes: Change[] = [];
  const hub = new LiveUpdates({
    watches: [
      {
        serves: (topic) => topic === "console",
        look: async ({ sessionIds }) => {
          consoleLooks += 1;
          return { changes, ended: new Set(sessionIds.filter((id) => ended.has(id))) };
        },
        intervalMs: 2_500,
        pageAgeMs: 3_000,
        waitMs: () => 0,
      },
      {
        serves: () => true,
        look: async () => {
          looks += 1;
          if (away) throw new Error("connection lost");
          return { changes };
        },
        intervalMs: 500,
        pageAgeMs: 10_000,
        waitMs: () => 0,
      },
    ],
    beforeTelling: () => {
      renewals += 1;
    },
    findEnded: async (ids) => new Set(ids.filter((id) => ended.has(id))),
    now: () => now,
    schedule: (callback, ms) => {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  });
  return {
    hub,
    ended,
    looks: () => looks,
    consoleLooks: () => consoleLooks,
    renewals: () => renewals,
    timers: () => timers.length,
    setAway: (value: boolean) => {
      away = value;
    },
    change: (topic: LiveTopic, version: string, ageMs = 0) => {
      changes = [{ topic, version, ageMs }, ...changes.filter((each) => each.topic !== topic)];
    },
    /** Lets time pass, running what is due. */
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((each) => each !== due);
        now = Math.max(now, due.at);
        due.callback();
        // A look awaits its queries; a turn of the event loop later all of it has happened.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
    listen: (listener: Partial<Listener> = {}, signal = new AbortController().signal) =>
      reader(
        hub.listen(
          { topic: "imports", operatorId: "anna", sessionId: "s1", resumed: false, ...listener },
          signal,
        ),
      ),
  };
}

/** Reads a stream's text as it comes, without waiting for more. */
function reader(stream: ReadableStream<Uint8Array>) {
  const source = stream.getReader();
  let text = "";
  let done = false;
  const pump = async (): Promise<void> => {
    for (;;) {
      const chunk = await source.read();
      if (chunk.done) break;
      text += new TextDecoder().decode(chunk.value);
    }
    done = true;
  };
  void pump();
  return {
    cancel: () => source.cancel(),
    async changes() {
      await new Promise((resolve) => setImmediate(resolve));
      return text.match(/event: changed/g)?.length ?? 0;
    },
    async text() {
      await new Promise((resolve) => setImmediate(resolve));
      return text;
    },
    isDone: () => done,
  };
}

const ONE = `import:${randomUUID()}` as const;
const TWO = `import:${randomUUID()}` as const;

describe("I-11 live updates", () => {
  test("one look serves all listeners, and nobody looks when nobody listens", async () => {
    const { hub, listen, looks, pass, timers } = desk();
    await pass(60_000);
    expect([looks(), timers()]).toEqual([0, 0]);
    const listeners = Array.from({ length: 10 }, (_, at) => listen({ operatorId: `o${at}` }));
    await pass(0);
    expect(looks()).toBe(1);
    await pass(5_000);
    expect([looks(), timers(), hub.listeners]).toEqual([11, 2, 10]);
    for (const listener of listeners) await listener.cancel();
    await pass(60_000);
    expect([looks(), timers(), hub.listeners]).toEqual([11, 0, 0]);
  });

  test("a change is told once to those whom it concerns", async () => {
    const { change, listen, pass } = desk();
    const [all, one, two] = [listen(), listen({ topic: ONE }), listen({ topic: TWO })];
    await pass(500);
    change(ONE, "v1");
    await pass(500);
    await pass(5_000);
    expect(await Promise.all([all, one, two].map((each) => each.changes()))).toEqual([1, 1, 0]);
    change(ONE, "v2");
    change(TWO, "v1");
    await pass(500);
    expect(await Promise.all([all, one, two].map((each) => each.changes()))).toEqual([2, 2, 1]);
  });

  test("a work is watched while its page is open; works are no news of imports", async () => {
    const { change, listen, pass } = desk();
    const [all, first] = [listen(), listen({ topic: "work:12" })];
    change("work:12", "v1", 60_000);
    await pass(500);
    expect([await all.changes(), await first.changes()]).toEqual([0, 0]);
    // Somebody opens another work's page while the looking is under way: what is old is no news.
    const second = listen({ topic: "work:7" });
    change("work:7", "v1", 60_000);
    await pass(500);
    expect(await second.changes()).toBe(0);
    change("work:12", "v2");
    await pass(500);
    expect(await Promise.all([all, first, second].map((each) => each.changes()))).toEqual([0, 1, 0]);
  });

  test("what changed between the page and its stream is told; what is older is not", async () => {
    const { change, listen, pass } = desk();
    change(ONE, "v1", 3_000);
    change(TWO, "v1", 60_000);
    const [one, two] = [listen({ topic: ONE }), listen({ topic: TWO })];
    await pass(500);
    expect([await one.changes(), await two.changes()]).toEqual([1, 0]);
    // The same for somebody who comes while the looking is under way.
    const late = listen({ topic: ONE });
    await pass(500);
    expect(await late.changes()).toBe(1);
  });

  test("a transaction that commits late is news although it is dated before", async () => {
    const { change, listen, pass } = desk();
    const all = listen();
    await pass(2_000);
    change(ONE, "v1", 120_000);
    await pass(500);
    expect(await all.changes()).toBe(1);
  });

  test("who comes back after a gap is told at once", async () => {
    const { listen } = desk();
    expect(await listen({ resumed: true }).changes()).toBe(1);
    expect(await listen().changes()).toBe(0);
  });

  test("an id comes first, so that the browser can say that it had a stream", async () => {
    const { listen } = desk();
    expect(await listen().text()).toMatch(/^retry: 2000\nid: \d+\n: listening\n\n$/);
  });

  test("a heartbeat every 15 s, and the end of the stream with the session", async () => {
    const { ended, hub, listen, pass } = desk();
    const mine = listen({ sessionId: "mine" });
    const other = listen({ sessionId: "other" });
    await pass(16_000);
    expect((await mine.text()).match(/: here/g)).toHaveLength(1);
    ended.add("mine");
    await pass(15_500);
    await mine.text();
    expect([mine.isDone(), other.isDone(), hub.listeners]).toEqual([true, false, 1]);
  });

  test("each watch looks at its own pace, for its own listeners alone", async () => {
    const { consoleLooks, listen, looks, pass } = desk();
    const console = listen({ topic: "console" });
    await pass(10_000);
    expect([consoleLooks(), looks()]).toEqual([5, 0]);
    const all = listen();
    await pass(5_000);
    expect([consoleLooks(), looks()]).toEqual([7, 11]);
    await console.cancel();
    await pass(5_000);
    expect([consoleLooks(), looks()]).toEqual([7, 21]);
    await all.cancel();
  });

  test("what viewers will ask is renewed once before they are told, and not when nobody is", async () => {
    const { change, listen, pass, renewals } = desk();
    listen();
    listen({ topic: ONE });
    listen({ topic: "work:12" });
    await pass(500);
    expect(renewals()).toBe(0);
    change(ONE, "v1");
    await pass(500);
    expect(renewals()).toBe(1);
  });

  test("a look that asked for sessions ends their streams at once, those of other watches too", async () => {
    const { ended, listen, pass } = desk();
    const console = listen({ topic: "console", sessionId: "mine" });
    const all = listen({ sessionId: "mine" });
    const other = listen({ topic: "console", sessionId: "other" });
    await pass(2_600);
    ended.add("mine");
    await pass(2_500);
    await console.text();
    expect([console.isDone(), all.isDone(), other.isDone()]).toEqual([true, true, false]);
  });

  test("while the database is away nothing is told; afterwards everybody is", async () => {
    const { listen, looks, pass, setAway } = desk();
    const all = listen();
    await pass(500);
    const before = looks();
    setAway(true);
    await pass(8_000);
    expect(await all.changes()).toBe(0);
    // Fewer looks at a database that is in trouble.
    expect(looks() - before).toBeLessThanOrEqual(5);
    setAway(false);
    await pass(2_000);
    expect(await all.changes()).toBe(1);
  });

  test("an operator has a bounded number of streams; others are not touched by it", () => {
    const { hub, listen } = desk();
    for (let at = 0; at < MOST_STREAMS; at += 1) listen();
    expect(() => listen()).toThrow(expect.objectContaining({ code: "TOO_MANY_STREAMS", status: 429 }));
    listen({ operatorId: "bert" });
    expect(hub.listeners).toBe(MOST_STREAMS + 1);
  });

  test("an aborted request and a reader that does not read are let go", async () => {
    const { change, hub, listen, pass } = desk();
    const abort = new AbortController();
    listen({}, abort.signal);
    hub.listen(
      { topic: "imports", operatorId: "bert", sessionId: "s", resumed: false },
      new AbortController().signal,
    );
    abort.abort();
    expect(hub.listeners).toBe(1);
    for (let at = 0; at < 40; at += 1) {
      change(ONE, `v${at}`);
      await pass(500);
    }
    expect(hub.listeners).toBe(0);
  });

  test.each([
    ["imports", "imports"],
    ["overview", "overview"],
    [`import:${ONE.slice(7).toUpperCase()}`, ONE],
    ["console", "console"],
    ["overview", "overview"],
    ["work:12", "work:12"],
    ["work:012", null],
    ["work:x", null],
    ["import:1", null],
    ["import:", null],
    ["", null],
    [null, null],
  ])("topic %s is %s", (topic, parsed) => {
    expect(parseTopic(topic)).toBe(parsed);
  });
});
