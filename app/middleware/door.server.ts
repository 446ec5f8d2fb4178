import { expectedErrorAnswer } from "#app/middleware/error-answer.server.ts";

/**
 * Wraps a loader or an action so that what it throws reaches people as it should: `AppError` with its status, code and
 * sentence, a database that is away as 503. React Router would turn both into "Unexpected Server Error", and middleware
 * never sees what a loader threw.
 *
 * Everything else goes on as it is and becomes a 500 that tells nothing.
 */
export function door<Args extends unknown[], Answer>(
  handler: (...args: Args) => Promise<Answer> | Answer,
): (...args: Args) => Promise<Answer> {
  return async (...args) => {
    try {
      return await handler(...args);
    } catch (error) {
      throw expectedErrorAnswer(error) ?? error;
    }
  };
}
