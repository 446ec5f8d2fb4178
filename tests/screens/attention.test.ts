import { describe, expect, it } from "vitest";
import { type AttentionFacts, attentionOf } from "#app/routes/overview/attention.ts";

const calm: AttentionFacts = {
  isWorkerAlive: true,
  waitingImports: 0,
  failed: { rows: 0, imports: 0 },
  review: { rows: 0, imports: 0 },
  failedRuns: 0,
  pausedUpstreams: [],
  offUpstreams: [],
  usedUp: [],
};

describe("J-08 what needs an operator", () => {
  it("is nothing when nothing does", () => {
    expect(attentionOf(calm)).toEqual([]);
  });

  it("is nothing while imports run as they should", () => {
    expect(attentionOf({ ...calm, waitingImports: 3 })).toEqual([]);
  });

  it("names a missing worker first, with what waits for it", () => {
    const found = attentionOf({
      ...calm,
      isWorkerAlive: false,
      waitingImports: 2,
      failed: { rows: 1, imports: 1 },
    });
    expect(found.map(({ key }) => key)).toEqual(["worker", "failed"]);
    expect(found[0]?.text).toContain("2 imports cannot go on");
  });

  it("gives a paused upstream the button that asks it again", () => {
    const [paused] = attentionOf({
      ...calm,
      pausedUpstreams: [{ service: "tmdb", reason: "TMDB refuses the key." }],
    });
    expect(paused).toMatchObject({ status: "paused", text: "TMDB refuses the key.", resume: "tmdb" });
  });

  it("counts one as one and two as two", () => {
    const texts = (rows: number) =>
      attentionOf({ ...calm, review: { rows, imports: rows } }).map(({ text }) => text);
    expect(texts(1)).toEqual(["1 row to review in 1 import."]);
    expect(texts(2)).toEqual(["2 rows to review in 2 imports."]);
  });

  it("leads from each kind of rows to the imports that hold them", () => {
    const found = attentionOf({ ...calm, review: { rows: 1, imports: 1 }, failed: { rows: 1, imports: 1 } });
    expect(found.map(({ link }) => link?.to)).toEqual(["/imports?status=partial", "/imports?failures=yes"]);
  });
});
