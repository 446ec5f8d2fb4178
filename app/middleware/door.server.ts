import { forgetSharedReads } from "#app/live/shared-reads.server.ts";
import {
  type ErrorData,
  expectedErrorAnswer,
  expectedErrorData,
} from "#app/middleware/error-answer.server.ts";

/**
 * Wraps a loader, or any handler of a resource route, so that what it throws reaches people as it should: `AppError` with its status, code and
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

/**
 * Wraps the action of a page: what is expected to fail comes back as data in the shape of `ErrorBody`, with its status,
 * so that the form stays on screen with what was typed. Whatever the action did, the pages are then read anew.
 */
export function actionDoor<Args extends unknown[], Answer>(
  handler: (...args: Args) => Promise<Answer> | Answer,
): (...args: Args) => Promise<Answer | ErrorData> {
  return async (...args) => {
    try {
      return await handler(...args);
    } catch (error) {
      const answer = expectedErrorData(error);
      if (answer) return answer;
      throw error;
    } finally {
      forgetSharedReads();
    }
  };
}
