import { describe, expect, it } from "vitest";
import { AppError } from "#app/errors.ts";
import { readAnswer } from "#app/ui/action-answer.ts";
import { describeError } from "#app/ui/error-message.ts";
import { failureFields, logRequestFailure } from "#app/ui/request-failure.ts";

/** What `throw data(…, { status })` becomes once the router has caught it. */
function routeError(status: number, data: unknown) {
  return { status, statusText: "", internal: false, data };
}

function recordingLog() {
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  return {
    lines,
    warn: (fields: Record<string, unknown>) => lines.push({ level: "warn", fields }),
    error: (fields: Record<string, unknown>) => lines.push({ level: "error", fields }),
  };
}

describe("UI error pages", () => {
  it("shows our own sentence and code", () => {
    const error = routeError(404, { code: "JOB_NOT_FOUND", message: "No import has the id 42." });
    expect(describeError(error)).toMatchObject({
      status: 404,
      text: "No import has the id 42.",
      code: "JOB_NOT_FOUND",
    });
  });

  it("tries again by itself when the database is away", () => {
    expect(describeError(routeError(503, null))).toMatchObject({
      title: "The database does not answer",
      text: "This page tries again by itself.",
      retries: true,
    });
  });

  it.each(["Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed"])(
    "knows a lost connection by its words: %s",
    (words) => {
      expect(describeError(new TypeError(words))).toMatchObject({
        title: "The server does not answer",
        retries: true,
      });
    },
  );

  it("shows nothing of an error that was not meant for people", () => {
    const shown = JSON.stringify(describeError(new Error("select * from operators where email = 'ada'")));
    expect(shown).not.toContain("operators");
    expect(JSON.stringify(describeError(routeError(500, "at handler (/srv/app.js:1)")))).not.toContain(
      "/srv",
    );
  });
});

describe("UI answers of actions", () => {
  it("reads a refusal and a message, and takes anything else as done", () => {
    expect(readAnswer({ error: { code: "X", message: "Why." } })).toEqual({
      error: { code: "X", message: "Why." },
    });
    expect(readAnswer({ message: "37 rows are queued again." })).toEqual({
      message: "37 rows are queued again.",
    });
    expect(readAnswer({ error: "odd" })).toEqual({});
    expect(readAnswer(null)).toEqual({});
  });
});

describe("I-17 logs of failed requests carry no titles", () => {
  it("keeps the class, the code and the place of an unexpected error, not its words or the query", () => {
    const log = recordingLog();
    const request = new Request("http://localhost/imports/7?q=Some+Secret+Title");
    logRequestFailure(
      Object.assign(new Error("no match for Some Secret Title"), { code: "22P02" }),
      request,
      log,
    );
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      level: "error",
      fields: { path: "/imports/7", code: "22P02", error: "Error" },
    });
    expect(JSON.stringify(log.lines)).not.toContain("Secret");
  });

  it("keeps the words of the engine's own mistakes", () => {
    expect(failureFields(new TypeError("rows is not iterable"))).toMatchObject({
      reason: "rows is not iterable",
    });
  });

  it("says nothing of refusals below 500 and of requests that were given up", () => {
    const log = recordingLog();
    logRequestFailure(new AppError("NOT_FOUND", 404, "No."), new Request("http://localhost/x"), log);
    const gone = new AbortController();
    gone.abort();
    logRequestFailure(new Error("late"), new Request("http://localhost/x", { signal: gone.signal }), log);
    expect(log.lines).toEqual([]);
  });
});
