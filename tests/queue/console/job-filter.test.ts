import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  containments,
  formatJobFilter,
  type JobFilter,
  momentOf,
  parseJobFilter,
  spanMs,
} from "#app/queue/job-filter.ts";

const importId = "6f3c2a1e-0000-4000-8000-00000000000a";

/** Any value that people may look for: words, sentences, quotes, backslashes, signs. */
const value = fc
  .oneof(
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.constantFrom('say "no"', "a\\b", " ", "x:y", "603"),
  )
  .filter((text) => text.length > 0 && text.length <= 60 && !text.includes("\0"));
const segment = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,12}$/);

const filters: fc.Arbitrary<JobFilter> = fc
  .record(
    {
      task: fc.constantFrom("refresh_work", "imports/parse_csv"),
      importJobId: fc.constant(importId),
      workId: fc.integer({ min: 1, max: 2 ** 31 }).map(String),
      error: value,
      since: fc.constantFrom("30m", "24h", "7d"),
      worker: fc.constantFrom("worker-1", "host:12.a"),
      fingerprint: fc.stringMatching(/^[0-9a-f]{8,32}$/),
      fields: fc.array(
        fc.record({
          path: fc.array(segment, { minLength: 1, maxLength: 3 }),
          value: fc.oneof(value, fc.constant("")),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((filter) => ({ ...filter }));

describe("J-01 the filter's words", () => {
  it("say the same filter again, whatever stands in it", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const text = formatJobFilter(filter);
        expect(parseJobFilter(text)).toEqual({ filter, problems: [] });
        expect(formatJobFilter(parseJobFilter(text).filter)).toBe(text);
      }),
    );
  });

  it("are read without a fault whatever is typed: understood, or with a sentence", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const { filter, problems } = parseJobFilter(text);
        for (const problem of problems) expect(problem).toMatch(/\.$/s);
        if (problems.length === 0)
          expect(parseJobFilter(formatJobFilter(filter))).toEqual({ filter, problems });
      }),
    );
  });

  it.each([
    ["", {}],
    ["task:refresh_work since:24h", { task: "refresh_work", since: "24h" }],
    [`import:${importId.toUpperCase()}`, { importJobId: importId }],
    ["tmdbId:603 work:7", { fields: [{ path: ["tmdbId"], value: "603" }], workId: "7" }],
    ["options.pages.first:2", { fields: [{ path: ["options", "pages", "first"], value: "2" }] }],
    ['error:"429 too many"', { error: "429 too many" }],
    ['name:"he said \\"no\\""', { fields: [{ path: ["name"], value: 'he said "no"' }] }],
    ["payload.task:x", { fields: [{ path: ["task"], value: "x" }] }],
    ["from:2026-11-20 to:2026-11-20T14:30", { from: "2026-11-20", to: "2026-11-20T14:30" }],
  ])("reads %s", (text, filter) => {
    expect(parseJobFilter(text)).toEqual({ filter, problems: [] });
  });

  it.each([
    ["refresh", /name:value, like task:refresh_work/],
    ["task:", /lacks its value/],
    ['task:""', /nothing stands between the quotes/],
    ["import:12", /copy the id from the import's address/],
    ["work:abc", /the number in its address/],
    ["since:yesterday", /since:24h/],
    ["from:2026-02-30", /is no time/],
    ["to:25:00", /is no time/],
    ["a.b c.d:1", /a.b is not understood/],
    ["a..b:1", /names no field of a payload/],
    ["task:a task:b", /stands twice/],
    ['error:"429', /begins with a quote that does not end/],
    ["since:1h from:2026-11-20", /Leave one of them out/],
    [`error:${"x".repeat(3_000)}`, /shorten it/],
    ["error:a\0b", /NUL/],
    [Array.from({ length: 11 }, (_, index) => `f${index}:1`).join(" "), /more than 10 fields/],
  ])("refuses %s with a sentence", (text, sentence) => {
    expect(parseJobFilter(text).problems.join(" ")).toMatch(sentence);
  });

  it("looks for a number as number and as text, alone and in a list, without losing digits", () => {
    expect(containments({ path: ["a", "b"], value: "12345678901234567890" })).toEqual([
      '{"a":{"b":"12345678901234567890"}}',
      '{"a":{"b":["12345678901234567890"]}}',
      '{"a":{"b":12345678901234567890}}',
      '{"a":{"b":[12345678901234567890]}}',
    ]);
    expect(containments({ path: ["a"], value: "007" })).toEqual(['{"a":"007"}', '{"a":["007"]}']);
  });

  it("means whole days, and spans in milliseconds", () => {
    expect(momentOf("2026-11-20", "from")).toBe("2026-11-20T00:00:00.000Z");
    expect(momentOf("2026-11-20", "to")).toBe("2026-11-21T00:00:00.000Z");
    expect(momentOf("2026-11-20T14:30", "to")).toBe("2026-11-20T14:30:00.000Z");
    expect([spanMs("90s"), spanMs("24h"), spanMs("2w")]).toEqual([90_000, 86_400_000, 1_209_600_000]);
  });
});
