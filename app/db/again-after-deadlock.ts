import { isDeadlock } from "#app/db/error-codes.ts";

const TRIES = 5;

/**
 * Runs a transaction again that PostgreSQL broke off to solve a deadlock: nobody's fault, and nothing of it has stayed.
 */
export async function againAfterDeadlock<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!isDeadlock(error) || attempt === TRIES) throw error;
    }
  }
}
