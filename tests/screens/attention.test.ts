import { describe, expect, it } from "vitest";
import { type AttentionFacts, attentionOf } from "#app/routes/overview/attention.ts";

const calm: AttentionFacts = {
  isWorkerAlive: true,
  waitingImports: 0,
  failed: { rows: 0, imports: 0 },
  failedLists: 0,
  review: { titles: 0, rows: 0, imports: 0 },
  suspiciousQuotes: 0,
  failedJobs: 0,
  lostTitles: 0,
  pauses: [],
  overdue: [],
  silentWorkers: [],
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
      attentionOf({ ...calm, review: { titles: rows, rows, imports: rows } }).map(({ text }) => text);
    expect(texts(1)).toEqual(["1 title to review, for 1 row in 1 import."]);
    expect(texts(2)).toEqual(["2 titles to review, for 2 rows in 2 imports."]);
  });

  it("names what is late although nothing failed, in red", () => {
    const since = new Date("2026-11-20T03:00:00Z");
    const [late] = attentionOf({
      ...calm,
      overdue: [{ id: "daily_refresh", label: "Daily refresh", since }],
    });
    expect(late).toMatchObject({
      status: "failed",
      text: "Daily refresh was due 20 Nov 2026, 03:00 UTC and has not run.",
      link: { to: "/schedules" },
    });
  });

  it("says who paused what and why, and names a few things but counts many", () => {
    const paused = (count: number) =>
      attentionOf({
        ...calm,
        pauses: Array.from({ length: count }, (_, at) => ({
          label: `task t${at}`,
          reason: "moving house",
          pausedBy: "me",
        })),
      }).map(({ text }) => text);
    expect(paused(1)).toEqual(["Task t0 is paused by me: moving house"]);
    expect(paused(3)).toHaveLength(3);
    expect(paused(4)).toEqual(["4 things are paused."]);
  });

  it("says until when a quota is used up, and what became of a silent worker's jobs", () => {
    const texts = attentionOf({
      ...calm,
      usedUp: [{ label: "OMDb", until: new Date("2026-11-21T00:00:00Z") }],
      silentWorkers: [
        { id: "a", name: "host · 1", releasedJobs: 2 },
        { id: "b", name: "host · 2", releasedJobs: null },
      ],
    }).map(({ text }) => text);
    expect(texts).toEqual([
      "Worker host · 1 went silent; 2 jobs it held went to others.",
      "Worker host · 2 went silent.",
      "OMDb quota used up until 21 Nov 2026, 00:00 UTC.",
    ]);
  });

  it("puts what stops everything first, then failures, then what is late, what waits, and what was held on purpose", () => {
    const found = attentionOf({
      isWorkerAlive: false,
      waitingImports: 0,
      failed: { rows: 1, imports: 1 },
      failedLists: 1,
      review: { titles: 1, rows: 1, imports: 1 },
      suspiciousQuotes: 1,
      failedJobs: 2,
      lostTitles: 1,
      pauses: [{ label: "TMDB", reason: "r", pausedBy: "me" }],
      pausedUpstreams: [],
      offUpstreams: [],
      usedUp: [{ label: "OMDb", until: new Date(0) }],
      overdue: [{ id: "x", label: "X", since: null }],
      silentWorkers: [{ id: "a", name: "a", releasedJobs: 0 }],
    });
    expect(found.map(({ key }) => key)).toEqual([
      "worker",
      "jobs",
      "failed",
      "lists",
      "overdue-x",
      "silent-a",
      "review",
      "quotes",
      "lost",
      "pause-TMDB",
      "quota-OMDb",
    ]);
  });

  it("T-05 names works that TMDB has given up until somebody decides", () => {
    expect(attentionOf({ ...calm, lostTitles: 2 })).toMatchObject([
      {
        text: "TMDB has deleted or merged 2 works; what is known of them is kept.",
        link: { to: "/discovery/lost" },
      },
    ]);
  });

  it("leads from failed rows to their imports, from doubtful ones to Review", () => {
    const found = attentionOf({
      ...calm,
      review: { titles: 1, rows: 1, imports: 1 },
      failed: { rows: 1, imports: 1 },
    });
    expect(found.map(({ link }) => link?.to)).toEqual(["/imports?failures=yes", "/review"]);
  });

  it("names lists that could not be imported, and leads to them", () => {
    const found = (failedLists: number) => attentionOf({ ...calm, failedLists });
    expect(found(1)).toMatchObject([
      {
        status: "failed",
        text: "1 list could not be imported.",
        link: { to: "/lists?show=failed" },
      },
    ]);
    expect(found(2)[0]?.text).toBe("2 lists could not be imported.");
  });

  it("Q-07 asks about films whose quotes are gone at IMDb", () => {
    expect(attentionOf({ ...calm, suspiciousQuotes: 2 })).toMatchObject([
      {
        status: "review",
        text: "2 films had quotes at IMDb and now yield none.",
        link: { to: "/quotes?state=suspicious" },
      },
    ]);
  });
});
