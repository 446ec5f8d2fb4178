/**
 * An expected failure: something that a person or a caller can act on. Everything else is a bug and may throw as it is.
 *
 * `userMessage` says what happened, to what, and what to do next. `details` is for the log and for API callers; it never
 * holds secrets.
 */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly userMessage: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: string,
    status: number,
    userMessage: string,
    details?: Record<string, unknown>,
    options?: { cause?: unknown },
  ) {
    super(`${code}: ${userMessage}`, options);
    this.name = "AppError";
    this.code = code;
    this.status = status;
    this.userMessage = userMessage;
    this.details = details;
  }
}

/** A task failure that trying again cannot mend: the job fails at once and keeps its remaining attempts unused. */
export class Permanent extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Permanent";
    this.code = code;
  }
}

/** Not a failure: the job gives its slot back and comes again after `delayMs`. Does not count as an attempt. */
export class RetryLater extends Error {
  readonly delayMs: number;

  constructor(message: string, delayMs: number, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "RetryLater";
    this.delayMs = delayMs;
  }
}
