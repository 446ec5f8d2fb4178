import { isDatabaseAway } from "#app/db/client.server.ts";
import { AppError } from "#app/errors.ts";

/** Seconds after which a caller may try again when the database is away: restarts take a few. */
const DATABASE_RETRY_SECONDS = 5;

/** The body of every error that leaves the product, on pages (where the ErrorBoundary reads it) and in the machine API. */
export interface ErrorBody {
  error: { code: string; message: string; details?: Record<string, unknown> };
}

/**
 * The answer to an expected failure, or null for what is a bug. Thrown from a loader, an action or a middleware it
 * becomes the JSON itself on resource routes, and `isRouteErrorResponse` data for the ErrorBoundary on pages.
 */
export function expectedErrorAnswer(error: unknown): Response | null {
  if (error instanceof AppError) {
    const body: ErrorBody = {
      error: {
        code: error.code,
        message: error.userMessage,
        ...(error.details && { details: error.details }),
      },
    };
    return Response.json(body, { status: error.status, headers: headersFor(error) });
  }
  if (isDatabaseAway(error)) return expectedErrorAnswer(databaseAway(error));
  return null;
}

/** What an unknown error looks like from outside: nothing of it. */
export function unexpectedErrorAnswer(requestId: string): Response {
  const body: ErrorBody = {
    error: {
      code: "INTERNAL_ERROR",
      message: `Something broke on our side; the log names it under ${requestId || "this time"}. Try again, and report it if it happens twice.`,
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
