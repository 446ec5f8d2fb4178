import { describe, expect, it } from "vitest";
import { ConsoleWatch } from "#app/live/console-watch.ts";
import type { LiveTopic } from "#app/live/live-topic.ts";
import { QueryAllowance } from "#app/live/query-allowance.ts";

const PER_SECOND = 0.75;

/** A watch over a console whose versions the test sets, on a clock that it moves. */
function desk() {
  let now = 0;
  let spent = 0;
  let looks = 0;
  let console = "c1";
  let imports = "i1";
  const watch = new ConsoleWatch({
    read: async () => {
      looks += 1;
      return {
        console: { version: console, ageMs: 60_000 },
        imports: { version: imports, ageMs: 60_000 },
        ended: new Set(),
      };
    },
    allowance: new QueryAllowance({ perSecond: PER_SECOND, most: 6, mostOwed: 100, now: () => now }),
    takeSpent: () => {
      const taken = spent;
      spent = 0;
      return taken;
    },
  });
  return {
    watch,
    looks: () => looks,
    pass: (ms: number) => {
      now += ms;
    },
    read: (statements: number) => {
      spent += statements;
    },
    setConsole: (version: string) => {
      console = version;
    },
    setImports: (version: string) => {
      imports = version;
    },
    look: async (...topics: LiveTopic[]) => {
      const { changes } = await watch.look({ topics: new Set(topics), sessionIds: [] });
      return Object.fromEntries(changes.map(({ topic, version }) => [topic, version]));
    },
  };
}

describe("J-01 the console's budget of statements", () => {
  it("serves the console and the overview alone", () => {
    const { watch } = desk();
    expect(
      (["console", "overview", "imports", "work:1"] as const).map((topic) => watch.serves(topic)),
    ).toEqual([true, true, false, false]);
  });

  it.each([0, 1, 5, 40])(
    "holds with %i statements a round, however busy the queue is",
    async (statements) => {
      const { watch, look, looks, pass, read, setConsole } = desk();
      let roundsRead = 0;
      let told = "";
      for (let second = 0; second < 600; second += 1) {
        if (watch.waitMs() === 0) {
          setConsole(`c${second}`);
          const { console = "" } = await look("console");
          if (console !== told) {
            read(statements);
            roundsRead += 1;
          }
          told = console;
        }
        pass(1_000);
      }
      const all = looks() * 3 + roundsRead * statements;
      // What was there at the start, and the round that is owed at the end, come on top.
      expect(all).toBeLessThanOrEqual(600 * PER_SECOND + 6 + statements);
      expect(roundsRead).toBeGreaterThan(5);
    },
  );

  it("tells the overview of an import at every look while it moves, and the console when its turn is paid", async () => {
    const { watch, look, pass, read, setConsole, setImports } = desk();
    await look("overview", "console");
    read(20);
    setConsole("c2");
    setImports("i2");
    // The statements of the first round are owed for a long time yet.
    expect(watch.waitMs()).toBeGreaterThan(10_000);
    expect(await look("overview", "console")).toEqual({ console: "c1", overview: "c2 i2" });
    setImports("i3");
    expect(watch.waitMs()).toBe(0);
    expect(await look("overview", "console")).toEqual({ console: "c1", overview: "c2 i3" });
    // The import stands still: back to the budget, and what was held back is told then.
    expect(await look("overview", "console")).toEqual({ console: "c1", overview: "c2 i3" });
    expect(watch.waitMs()).toBeGreaterThan(0);
    pass(60_000);
    expect(watch.waitMs()).toBe(0);
    expect(await look("overview", "console")).toEqual({ console: "c2", overview: "c2 i3" });
  });

  it("does not hurry for an import when nobody has the overview open", async () => {
    const { watch, look, read, setImports } = desk();
    await look("console");
    setImports("i2");
    await look("console");
    read(20);
    expect(watch.waitMs()).toBeGreaterThan(0);
  });
});

describe("J-01 allowance of statements", () => {
  it("refills steadily up to its most, and forgives what is owed beyond its bound", () => {
    let now = 0;
    const allowance = new QueryAllowance({ perSecond: 0.5, most: 4, mostOwed: 10, now: () => now });
    allowance.spend(3);
    expect(allowance.waitMs()).toBe(0);
    allowance.spend(1);
    expect(allowance.waitMs()).toBe(2_000);
    now += 1_000;
    expect(allowance.waitMs()).toBe(1_000);
    allowance.spend(1_000);
    expect(allowance.waitMs()).toBe(22_000);
    now += 3_600_000;
    allowance.spend(4);
    expect(allowance.waitMs()).toBe(2_000);
  });
});
