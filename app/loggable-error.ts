/** What of an error may stand in a log line; `cause` likewise. */
export interface LoggableError {
  type: string;
  message: string;
  stack: string | undefined;
  code?: unknown;
  constraint?: unknown;
  table?: unknown;
  cause?: LoggableError;
}

/** What PostgreSQL refuses for its value, it quotes: `invalid input syntax for type date: "…"` (class 22, data exception). */
const QUOTING = /^22/;

/**
 * An error for the log: class, message, code, stack and cause, and nothing else that hangs on it. PostgreSQL's `detail` holds
 * the failing row, an upstream's own words (`said`) hold titles; both are for the people whose data it is, and stand with the row.
 */
export function loggableError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return serialize(error, 0);
}

function serialize(error: Error, depth: number): LoggableError {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const quotes = typeof code === "string" && QUOTING.test(code);
  const clean = (text: string) => (quotes ? text.replaceAll(/"[^"]*"/g, '"…"') : text);
  return {
    type: error.name,
    message: clean(error.message),
    stack: error.stack && clean(error.stack),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(error.cause instanceof Error && depth < 3 ? { cause: serialize(error.cause, depth + 1) } : {}),
  };
}
