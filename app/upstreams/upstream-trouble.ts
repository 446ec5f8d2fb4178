import { AppError, RetryLater } from "#app/errors.ts";
import { BudgetWait, UpstreamError, UpstreamPaused } from "#app/upstreams/errors.ts";
import { type Service, serviceInfo } from "#app/upstreams/services.ts";

/**
 * What an upstream's trouble means for the rows of one title.
 *
 * - `wait`: nothing is wrong, it is not our turn yet: the rows come again, and this does not count as a try
 * - `again`: the upstream did not answer: the rows are tried `tries` times, then they fail and can be retried by a click
 * - `fail`: trying again by itself helps nobody
 */
export type Trouble =
  | { kind: "wait"; message: string; delayMs: number }
  | { kind: "again"; code: string; message: string; tries: number; retryAfterMs: number }
  | { kind: "fail"; code: string; message: string };

/** Tries of a row before an upstream that does not answer fails it: about half a minute at the default retry delay. */
const TRIES = 4;

/**
 * Reads an error from a look-up or a remote write. What is no upstream's trouble is a bug that this one title brings out: its
 * rows are tried again and then fail by themselves, so that the file goes on (must hold 6 of issue 1).
 */
export function upstreamTrouble(error: unknown): Trouble {
  if (error instanceof BudgetWait && error.reason !== "DAILY")
    return { kind: "wait", message: error.message, delayMs: error.delayMs };
  if (error instanceof BudgetWait)
    return {
      kind: "fail",
      code: codeOf(error.service, "QUOTA_USED_UP"),
      message: `${error.message} Retry the row then.`,
    };
  if (error instanceof UpstreamPaused) return pausedTrouble(error);
  if (error instanceof RetryLater) return { kind: "wait", message: error.message, delayMs: error.delayMs };
  if (error instanceof UpstreamError) return errorTrouble(error);
  // An upstream that is off, a catalogue that is not the import's any more: a person can mend it.
  if (error instanceof AppError) return { kind: "fail", code: error.code, message: error.userMessage };
  return {
    kind: "again",
    code: "UNEXPECTED",
    message:
      "Something went wrong with this title that should not have, and the log of the worker says what. Retry the row; if it fails again, correct it or report it.",
    tries: TRIES,
    retryAfterMs: 0,
  };
}

function pausedTrouble(error: UpstreamPaused): Trouble {
  // A short pause is waited for; without an end, or a long one, the import goes on without this upstream.
  if (error.reasonCode === "RATE_LIMITED")
    return { kind: "wait", message: error.message, delayMs: error.delayMs };
  return {
    kind: "fail",
    code: codeOf(error.service, error.reasonCode),
    message: `${error.message} Retry the row when that is mended.`,
  };
}

function errorTrouble(error: UpstreamError): Trouble {
  const { label } = serviceInfo(error.service);
  // An upstream's own words may hold titles: they are for people, on the row, and never for the log.
  const said = error.said ? ` It says: "${error.said}".` : "";
  if (!error.retryable || error.code === "KEY_REFUSED" || error.code === "QUOTA_USED_UP")
    return { kind: "fail", code: codeOf(error.service, error.code), message: `${error.message}${said}` };
  return {
    kind: "again",
    code: codeOf(error.service, "NO_ANSWER"),
    message: error.outcomeUnknown
      ? `${label} did not answer, so the record may have been written: ${error.message}${said} Retry the row when it is back: it is looked for first, and never written twice.`
      : `${label} did not answer: ${error.message}${said} Retry the row when it is back.`,
    tries: TRIES,
    retryAfterMs: error.retryAfterMs ?? 0,
  };
}

function codeOf(service: Service, reason: string): string {
  return `${service.toUpperCase()}_${reason}`;
}
