import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callsHref,
  filterOf,
  isNarrowed,
  readCallsView,
  suggestCallWords,
} from "#app/routes/upstreams/calls-filter.ts";
import { upstreamState } from "#app/routes/upstreams/upstream-state.ts";

const read = (address: string) => readCallsView(new URL(address, "http://desk").searchParams);
const IMPORT = "0b8f2d52-9a52-4c1f-8a0c-0f0f2b6f9d11";

describe("T-06 the address of the call log", () => {
  it("without anything is the last hour of everything", () => {
    const view = read("/upstreams/calls");
    expect(view).toMatchObject({ range: "1h", problems: [] });
    expect(isNarrowed(view)).toBe(false);
    expect(filterOf(view)).toEqual({ hours: 1 });
  });

  it("reads what a link wrote", () => {
    const narrow = {
      service: "tmdb",
      fate: "failed",
      endpoint: "/movie/{id}",
      task: "refresh_work",
      job: "17",
      import: IMPORT,
      work: "12",
    } as const;
    const view = read(callsHref({ ...narrow, range: "7d" }));
    expect(filterOf(view)).toEqual({
      service: "tmdb",
      outcome: "failed",
      endpoint: "/movie/{id}",
      task: "refresh_work",
      jobId: "17",
      importJobId: IMPORT,
      workId: "12",
      hours: 168,
    });
    expect(callsHref({})).toBe("/upstreams/calls");
  });

  it("what one job, import or work called is searched for as long as it is kept", () => {
    for (const word of ["job:17", `import:${IMPORT}`, "work:12"])
      expect(filterOf(read(`/upstreams/calls?q=${word}`))).toMatchObject({ hours: 2160 });
    expect(filterOf(read("/upstreams/calls?q=job:17&range=1h"))).toMatchObject({ hours: 1 });
  });

  it("an error is narrower than a fate, and a span of time than a range", () => {
    expect(filterOf(read("/?fate=failed&q=error:TIMEOUT"))).toMatchObject({ outcome: "TIMEOUT" });
    const span = read("/?range=24h&q=from:2026-11-19+to:2026-11-19");
    expect(span.range).toBeNull();
    expect(filterOf(span)).toMatchObject({
      from: new Date("2026-11-19T00:00:00Z"),
      to: new Date("2026-11-20T00:00:00Z"),
    });
    expect(filterOf(span).hours).toBeUndefined();
  });

  it.each([
    ["job:x", "is no job"],
    ["import:12", "is no import"],
    ["work:-1", "is no work"],
    ["error:timeout", "is no error"],
    ["endpoint:movie", "is no endpoint"],
    ["from:yesterday", "is no time"],
    ["job:1 job:2", "stands twice"],
    ["job:", "is no job"],
    ["hello", "is not understood"],
  ])("%s is said to make no sense", (text, problem) => {
    const view = read(`/?q=${encodeURIComponent(text)}`);
    expect(view.problems).toHaveLength(1);
    expect(view.problems[0]).toContain(problem);
  });

  it("unknown chips count as absent, and nothing that is typed breaks it", () => {
    expect(filterOf(read("/?service=x&fate=x&range=x"))).toEqual({ hours: 1 });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const view = readCallsView(new URLSearchParams({ q: text, service: text, range: text, fate: text }));
        expect(view.problems.length > 0 || Object.keys(view.words).length > 0 || text.trim() === "").toBe(
          true,
        );
      }),
    );
  });

  it("suggests how a word goes on", () => {
    const known = { endpoints: ["/movie/{id}"], tasks: ["refresh_work"], errors: ["TIMEOUT"] };
    expect(suggestCallWords("", known)).toContain("task:");
    expect(suggestCallWords("job:1 ta", known)).toEqual(["job:1 task:"]);
    expect(suggestCallWords("job:1 task:", known)).toEqual(["job:1 task:refresh_work"]);
    expect(suggestCallWords("endpoint:/", known)).toEqual(["endpoint:/movie/{id}"]);
  });
});

describe("J-09 how a service stands", () => {
  const well = {
    isOn: true,
    isCircuitOpen: false,
    isPaused: false,
    isLimited: false,
    calls: { asked: 10, failed: 1 },
  };
  it.each([
    [{}, "on"],
    [{ isOn: false, isCircuitOpen: true }, "off"],
    [{ isCircuitOpen: true, isPaused: true }, "stopped"],
    [{ isPaused: true, isLimited: true }, "paused"],
    [{ isLimited: true }, "limited"],
    [{ calls: { asked: 10, failed: 5 } }, "failing"],
    [{ calls: { asked: 4, failed: 4 } }, "on"],
  ])("with %j it is %s", (facts, label) => {
    expect(upstreamState({ ...well, ...facts }).label).toBe(label);
  });
});
