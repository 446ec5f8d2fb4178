import { describe, expect, it } from "vitest";
import { noteQuery } from "#app/db/query-count.server.ts";
import { SharedReads } from "#app/live/shared-reads.server.ts";

/** Shared reads whose clock stands until it is moved, and a read that says how often it was made and costs some statements. */
function desk({ mostKeys = 300, queriesPerSecond = 0.5 } = {}) {
  let now = 1_000;
  let reads = 0;
  const shared = new SharedReads({ now: () => now, queriesPerSecond, mostKeys });
  return {
    shared,
    pass: (ms: number) => {
      now += ms;
    },
    ask: (key: string, statements = 1) =>
      shared.read(key, async () => {
        reads += 1;
        const answer = reads;
        for (let sent = 0; sent < statements; sent += 1) {
          await Promise.resolve();
          noteQuery();
        }
        return answer;
      }),
  };
}

describe("J-01 shared reads: what many viewers ask costs what one asks", () => {
  it("shares a read under way, and its answer for 2 s", async () => {
    const { ask, pass } = desk();
    expect(await Promise.all([ask("queue"), ask("queue"), ask("queue")])).toEqual([1, 1, 1]);
    pass(1_999);
    expect(await ask("queue")).toBe(1);
    pass(1);
    expect(await ask("queue")).toBe(2);
  });

  it("keeps different keys apart", async () => {
    const { ask } = desk();
    expect(await Promise.all([ask("queue"), ask("workers"), ask("queue")])).toEqual([1, 2, 1]);
  });

  it("lets answers grow older the more the keys asked lately cost, and never older than 10 s", async () => {
    const { shared, ask, pass } = desk();
    await ask("queue", 3);
    expect(shared.ageMs()).toBe(6_000);
    await ask("workers", 1);
    expect(shared.ageMs()).toBe(8_000);
    pass(6_500);
    expect(await ask("queue", 3)).toBe(1);
    await ask("schedules", 40);
    expect(shared.ageMs()).toBe(10_000);
    pass(10_000);
    expect(await ask("queue", 3)).toBe(4);
  });

  it("forgets the cost of pages that nobody has open any more", async () => {
    const { shared, ask, pass } = desk();
    await ask("queue", 4);
    expect(shared.ageMs()).toBe(8_000);
    pass(120_000);
    expect(shared.ageMs()).toBe(2_000);
  });

  it("stays within its budget when 25 viewers ask five pages once a second", async () => {
    const { shared, ask, pass } = desk();
    for (let second = 0; second < 600; second += 1) {
      for (let viewer = 0; viewer < 25; viewer += 1) await ask(`page ${viewer % 5}`);
      pass(1_000);
    }
    // Five statements every 10 s.
    expect(shared.takeSpent()).toBeLessThanOrEqual(600 * 0.5);
  });

  it("reads anew after an action, even when a read from before it is still under way", async () => {
    const { shared } = desk();
    const before = Promise.withResolvers<string>();
    const first = shared.read("queue", () => before.promise);
    shared.forget();
    const second = shared.read("queue", async () => "after the action");
    before.resolve("before the action");
    expect(await first).toBe("before the action");
    expect(await second).toBe("after the action");
    expect(await shared.read("queue", async () => "not asked")).toBe("after the action");
  });

  it("tells a failure to all who waited, and keeps it from those who come later", async () => {
    const { shared, ask } = desk();
    const failing = () =>
      shared.read("queue", async () => {
        throw new Error("database away");
      });
    const answers = await Promise.allSettled([failing(), ask("queue")]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await ask("queue")).toBe(1);
  });

  it("takes a read that throws before it returns like any other failure", async () => {
    const { shared } = desk();
    const read = () => {
      throw new Error("no such state");
    };
    await expect(shared.read("queue", read)).rejects.toThrow("no such state");
  });

  it("does not let a failed read from before an action drop the answer from after it", async () => {
    const { shared } = desk();
    const before = Promise.withResolvers<string>();
    const first = shared.read("queue", () => before.promise);
    shared.forget();
    await shared.read("queue", async () => "after");
    before.reject(new Error("database away"));
    await expect(first).rejects.toThrow();
    expect(await shared.read("queue", async () => "not asked")).toBe("after");
  });

  it("keeps a bounded number of keys, the oldest going first", async () => {
    const { shared, ask } = desk({ mostKeys: 3 });
    for (const key of ["a", "b", "c", "d"]) await ask(key);
    expect(shared.size).toBe(3);
    expect(await ask("d")).toBe(4);
    expect(await ask("a")).toBe(5);
  });

  it("drops what nobody has asked for long", async () => {
    const { shared, ask, pass } = desk();
    for (const key of ["a", "b", "c"]) await ask(key);
    pass(120_000);
    await ask("d");
    expect(shared.size).toBe(1);
  });

  it("counts the statements of each read, also when several run at once", async () => {
    const { shared, ask } = desk();
    await Promise.all([ask("queue", 3), ask("workers", 2)]);
    shared.renew();
    await Promise.all([ask("queue", 3), ask("workers", 2)]);
    expect(shared.takeSpent()).toBe(5);
    expect(shared.takeSpent()).toBe(0);
    expect(shared.ageMs()).toBe(10_000);
  });

  it("reads anew what viewers were told about, but keeps what may lag", async () => {
    const { shared, pass } = desk();
    let reads = 0;
    const read = async () => {
      reads += 1;
      return reads;
    };
    expect(await shared.read("chart", read, { keepMs: 60_000 })).toBe(1);
    expect(await shared.read("queue", read)).toBe(2);
    shared.renew();
    expect(await shared.read("queue", read)).toBe(3);
    pass(59_999);
    expect(await shared.read("chart", read, { keepMs: 60_000 })).toBe(1);
    pass(1);
    expect(await shared.read("chart", read, { keepMs: 60_000 })).toBe(4);
    shared.forget();
    expect(await shared.read("chart", read, { keepMs: 60_000 })).toBe(5);
  });

  it("keeps what may lag for as many times as it took, and no longer than it may", async () => {
    const { shared, pass } = desk();
    let reads = 0;
    const reading = (tookMs: number) => async () => {
      pass(tookMs);
      reads += 1;
      return reads;
    };
    const options = { keepMs: 60_000, keepTimes: 100 };
    expect(await shared.read("small", reading(10), options)).toBe(1);
    pass(2_001);
    expect(await shared.read("small", reading(10), options)).toBe(2);
    expect(await shared.read("large", reading(3_000), options)).toBe(3);
    pass(56_000);
    expect(await shared.read("large", reading(3_000), options)).toBe(3);
    pass(2_000);
    expect(await shared.read("large", reading(3_000), options)).toBe(4);
  });

  it("does not charge the console for what every page reads", async () => {
    const { shared } = desk();
    for (let round = 0; round < 3; round += 1) {
      await shared.read("navigation", async () => noteQuery(), { isOfEveryPage: true });
      shared.renew();
    }
    expect(shared.takeSpent()).toBe(0);
  });

  it("does not charge live views for what somebody opens who comes to a page", async () => {
    const { shared, ask, pass } = desk();
    await ask("queue", 3);
    expect(shared.takeSpent()).toBe(0);
    shared.renew();
    await ask("queue", 3);
    expect(shared.takeSpent()).toBe(3);
    pass(200_000);
    await ask("queue", 3);
    expect(shared.takeSpent()).toBe(0);
  });

  it("gives whoever comes to a page what is true now, and does not charge it to live views", async () => {
    const { shared, pass } = desk();
    let value = 1;
    const read = (isForPerson: boolean) => shared.read("page", async () => value, { isForPerson });
    expect(await read(true)).toBe(1);
    pass(1_000);
    value = 2;
    expect(await read(false)).toBe(1);
    expect(await read(true)).toBe(2);
    expect(shared.takeSpent()).toBe(0);
  });

  it("does not charge what an operator's deed makes pages read anew", async () => {
    const { shared, ask, pass } = desk();
    await ask("queue", 3);
    shared.forget();
    await ask("queue", 3);
    expect(shared.takeSpent()).toBe(0);
    pass(10_000);
    shared.renew();
    await ask("queue", 3);
    expect(shared.takeSpent()).toBe(3);
  });
});
