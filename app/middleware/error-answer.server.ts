import { data } from "react-router";
import { isDatabaseAway } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";
import type { ErrorBody } from "#app/middleware/error-body.ts";

/** Seconds after which a caller may try again when the database is away: restarts take a few. */
const DATABASE_RETRY_SECONDS = 5;

/**
 * The answer to an expected failure, or null for what is a bug. Thrown from a loader, an action or a middleware it
 * becomes the JSON itself on resource routes, and `isRouteErrorResponse` data for the ErrorBoundary on pages.
 */
export function expectedErrorAnswer(error: unknown): Response | null {
  const expected = expectedError(error);
  return (
    expected && Response.json(errorBody(expected), { status: expected.status, headers: headersFor(expected) })
  );
}

/** The same for an action of a page: data for the form that was sent, which so stays on screen with what was typed. */
export function expectedErrorData(error: unknown): ErrorData | null {
  const expected = expectedError(error);
  return expected && data(errorBody(expected), { status: expected.status, headers: headersFor(expected) });
}

export type ErrorData = ReturnType<typeof data<ErrorBody>>;

function expectedError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  return isDatabaseAway(error) ? databaseAway(error) : null;
}

function errorBody(error: AppError): ErrorBody {
  const { code, userMessage: message, details } = error;
  return { error: { code, message, ...(details && { details }) } };
}

/** What an unknown error looks like from outside: nothing of it. */
export function unexpectedErrorAnswer(requestId: string): Response {
  const body: ErrorBody = {
    error: {
      code: "INTERNAL_ERROR",
      message:
        "Something broke on our side. Try again; if it happens twice, report it with the request's id.",
      details: { requestId },
    },
  };
  return Response.json(body, { status: 500 });
}

function databaseAway(cause: unknown): AppError {
  return new AppError(
    "DATABASE_AWAY",
    503,
    "The database does not answer at the moment. Nothing was changed; try again in a few seconds.",
    { retryAfterMs: DATABASE_RETRY_SECONDS * 1000 },
    { cause },
  );
}

function headersFor(error: AppError): Headers {
  const headers = new Headers();
  const retryAfterMs = error.details?.retryAfterMs;
  if (typeof retryAfterMs === "number")
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (error.status === 401 && error.code.endsWith("_API_KEY"))
    headers.set("www-authenticate", 'Bearer realm="Reeldesk"');
  return headers;
}
